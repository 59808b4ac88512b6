"""Keeping the forum in order: nothing is lost, every address leads on, every count stays right."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser

from commons.contributions import conversation
from commons.contributions.models import (
    Bookmark,
    Comment,
    Contribution,
    ConversationOver,
    Follow,
    Helpful,
    ReadMark,
)
from commons.moderation.models import Decision
from commons.notifications.models import Notice
from forum import order
from forum.models import Thread
from tests.factories import make_comment, make_member, make_moderator, make_thread

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture
def moderator():
    return make_moderator()


@pytest.fixture
def moderating(client, moderator):
    client.force_login(moderator)
    return client


def fresh(thing):
    return type(thing)._base_manager.get(pk=thing.pk)


def assert_counts_are_right(*threads):
    for thread in threads:
        thread = fresh(thread)
        kept = {name: getattr(thread, name) for name in conversation.counted(thread)}
        assert kept == conversation.counted(thread)


def lines(thread):
    """Return (position, text or where it was moved) of everything that has a number in a thread."""
    found = Comment.objects.on(thread.pk).order_by("position")
    return [(c.position, f"moved {c.moved_to_id}" if c.moved_to_id else c.body) for c in found]


# --- pinning and closing ----------------------------------------------------------------------------------


def test_a_pin_is_put_in_and_taken_out(moderating):
    thread = make_thread()
    for pinned in (True, False):
        moderating.post(thread.url_below("pin/"))
        thread = fresh(thread)
        assert ((thread.pinned_at is not None), thread.card["pinned"]) == (pinned, pinned)
    actions = Decision.objects.about(thread).values_list("action", flat=True)
    assert list(actions) == ["unpin", "pin", "submit"]


def test_a_closed_thread_says_why_to_everyone_and_can_be_opened_again(moderating, member):
    thread = make_thread(member)
    answer = moderating.post(thread.url_below("close/"), {"reason": ""})
    assert "Say why, in words that everybody will read." in answer.content.decode()
    moderating.post(thread.url_below("close/"), {"reason": "It has\nrun its course."})
    thread = fresh(thread)
    assert (thread.closed_because(), thread.card["closed"]) == ("It has run its course.", True)
    with pytest.raises(ConversationOver):
        make_comment(thread)
    told = Notice.objects.filter(member=member).latest("pk")
    assert (told.kind, "It has run its course." in told.text) == ("contribution.close", True)
    moderating.post(thread.url_below("close/"))
    assert fresh(thread).closed_because() == ""
    assert make_comment(thread).position == 1


@pytest.mark.parametrize("page", ["pin", "close", "move", "merge"])
def test_only_moderators_find_these_pages(client, member, page):
    thread = make_thread(member)
    comment = make_comment(thread)
    path = thread.url_below(f"{page}/") + (f"?comment={comment.pk}" if page == "move" else "")
    assert client.get(path).status_code == 404
    client.force_login(member)
    assert client.get(path).status_code == 404
    assert (
        client.post(path, {"reason": "x", "title": "x", "into": "1", "comment": comment.pk}).status_code
        == 404
    )
    client.force_login(make_moderator())
    assert client.get(path).status_code == 200


def test_moderators_find_every_step_on_the_page_and_nobody_else_does(client, member, moderator):
    thread = make_thread(member)
    comment = make_comment(thread)
    steps = [thread.url_below(f"{page}/") for page in ("pin", "close", "merge")]
    steps.append(thread.url_below(f"move/?comment={comment.pk}"))
    for reader, found in ((None, []), (member, []), (moderator, steps)):
        if reader:
            client.force_login(reader)
        page = client.get(thread.get_absolute_url()).content.decode()
        assert [step for step in steps if f'href="{step}"' in page] == found


# --- moving -----------------------------------------------------------------------------------------------


@pytest.fixture
def long_thread():
    """A thread of 45 replies; the 10th is answered by 11, 12 (which answers 11), 30 and 45."""
    thread = make_thread(title="Long one", keywords=["rota"])
    people = [make_member() for _number in range(5)]
    comments = {}
    for number in range(1, 46):
        answers = {11: 10, 12: 11, 30: 10, 45: 30}.get(number)
        comments[number] = make_comment(
            thread, people[number % 5], body=f"Reply {number}", answers=comments.get(answers)
        )
    return thread, comments


MOVED = [10, 11, 12, 30, 45]


def test_a_reply_and_what_answers_it_go_to_a_new_thread(moderating, long_thread):
    thread, comments = long_thread
    answer = moderating.post(
        thread.url_below("move/"), {"comment": comments[10].pk, "title": "  About\n payroll "}
    )
    there = Thread.objects.latest("pk")
    assert answer["Location"] == there.get_absolute_url()
    assert (there.title, there.audience, there.is_published) == ("About payroll", "everyone", True)
    assert lines(there) == [(place, f"Reply {number}") for place, number in enumerate(MOVED, start=1)]
    assert lines(thread) == [
        (number, f"moved {comments[number].pk}" if number in MOVED else f"Reply {number}")
        for number in range(1, 46)
    ]
    assert_counts_are_right(thread, there)
    assert (fresh(thread).comment_count, fresh(thread).last_position) == (40, 45)
    assert make_comment(thread).position == 46
    assert (make_comment(there).position, fresh(comments[10]).answered_by) == (
        6,
        [[comments[11].pk, 2], [comments[30].pk, 4]],
    )


def test_the_new_thread_leads_back_and_keeps_nothing_of_the_other(client, moderator):
    thread = make_thread(title="A private name")
    there = order.split(make_comment(thread), moderator, "About payroll")
    page = client.get(there.get_absolute_url()).content.decode()
    assert f'<a href="/forum/{thread.pk}/"' in page
    thread.remove(moderator, "It names a person.")
    assert "private" not in client.get(there.get_absolute_url()).content.decode()


def test_permalinks_lead_on_after_a_move(client, moderator, long_thread):
    thread, comments = long_thread
    there = order.split(comments[10], moderator, "About payroll")
    for number in (9, 10, 45):
        here = there if number in MOVED else thread
        assert client.get(f"/comments/{comments[number].pk}/")["Location"].startswith(here.get_absolute_url())
    left = Comment.objects.get(contribution=thread.pk, position=45)
    assert client.get(f"/comments/{left.pk}/")["Location"] == f"/comments/{comments[45].pk}/"


def test_who_follows_and_has_read_goes_along_with_a_move(moderator, long_thread):
    thread, comments = long_thread
    writer, reader = comments[10].author, make_member()
    for follower in (writer, reader):
        Follow.objects.set(follower, thread, follows=True)
    ReadMark.objects.move(reader, thread, 12)
    there = order.split(comments[10], moderator, "About payroll")
    assert set(Follow.objects.on(there).values_list("member", flat=True)) == {writer.pk}
    assert Follow.objects.on(thread).count() == 2
    assert ReadMark.objects.get(contribution=there.pk, member=reader).position == 3


def test_authors_are_told_once_for_each_reply_and_the_record_says_who(moderator, long_thread):
    _thread, comments = long_thread
    order.split(comments[12], moderator, "About payroll")
    assert Decision.objects.about(comments[12]).first().by == moderator
    assert Notice.objects.filter(kind="comment.move").count() == 1


def test_a_best_answer_that_was_moved_away_answers_nothing_here(moderator):
    thread = make_thread(is_question=True)
    comment = make_comment(thread)
    thread = fresh(thread)
    thread.best_answer = comment
    thread.save()
    thread.conversation_changed()
    assert fresh(thread).answered is True
    order.split(comment, moderator, "About payroll")
    assert fresh(thread).answered is False


# --- merging ----------------------------------------------------------------------------------------------


def test_two_threads_become_one(moderating, client, moderator):
    stays, goes = make_thread(title="Stays"), make_thread(title="Goes", body="What it said.")
    make_comment(stays, body="First here")
    question = make_comment(goes, body="First there")
    make_comment(goes, body="Second there", answers=question)
    removed = make_comment(goes, body="Removed there")
    removed.remove(None, "Unkind")
    answer = moderating.post(
        goes.url_below("merge/"), {"into": f"http://testserver{stays.get_absolute_url()}?page=1"}
    )
    assert answer["Location"] == stays.get_absolute_url()
    assert lines(stays) == [
        (1, "First here"),
        (2, "**Goes**\n\nWhat it said."),
        (3, "First there"),
        (4, "Second there"),
        (5, "Removed there"),
    ]
    assert_counts_are_right(stays)
    assert (fresh(stays).comment_count, fresh(stays).last_position) == (4, 5)
    assert fresh(question).answered_by == [[Comment.objects.get(body="Second there").pk, 4]]
    client.logout()
    for path in (goes.get_absolute_url(), f"/forum/{goes.pk}/"):
        moved = client.get(path)
        assert (moved.status_code, moved["Location"]) == (301, stays.get_absolute_url())
    assert list(Thread.objects.listed_to(VISITOR)) == [fresh(stays)]


def test_an_address_leads_on_after_two_merges(client, moderator):
    first, second, third = make_thread(), make_thread(), make_thread()
    order.merge(first, second, moderator)
    order.merge(second, third, moderator)
    for thread in (first, second):
        assert client.get(thread.get_absolute_url())["Location"] == third.get_absolute_url()
    third.remove(None, "Spam")
    assert client.get(first.get_absolute_url()).status_code == 404


def test_marks_and_follows_go_along_with_a_merge(moderator, member):
    stays, goes = make_thread(), make_thread()
    for thing in (goes, stays):
        Follow.objects.set(member, thing, follows=True)
        Bookmark.objects.set(member, thing, kept=True)
    other = make_member()
    Follow.objects.set(other, goes, follows=True)
    Helpful.objects.set(member, goes, helpful=True)
    order.merge(goes, stays, moderator)
    assert set(Follow.objects.on(stays).values_list("member", flat=True)) == {member.pk, other.pk}
    assert Bookmark.objects.filter(contribution=stays.pk).count() == 1
    comment = Comment.objects.get(contribution=stays.pk)
    assert (comment.author, comment.helpful_count, Helpful.objects.get().comment) == (goes.author, 1, comment)
    assert Contribution.objects.get(pk=goes.pk).helpful_count == 0


def test_an_author_keeps_no_way_to_change_what_was_merged(client, member, moderator):
    goes, stays = make_thread(member), make_thread()
    order.merge(goes, stays, moderator)
    client.force_login(member)
    for page in ("edit/", "withdraw/"):
        assert client.get(goes.url_below(page)).status_code == 404
    assert client.get(goes.get_absolute_url())["Location"] == stays.get_absolute_url()
    with pytest.raises(ConversationOver):
        Comment.begin(member, goes, "Late", form_key=uuid.uuid4())
    member.write_profile({"display_name": "Ann Renamed"})
    assert not Thread.objects.listed_to(member).filter(pk=goes.pk).exists()


def test_what_cannot_be_merged_says_why(moderating):
    thread, members_only, hidden = make_thread(), make_thread(audience="members"), make_thread()
    hidden.remove(None, "Spam")
    for into, words in (
        (thread.get_absolute_url(), "That is this thread itself."),
        (hidden.get_absolute_url(), "No thread has this address."),
        ("nonsense", "No thread has this address."),
        ("9" * 18, "No thread has this address."),
        ("", "Enter the address of the other thread."),
    ):
        page = moderating.post(thread.url_below("merge/"), {"into": into}).content.decode()
        assert words in page, into
    page = moderating.post(members_only.url_below("merge/"), {"into": str(thread.pk)}).content.decode()
    assert "what was said here would be shown to all" in page
    assert Thread.objects.filter(merged_into__isnull=False).count() == 0
