"""The best answer: who marks it, where it stands, and that it is never one that can't be read."""

import pytest
from django.contrib.auth.models import AnonymousUser

from commons.contributions.models import Contribution
from commons.notifications.models import Notice
from commons.search.find import Search
from commons.search.models import SearchEntry
from forum.models import NoAnswer, Thread
from tests.factories import make_comment, make_member, make_moderator, make_post, make_thread

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture
def question(member):
    return make_thread(member, title="How do we begin?", is_question=True)


def state(thread):
    row = Thread.objects.get(pk=thread.pk)
    return row.answered, row.best_answer_id


def found(words):
    entries = SearchEntry.objects.filter(
        pk__in=Search(words, SearchEntry.objects.listed_to(VISITOR)).ranked()
    )
    return list(entries.values_list("title", flat=True))


# --- the rule ---------------------------------------------------------------------------------------


def test_marking_answers_the_question_and_taking_it_back_opens_it(question):
    assert state(question) == (False, None)
    reply = make_comment(question)
    changed_before = Contribution.objects.get(pk=question.pk).changed_at
    question.mark_best(reply)
    assert state(question) == (True, reply.pk)
    assert Contribution.objects.get(pk=question.pk).changed_at > changed_before
    question.mark_best(reply)
    assert state(question) == (True, reply.pk)
    question.mark_best(reply, False)
    assert state(question) == (False, None)
    question.mark_best(reply, False)
    assert state(question) == (False, None)


def test_there_is_one_and_taking_back_another_leaves_it(question):
    first, second = make_comment(question), make_comment(question)
    question.mark_best(first)
    question.mark_best(second)
    assert state(question) == (True, second.pk)
    question.mark_best(first, False)
    assert state(question) == (True, second.pk)


def test_only_a_reply_of_its_own_that_can_be_read(question):
    withdrawn = make_comment(question)
    withdrawn.withdraw(withdrawn.author)
    for comment in (withdrawn, make_comment(make_thread(is_question=True)), make_comment(make_post())):
        with pytest.raises(NoAnswer):
            question.mark_best(comment)
    assert state(question) == (False, None)


def test_a_discussion_has_none(member):
    talk = make_thread(member)
    with pytest.raises(NoAnswer):
        talk.mark_best(make_comment(talk))
    assert state(talk) == (None, None)


@pytest.mark.parametrize("step", ["withdraw", "remove", "hide the author"])
def test_one_that_is_gone_answers_nothing_until_it_is_back(question, step):
    reply = make_comment(question)
    question.mark_best(reply)
    author = reply.author
    if step == "hide the author":
        author.hide_contributions()
    elif step == "remove":
        reply.remove(None, "Unkind")
    else:
        reply.withdraw(author)
    assert state(question) == (False, reply.pk)
    assert Thread.objects.get(pk=question.pk).readable_best_answer() is None
    reply.refresh_from_db()
    if step == "hide the author":
        author.hide_contributions(hidden=False)
    elif step == "remove":
        reply.restore(None)
    else:
        reply.revise(author, "Once more", version=reply.version, publish=True)
    assert state(question) == (True, reply.pk)


def test_a_question_that_becomes_a_discussion_and_a_question_again(question, member):
    reply = make_comment(question)
    question.mark_best(reply)
    for is_question, expected in ((False, (None, reply.pk)), (True, (True, reply.pk))):
        thread = Thread.objects.get(pk=question.pk)
        thread.revise(member, {"is_question": is_question}, version=thread.version)
        assert state(question) == expected
    reply.withdraw(reply.author)
    for is_question, expected in ((False, (None, reply.pk)), (True, (False, reply.pk))):
        thread = Thread.objects.get(pk=question.pk)
        thread.revise(member, {"is_question": is_question}, version=thread.version)
        assert state(question) == expected


def test_editing_leaves_what_others_did_meanwhile(question, member):
    reply = make_comment(question)
    stale = Thread.objects.get(pk=question.pk)
    question.mark_best(reply)
    Thread.objects.filter(pk=question.pk).update(
        closed_at=question.published_at, closed_reason="Done.", pinned_at=question.published_at
    )
    stale.revise(member, {"title": "A better title"}, version=stale.version)
    thread = Thread.objects.get(pk=question.pk)
    assert (state(question), thread.closed_because(), thread.pinned_at) == (
        (True, reply.pk), "Done.", question.published_at,
    )  # fmt: skip
    assert (thread.card["closed"], thread.card["pinned"]) == (True, True)


# --- search -----------------------------------------------------------------------------------------


def test_a_question_is_found_by_what_answered_it(question):
    reply = make_comment(question, body="Try a *lighthouse* keeper.")
    question.mark_best(reply)
    assert Thread.objects.get(pk=question.pk).search_text() == {"body": "Try a lighthouse keeper."}
    assert found("lighthouse") == ["How do we begin?"]
    reply.remove(None, "Unkind")
    assert found("lighthouse") == []
    assert Thread.objects.get(pk=question.pk).search_text() == {}


# --- who may ----------------------------------------------------------------------------------------


def test_the_asker_and_moderators_may_and_nobody_else(question, member):
    may = {
        "asker": question.may_mark_best(member),
        "stranger": question.may_mark_best(make_member()),
        "visitor": question.may_mark_best(VISITOR),
        "moderator": question.may_mark_best(make_moderator()),
        "of a discussion": make_thread(member).may_mark_best(member),
    }
    assert {who for who, allowed in may.items() if allowed} == {"asker", "moderator"}


def address(reply):
    return f"/comments/{reply.pk}/best/"


def test_others_are_told_why_not(client, question):
    reply = make_comment(question)
    visitor = client.get(address(reply))
    assert visitor.headers["Location"] == f"/accounts/login/?next={address(reply)}"
    client.force_login(reply.author)
    assert (client.get(address(reply)).status_code, client.post(address(reply)).status_code) == (403, 403)
    assert state(question) == (False, None)


def test_what_can_not_be_seen_or_is_no_reply_to_a_question_is_404(client, member):
    moderator = make_moderator()
    hidden = make_comment(inside := make_thread(member, is_question=True))
    hidden.remove(None, "Unkind")
    gone = make_comment(removed := make_thread(member, is_question=True))
    removed.remove(None, "Spam")
    on_a_post, on_a_discussion = make_comment(make_post(moderator)), make_comment(make_thread(moderator))
    client.force_login(moderator)
    for reply in (hidden, gone, on_a_post, on_a_discussion):
        assert (client.get(address(reply)).status_code, client.post(address(reply)).status_code) == (404, 404)
    assert client.post("/comments/999999999999999999/best/").status_code == 404
    assert state(inside) == (False, None)


def test_the_asker_marks_it_by_a_page_that_works_without_script(client, question, member):
    reply = make_comment(question, body="Begin with **tea**.")
    client.force_login(member)
    page = client.get(address(reply)).content.decode()
    assert "<strong>tea</strong>" in page
    assert '<button class="btn" name="want" value="1">' in page
    place = f"{question.get_absolute_url()}#comment-{reply.pk}"
    assert client.post(address(reply), {"want": "1"}).headers["Location"] == place
    assert state(question) == (True, reply.pk)
    assert '<button class="btn" name="want" value="0">' in client.get(address(reply)).content.decode()


def test_wanted_twice_is_once_and_without_a_wish_it_changes_to_the_other(client, question, member):
    reply = make_comment(question)
    client.force_login(member)
    seen = []
    for wish in ({"want": "1"}, {"want": "1"}, {"want": "0"}, {"want": "0"}, {}, {}, {"want": "maybe"}):
        client.post(address(reply), wish)
        seen.append(state(question)[0])
    assert seen == [True, True, False, False, True, False, True]


def test_a_get_changes_nothing(client, question, member):
    reply = make_comment(question)
    client.force_login(member)
    client.get(address(reply), {"want": "1"})
    assert state(question) == (False, None)


# --- where it stands --------------------------------------------------------------------------------


def under_the_question(response):
    return response.content.decode().partition('id="best-answer"')[2].partition("</section>")[0]


def at_its_place(response, reply):
    return response.content.decode().partition(f'<li id="comment-{reply.pk}">')[2].partition("</li>")[0]


def test_it_is_repeated_whole_under_the_question_on_its_first_page(client, question):
    reply = make_comment(question, make_member("Bola Ade"), body="First *this*.\n\nThen that.")
    path = question.get_absolute_url()
    assert under_the_question(client.get(path)) == ""
    question.mark_best(reply)
    shown = client.get(path)
    part = under_the_question(shown)
    assert "<p>First <em>this</em>.</p>\n<p>Then that.</p>" in part
    assert ">Bola Ade</a></h3>" in part
    assert f'<a href="{path}#comment-{reply.pk}">Number 1, at its place in the conversation</a>' in part
    assert '<span class="tag good">Answered</span>' in shown.content.decode()
    reply.withdraw(reply.author)
    assert under_the_question(client.get(path)) == ""


def test_it_is_marked_at_its_place_and_only_there(client, question):
    first, second = make_comment(question), make_comment(question)
    question.mark_best(second)
    page = client.get(question.get_absolute_url())
    tag = '<span class="tag good">Best answer</span>'
    assert (tag in at_its_place(page, first), tag in at_its_place(page, second)) == (False, True)
    question.mark_best(first)
    page = client.get(question.get_absolute_url())
    assert (tag in at_its_place(page, first), tag in at_its_place(page, second)) == (True, False)


def test_only_who_may_mark_it_has_the_button(client, question, member):
    first, second = make_comment(question), make_comment(question)
    question.mark_best(second)
    path = question.get_absolute_url()

    def buttons():
        page = client.get(path)
        return [f'formaction="/comments/{r.pk}/best/"' in at_its_place(page, r) for r in (first, second)]

    assert buttons() == [False, False]
    client.force_login(make_member())
    assert buttons() == [False, False]
    client.force_login(make_moderator())
    assert buttons() == [True, True]
    client.force_login(member)
    assert buttons() == [True, True]
    page = client.get(path)
    assert 'name="want" value="1">This answered the question<' in at_its_place(page, first)
    assert 'name="want" value="0">Not the best answer after all<' in at_its_place(page, second)


def test_the_link_leads_to_the_right_page_and_later_pages_do_not_repeat_it(client, question, settings):
    settings.NETWORK_POST_RATE = "0"
    author = make_member()
    replies = [make_comment(question, author) for _number in range(21)]
    question.mark_best(replies[-1])
    path = question.get_absolute_url()
    assert f'href="{path}?page=2#comment-{replies[-1].pk}"' in under_the_question(client.get(path))
    later = client.get(f"{path}?page=2")
    assert (under_the_question(later), "Best answer" in at_its_place(later, replies[-1])) == ("", True)


def test_it_costs_one_query_and_none_without(client, queries, question):
    reply = make_comment(question)
    client.get(question.get_absolute_url())
    with queries(3):
        client.get(question.get_absolute_url())
    question.mark_best(reply)
    with queries(4):
        client.get(question.get_absolute_url())


def test_its_author_is_told_once_and_nobody_of_their_own(question, member):
    reply, own = make_comment(question), make_comment(question, member)
    question.mark_best(reply, by=member)
    question.mark_best(reply, by=member)
    question.mark_best(reply, False, by=member)
    question.mark_best(own, by=member)
    told = Notice.objects.filter(kind="comment.best")
    assert list(told.values_list("member", "target_id")) == [(reply.author_id, reply.pk)]
