"""Histories: who can read which version, what is said to have changed, and what moderators can do about one."""

import random

import pytest

from commons.contributions.differences import (
    ADDED,
    EFFORT,
    GAP,
    REMOVED,
    SAME,
    Effort,
    Piece,
    differences,
    excerpt,
)
from commons.contributions.models import Comment, CommentRevision, Contribution
from commons.markup.render import BODY_LENGTH
from commons.moderation.models import Decision
from commons.notifications.models import Notice
from commons.tagging.models import Principle
from tests.factories import (
    make_comment,
    make_member,
    make_moderator,
    make_post,
    make_report,
    make_thread,
    values_for,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_moderator()


def changed(before, after, steps=EFFORT):
    return [(piece.what, piece.text) for piece in differences(before, after, Effort(steps))]


def path_of(thing):
    return f"/{'comments' if isinstance(thing, Comment) else 'contributions'}/{thing.pk}/history/"


def numbers(client, reader, thing):
    """Return the numbers of the versions that a reader's page shows."""
    client.force_login(reader)
    return [entry.number for entry in client.get(path_of(thing)).context["entries"]]


# --- differences --------------------------------------------------------------------------------------


def test_words_that_changed_are_told_from_those_that_stayed():
    assert changed("We met every week.", "We met every other Monday.") == [
        (SAME, "We met every "),
        (REMOVED, "week"),
        (ADDED, "other Monday"),
        (SAME, "."),
    ]


def test_neighbouring_words_are_one_change():
    assert changed("one two three", "four five six") == [(REMOVED, "one two three"), (ADDED, "four five six")]


@pytest.mark.parametrize("steps", [EFFORT, 60, 0])
def test_both_texts_can_be_read_off_whatever_effort_was_left(steps):
    drawn = random.Random(5)
    for _try in range(300):
        before, after = ("".join(drawn.choices("ab \n.", k=drawn.randrange(14))) for _text in range(2))
        found = changed(before, after, steps)
        assert "".join(text for what, text in found if what != ADDED) == before
        assert "".join(text for what, text in found if what != REMOVED) == after


def test_texts_with_nothing_in_common_take_no_more_than_the_effort_of_a_page():
    drawn = random.Random(5)
    one, other = (" ".join(drawn.choices("abcde", k=BODY_LENGTH // 2)) for _text in range(2))
    effort = Effort()
    for _version in range(20):
        assert [piece.what for piece in differences(one, other, effort)] == [REMOVED, ADDED]
    assert 0 <= effort.steps < 20


def test_what_stayed_the_same_is_shortened_to_what_is_beside_a_change():
    same = " ".join(["word"] * 100)
    pieces, was_cut = excerpt([Piece(SAME, same), Piece(ADDED, "new"), Piece(SAME, same)])
    near = " ".join(["word"] * 32)
    assert pieces == [Piece(GAP), Piece(SAME, near), Piece(ADDED, "new"), Piece(SAME, near), Piece(GAP)]
    assert not was_cut


def test_a_very_long_change_is_cut_and_says_so():
    assert excerpt([Piece(ADDED, "x" * 11)], most=10) == ([Piece(ADDED, "x" * 10), Piece(GAP)], True)


# --- who reads what -----------------------------------------------------------------------------------


def test_drafts_are_their_authors_alone(client, member, moderator):
    post = make_post(member, publish=False)
    post.revise(member, values_for(body="Second draft"), version=1)
    post.revise(member, values_for(body="Published"), version=2, publish=True)
    post.revise(member, values_for(body="Better"), version=3)
    post.withdraw(member)
    post.revise(member, values_for(body="A draft again"), version=4)
    post.revise(member, values_for(body="Out again"), version=5, publish=True)
    stranger = make_member()
    assert {
        "author": numbers(client, member, post),
        "moderator": numbers(client, moderator, post),
        "stranger": numbers(client, stranger, post),
    } == {"author": [6, 5, 4, 3, 2, 1], "moderator": [6, 4, 3], "stranger": [6, 4, 3]}
    assert client.get(f"{path_of(post)}?version=2").status_code == 404


def test_what_waited_is_for_moderators_until_it_was_let_through(client, member, moderator):
    comment = make_comment(make_thread(), member)
    comment.revise(member, "See https://spam.example/", version=1)
    assert comment.status == "awaiting"
    assert numbers(client, moderator, comment) == [2, 1]
    comment.approve(moderator)
    assert numbers(client, make_member(), comment) == [2, 1]


def test_a_held_change_to_an_item_was_read_by_nobody(member):
    post = make_post(member)
    post.revise(member, values_for(body="See https://spam.example/"), version=1)
    assert post.status == "awaiting"
    assert list(post.revisions.values_list("number", "shown")) == [(2, False), (1, True)]


def test_a_change_to_what_is_listed_was_read_by_others(member):
    post = make_post(member)
    post.revise(member, values_for(body="Better"), version=1)
    assert list(post.revisions.values_list("number", "shown")) == [(2, True), (1, True)]


def test_who_can_t_read_a_thing_can_t_read_its_history(client, member, moderator, administrator):
    thread, hidden, withdrawn = make_thread(), make_post(), make_post()
    comment, removed = make_comment(thread), make_comment(thread)
    below = make_comment(hidden)
    removed.remove(moderator, "Unkind")
    hidden.remove(moderator, "Spam")
    withdrawn.withdraw(withdrawn.author)
    client.force_login(member)
    answers = [
        client.get(path_of(thing)).status_code for thing in (comment, removed, below, hidden, withdrawn)
    ]
    assert answers == [200, 404, 404, 404, 410]
    client.logout()
    assert client.get(path_of(comment)).headers["Location"].startswith("/accounts/login/")


# --- what it says -------------------------------------------------------------------------------------


def test_a_comments_history_says_what_was_added_and_removed_in_words_too(client, member):
    comment = make_comment(make_thread(), member, body="We met every week.")
    comment.revise(member, "We met every Monday.", version=1)
    client.force_login(make_member())
    html = client.get(path_of(comment)).content.decode()
    for part in (
        '<del><span class="vh">removed: </span>week<span class="vh"> (end)</span></del>',
        '<ins><span class="vh">added: </span>Monday<span class="vh"> (end)</span></ins>',
    ):
        assert html.count(part) == 1


def test_an_items_history_names_all_that_its_form_asks_for(client, member):
    first, second = Principle.objects.order_by("order")[:2]
    post = make_post(member, title="One", keywords=["rural"])
    values = values_for(
        title="Two", principles=[first, second], keywords=["rural", "carers"], audience="members"
    )
    post.revise(member, values, version=1)
    client.force_login(make_member())
    entry = client.get(path_of(post)).context["entries"][0]
    assert [label for label, _pieces in entry.changes] == [
        "Title",
        "Principles",
        "Keywords",
        "Who can see it",
    ]
    assert entry.changes[1][1][-1] == Piece(ADDED, f", {second.name}")
    assert entry.changes[3][1] == [Piece(REMOVED, "Everyone"), Piece(ADDED, "Members only")]


def test_which_moderator_it_was_is_for_moderators(client, member, moderator):
    comment = make_comment(make_thread(), member)
    comment.revise(moderator, "Without the name", version=1)
    names = {}
    for who, reader in (("stranger", make_member()), ("author", member), ("moderator", moderator)):
        client.force_login(reader)
        names[who] = client.get(path_of(comment)).context["entries"][0].name
    assert names == {"stranger": "A moderator", "author": "A moderator", "moderator": "Mo Derator"}


def test_reports_are_the_editors(client, member):
    report = make_report()
    client.force_login(member)
    assert client.get(path_of(report)).context["entries"][0].name == "The editors"


@pytest.mark.parametrize("number", [1, 3, 25])
def test_a_history_costs_the_same_whatever_its_length(client, queries, member, number):
    comment = make_comment(make_thread(), member)
    for version in range(1, number):
        comment.revise(member, f"Words {version}", version=version)
    client.force_login(make_member())
    client.get(path_of(comment))
    with queries(7):
        client.get(path_of(comment))


def test_twenty_a_page_each_with_the_one_before(client, member):
    comment = make_comment(make_thread(), member, body="Words 0")
    for version in range(1, 22):
        comment.revise(member, f"Words {version}", version=version)
    client.force_login(member)
    first, second = (client.get(f"{path_of(comment)}?page={page}").context["entries"] for page in (1, 2))
    assert [entry.number for entry in first] == list(range(22, 2, -1))
    assert first[-1].changes[0][1] == [Piece(SAME, "Words "), Piece(REMOVED, "1"), Piece(ADDED, "2")]
    assert [(entry.number, entry.is_first) for entry in second] == [(2, False), (1, True)]


@pytest.mark.parametrize("raw", ["0", "2", "x", "²", "9" * 30, "-1"])
def test_versions_that_are_not_there(client, member, raw):
    comment = make_comment(make_thread(), member)
    client.force_login(member)
    assert client.get(f"{path_of(comment)}?version={raw}").status_code == 404


def test_an_item_that_was_edited_leads_to_its_history(client, member):
    post = make_post(member)
    link = f'href="/contributions/{post.pk}/history/"'
    client.force_login(make_member())
    assert link not in client.get(post.get_absolute_url()).content.decode()
    post.revise(member, values_for(title="Better"), version=1)
    assert link in client.get(post.get_absolute_url()).content.decode()


# --- what moderators do -------------------------------------------------------------------------------


def test_a_moderator_puts_a_version_back_and_its_author_is_told(client, member, moderator):
    post = make_post(member, title="Good", body="Good words", keywords=["rural"])
    post.revise(member, values_for(title="Bad", body="Bad words", audience="members"), version=1)
    client.force_login(moderator)
    response = client.post(
        path_of(post), {"version": "1", "stands": "2", "do": "back", "reason": "It named a neighbour."}
    )
    post = Contribution.objects.get(pk=post.pk)
    assert (post.title, post.body, post.version, post.status) == ("Good", "Good words", 3, "published")
    assert [name for name, _slug in post.card["keywords"]] == ["rural"]
    assert post.audience == "members"
    assert response.headers["Location"] == post.get_absolute_url()
    assert post.revisions.get(number=3).by == moderator
    decision = Decision.objects.about(post).first()
    assert (decision.action, decision.by, decision.reason) == (
        "back_to_version",
        moderator,
        "It named a neighbour.",
    )
    assert "It named a neighbour." in Notice.objects.of(member).first().text


def test_a_comment_too(client, member, moderator):
    comment = make_comment(make_thread(), member)
    comment.revise(member, "Worse words", version=1)
    client.force_login(moderator)
    client.post(path_of(comment), {"version": "1", "stands": "2", "do": "back"})
    comment.refresh_from_db()
    assert (comment.body, comment.version) == ("Some words in answer.", 3)


def test_a_version_that_was_saved_meanwhile_is_not_lost(client, member, moderator):
    comment = make_comment(make_thread(), member)
    comment.revise(member, "Worse words", version=1)
    comment.revise(member, "Better words", version=2)
    client.force_login(moderator)
    client.post(path_of(comment), {"version": "1", "stands": "2", "do": "back"})
    comment.refresh_from_db()
    assert (comment.body, comment.version) == ("Better words", 3)


def test_a_version_can_be_taken_out_of_what_others_read_and_put_back(client, member, moderator):
    comment, stranger = make_comment(make_thread(), member, body="A private address"), make_member()
    comment.revise(member, "No address", version=1)
    client.force_login(moderator)
    client.post(path_of(comment), {"version": "1", "stands": "2", "do": "hide", "reason": "Personal data"})
    assert [numbers(client, reader, comment) for reader in (stranger, member, moderator)] == [
        [2],
        [2, 1],
        [2, 1],
    ]
    client.force_login(stranger)
    assert "private" not in client.get(path_of(comment)).content.decode()
    client.force_login(moderator)
    client.post(path_of(comment), {"version": "1", "stands": "2", "do": "show"})
    assert numbers(client, stranger, comment) == [2, 1]
    assert list(Decision.objects.about(comment).values_list("action", "reason"))[:2] == [
        ("show_version", "Version 1."),
        ("hide_version", "Version 1. Personal data"),
    ]


def test_nothing_is_done_by_who_may_not_nor_about_one_s_own_nor_about_what_stands(client, member, moderator):
    comment, own = make_comment(make_thread(), member), make_comment(make_thread(), moderator)
    comment.revise(member, "Second", version=1)
    own.revise(moderator, "Second", version=1)
    for reader, thing, version in (
        (member, comment, 1),
        (make_member(), comment, 1),
        (moderator, own, 1),
        (moderator, comment, 2),
    ):
        client.force_login(reader)
        for do in ("back", "hide", "show"):
            form = {"version": version, "stands": "2", "do": do}
            assert client.post(path_of(thing), form).status_code == 404
    assert set(CommentRevision.objects.values_list("shown", flat=True)) == {True}
    assert set(Comment.objects.values_list("version", flat=True)) == {2}
