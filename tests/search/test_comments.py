"""A contribution is found by the words of what can be read of its comments, and by no others."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons.contributions import conversation
from commons.contributions.models import Comment
from commons.search import index
from commons.search.find import Search
from commons.search.models import SearchEntry
from commons.search.querysets import BODY_LENGTH
from tests.factories import make_comment, make_member, make_moderator, make_post, make_thread

pytestmark = pytest.mark.django_db


def found(text):
    """Return the titles a visitor finds."""
    asked = Search(text, SearchEntry.objects.listed_to(AnonymousUser()))
    return set(SearchEntry.objects.filter(pk__in=asked.ranked()).values_list("title", flat=True))


@pytest.fixture
def thread():
    return make_thread(make_member(in_directory=False), title="Bushes", body="Which ones?")


def test_the_words_follow_the_item_s_own_in_their_order(thread):
    make_comment(thread, body="First *gooseberry*.")
    make_comment(thread, body="Then damson.")
    entry = SearchEntry.objects.get(contribution=thread)
    assert entry.body == "Which ones? First gooseberry. Then damson."
    assert found("damson") == found("gooseberry") == {"Bushes"}


def test_whoever_says_it_is_not_found_by_name(thread):
    make_comment(thread, make_member("Persephone Plum", in_directory=False))
    assert found("persephone") == set()


def test_what_can_be_read_no_more_is_not_found_until_it_can_again(thread):
    author = make_member(in_directory=False)
    comment = make_comment(thread, author, body="Of gooseberry.")
    comment.revise(author, "Of damson.", version=1)
    assert (found("gooseberry"), found("damson")) == (set(), {"Bushes"})
    comment.withdraw(author)
    assert found("damson") == set()
    comment.revise(author, "Of medlar.", version=2, publish=True)
    if comment.is_awaiting:
        assert found("medlar") == set()
        comment.approve(None)
    assert found("medlar") == {"Bushes"}
    comment.remove(None, "Spam.")
    assert found("medlar") == set()
    comment.restore(None)
    assert found("medlar") == {"Bushes"}
    author.hide_contributions()
    assert found("medlar") == set()
    author.refresh_from_db()
    author.hide_contributions(hidden=False)
    assert found("medlar") == {"Bushes"}
    author.mark_spammer(make_moderator(), "Spam.")
    assert found("medlar") == set()
    assert index.check() == []


def test_what_stands_on_an_item_out_of_sight_is_not_found(thread):
    make_comment(thread, body="Of gooseberry.")
    thread.remove(None, "Off topic.")
    assert found("gooseberry") == set()
    thread.restore(None)
    assert found("gooseberry") == {"Bushes"}


def test_checking_and_rebuilding_know_of_comments(thread):
    make_comment(thread, body="Of gooseberry.")
    SearchEntry.objects.filter(contribution=thread).update(body="Which ones?")
    assert index.check() == [f"differs: forum {thread.pk} (body)"]
    index.rebuild()
    assert index.check() == []
    assert found("gooseberry") == {"Bushes"}


def test_a_passage_from_a_comment_is_shown_escaped(client, thread):
    make_comment(thread, body="A `<script>alert(1)</script>` of gooseberry.")
    page = client.get("/search/?q=gooseberry").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; of <mark>gooseberry</mark>" in page
    assert "<script>alert" not in page


def fill(thread, number, words):
    """Let somebody say so many things of so many words at once. (One by one they would take long.)"""
    first = make_comment(thread)
    rows = [
        Comment(
            contribution=thread, author=first.author, position=place + 2, status="published", listed=True,
            published_at=first.published_at, body="-", body_html=f"<p>{'word ' * words}</p>",
        )
        for place in range(number)
    ]  # fmt: skip
    Comment.objects.bulk_create(rows)
    conversation.bring_up_to_date(conversation.lock(thread.pk))
    conversation.announce(thread.pk)


def test_a_full_entry_reads_no_more_comments_and_is_not_written_anew(thread):
    fill(thread, 900, 100)
    entry = SearchEntry.objects.get(contribution=thread)
    assert len(entry.body) == BODY_LENGTH
    Comment.begin(make_member(), thread, "Of gooseberry.", form_key=uuid.uuid4())
    again = SearchEntry.objects.get(contribution=thread)
    assert (again.body, again.indexed_at) == (entry.body, entry.indexed_at)
    with CaptureQueriesContext(connection) as captured:
        read = index._words_of_comments({thread.pk: BODY_LENGTH})[thread.pk]
    assert len(captured) == 1
    assert len(read) == 101
    assert index.check() == []


def test_many_conversations_are_read_in_one_query_and_one_more_for_each_that_is_too_long(thread):
    short, other = make_post(), make_thread()
    for item in (short, other):
        make_comment(item, body="Of gooseberry.")
    fill(thread, 150, 100)
    with CaptureQueriesContext(connection) as captured:
        words = index._words_of_comments({item.pk: BODY_LENGTH for item in (thread, short, other)})
    assert len(captured) == 2
    assert {pk: len(texts) for pk, texts in words.items()} == {thread.pk: 101, short.pk: 1, other.pk: 1}


def test_questions_that_were_answered_cost_no_query_each():
    threads = []
    for _number in range(3):
        threads.append(make_thread(is_question=True))
        threads[-1].mark_best(make_comment(threads[-1], body="Of gooseberry."))
    counts = []
    for some in (threads[:1], threads):
        with CaptureQueriesContext(connection) as captured:
            index.index_contributions([thread.pk for thread in some])
        counts.append(len(captured))
    assert counts == [4, 4]
