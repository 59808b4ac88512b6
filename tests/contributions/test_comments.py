"""Comments: their numbers, what a conversation keeps of them, and who may read them."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser

from commons.contributions.models import Comment, Contribution, ConversationOver, StaleEdit
from commons.contributions.sending import PastPostRate
from commons.moderation.models import Case, Decision
from tests.factories import establish, make_comment, make_member, make_moderator, make_post, make_thread

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def kept(item):
    """Return what an item keeps of its comments: how many can be read, the last number, the last that can be read."""
    row = Contribution.objects.get(pk=item.pk)
    return row.comment_count, row.last_position, row.last_comment_id


def test_numbers_are_dense_and_never_given_again():
    thread = make_thread()
    first, second = make_comment(thread), make_comment(thread)
    second.withdraw(second.author)
    third = make_comment(thread)
    assert [first.position, second.position, third.position] == [1, 2, 3]
    assert kept(thread) == (2, 3, third.pk)


def test_each_conversation_counts_for_itself():
    assert [make_comment(make_post()).position, make_comment(make_thread()).position] == [1, 1]


def test_the_same_form_twice_is_one_comment(member):
    thread, key = make_thread(), uuid.uuid4()
    once = Comment.begin(member, thread, "Once", form_key=key)
    again = Comment.begin(member, thread, "Once", form_key=key)
    assert (once, Comment.objects.count()) == (again, 1)


def test_one_of_a_new_member_with_a_link_waits_and_is_not_counted(member):
    thread = make_thread()
    comment = Comment.begin(member, thread, "Look at https://spam.example/ now", form_key=uuid.uuid4())
    assert (comment.status, comment.listed, comment.published_at) == ("awaiting", False, None)
    assert kept(thread) == (0, 1, None)
    case = Case.objects.about(comment).get()
    assert case.held_because.startswith("By a new member.")
    comment.approve(None)
    assert kept(thread) == (1, 1, comment.pk)


def test_an_established_member_may_link():
    comment = Comment.begin(
        establish(make_member()), make_post(), "https://example.org/", form_key=uuid.uuid4()
    )
    assert comment.listed


def test_taking_down_and_putting_back_keeps_the_number_and_the_counts_right():
    thread = make_thread()
    comment = make_comment(thread)
    last = make_comment(thread)
    last.remove(None, "Off topic")
    assert kept(thread) == (1, 2, comment.pk)
    assert Contribution.objects.get(pk=thread.pk).last_activity_at == comment.published_at
    last.restore(None)
    assert (kept(thread), last.position) == ((2, 2, last.pk), 2)


def test_a_hidden_authors_comments_are_not_listed_until_shown_again(member):
    thread = make_thread()
    comment = make_comment(thread, member)
    member.hide_contributions()
    assert kept(thread) == (0, 1, None)
    comment.refresh_from_db()
    assert not comment.listed
    member.refresh_from_db()
    member.hide_contributions(hidden=False)
    assert kept(thread) == (1, 1, comment.pk)


def test_a_comment_carries_its_authors_new_name(member):
    comment = make_comment(make_thread(), member)
    member.write_profile({"display_name": "Ann Nowcalled"})
    comment.refresh_from_db()
    assert comment.byline["name"] == "Ann Nowcalled"


def test_an_answer_is_noted_where_it_answers():
    thread = make_thread()
    first = make_comment(thread)
    answer = make_comment(thread, answers=first)
    first.refresh_from_db()
    assert (answer.answers, first.answered_by) == (first, [[answer.pk, 2]])
    answer.withdraw(answer.author)
    first.refresh_from_db()
    assert first.answered_by == []


def test_one_cannot_answer_what_stands_elsewhere():
    elsewhere = make_comment(make_thread())
    assert make_comment(make_thread(), answers=elsewhere).answers is None


def test_nothing_can_be_added_to_what_is_closed_or_gone(member):
    thread = make_thread()
    thread.closed_at, thread.closed_reason = thread.published_at, "It has run its course."
    thread.save()
    with pytest.raises(ConversationOver, match="It has run its course"):
        Comment.begin(member, thread, "Late", form_key=uuid.uuid4())
    post = make_post()
    post.remove(None, "Spam")
    with pytest.raises(ConversationOver):
        Comment.begin(member, post, "Late", form_key=uuid.uuid4())
    assert Comment.objects.count() == 0


def test_saving_an_old_version_is_refused_and_loses_nothing(member):
    comment = make_comment(make_thread(), member)
    Comment.objects.get(pk=comment.pk).revise(member, "Mine", version=1)
    with pytest.raises(StaleEdit) as stale:
        comment.revise(member, "Also mine", version=1)
    assert stale.value.current.body == "Mine"
    assert list(comment.revisions.values_list("number", "body", "shown")) == [
        (2, "Mine", True),
        (1, "Some words in answer.", True),
    ]


def test_an_edited_one_says_so_and_does_not_become_the_latest(member):
    thread = make_thread()
    comment = make_comment(thread, member)
    last = make_comment(thread)
    comment.revise(member, "Better words", version=1)
    comment.refresh_from_db()
    assert comment.edited_at is not None
    assert kept(thread) == (2, 2, last.pk)


def test_editing_a_thread_leaves_what_was_counted_meanwhile():
    thread = make_thread()
    stale = type(thread).objects.get(pk=thread.pk)
    comment = make_comment(thread)
    stale.revise(stale.author, {"title": "A better title"}, version=stale.version)
    assert kept(thread) == (1, 1, comment.pk)


def test_comments_count_towards_the_post_rate(member, settings):
    settings.NETWORK_POST_RATE = "2/h"
    thread = make_thread()
    make_comment(thread, member)
    make_comment(thread, member)
    with pytest.raises(PastPostRate):
        make_comment(thread, member)


def test_who_may_read_what(member):
    moderator = make_moderator()
    thread, members_only = make_thread(), make_thread(audience="members")
    shown, withdrawn, removed = (make_comment(thread, member) for _number in range(3))
    withdrawn.withdraw(member)
    removed.remove(None, "Unkind")
    inside = make_comment(members_only)
    gone = make_comment(hidden := make_post())
    hidden.remove(None, "Spam")
    stranger = make_member()
    assert {
        "visitor": set(Comment.objects.visible_to(VISITOR)),
        "stranger": set(Comment.objects.visible_to(stranger)),
        "author": set(Comment.objects.visible_to(member)),
        "moderator": set(Comment.objects.visible_to(moderator)),
        "listed to author": set(Comment.objects.listed_to(member)),
        "leads a visitor": set(Comment.objects.leading_to(VISITOR)),
    } == {
        "visitor": {shown},
        "stranger": {shown, inside},
        "author": {shown, withdrawn, removed, inside},
        "moderator": {shown, withdrawn, removed, inside, gone},
        "listed to author": {shown, inside},
        "leads a visitor": {shown, withdrawn, removed},
    }


def test_voices_count_people_once_and_only_roles_shown_to_everyone():
    thread = make_thread(make_member(roles=["practitioner"]))
    carer = make_member(roles=["carer", "uses-services"])
    make_comment(thread, carer)
    make_comment(thread, carer)
    make_comment(thread, make_member(roles=["carer"], show_roles="nobody"))
    assert Contribution.objects.get(pk=thread.pk).voices == {
        "people": 3,
        "practitioners": 1,
        "carers": 1,
        "uses-services": 1,
    }


def test_every_step_is_in_the_record():
    comment = make_comment(make_thread())
    comment.remove(None, "Unkind")
    actions = list(Decision.objects.about(comment).values_list("action", flat=True))
    assert actions == ["remove", "submit"]
