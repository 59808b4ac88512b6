"""Many write into one conversation at the same time, in as many processes: numbers and counts are right, nobody waits
for ever, and recount agrees.
"""

import json

import pytest

from tests.processes import other_site  # noqa: F401 -- a fixture

BEGIN = """
import json
from functools import partial
from uuid import uuid4
from commons.contributions.models import Comment, Contribution, Helpful
from commons.contributions.recounting import recount
from forum.models import Thread
from profiles.models import Member
from tests.at_once import at_once
from tests.factories import establish, make_comment, make_member, make_moderator, make_thread

def members(count, **fields):
    return [establish(make_member(email=f"{uuid4()}@example.org", **fields)) for _number in range(count)]

def again(times, what, *given):
    for _time in range(times):
        what(*given)

def post(thread, member, answers=None):
    Comment.begin(member, thread, "Some words.", form_key=uuid4(), answers=answers)

def state(thread):
    row = Contribution.objects.get(pk=thread.pk)
    numbers = list(Comment.objects.on(thread.pk).order_by("position").values_list("position", flat=True))
    last = Comment.objects.on(thread.pk).filter(listed=True).order_by("position").last()
    return {
        "counted": row.comment_count,
        "given": row.last_position,
        "dense": numbers == list(range(1, len(numbers) + 1)),
        "last is last": (row.last_comment_id, row.last_activity_at) == (last and last.pk, last and last.published_at),
        "wrong": list(recount()),
    }
"""
FIFTY_EACH = """
author, *people = members(9)
thread = make_thread(author)
failed = at_once(*(partial(again, 50, post, thread, member) for member in people))
people = Contribution.objects.get(pk=thread.pk).voices["people"]
print(json.dumps({"failed": failed, **state(thread), "people": people}))
"""
TWENTY_TIMES = """
author, member = members(2)
thread = make_thread(author)
comment = make_comment(thread, author)
failed = at_once(*[partial(Helpful.objects.set, member, comment, True)] * 20)
comment.refresh_from_db()
print(json.dumps({"failed": failed, "count": comment.helpful_count, "wrong": list(recount())}))
"""
TOGGLING = """
author, *people = members(9)
thread = make_thread(author)
comment = make_comment(thread, author)
def toggle(member, times):
    for number in range(times):
        Helpful.objects.set(member, comment, number % 2 == 0)
        Helpful.objects.set(member, thread, number % 2 == 0)
failed = at_once(*(partial(toggle, member, 4 + number % 2) for number, member in enumerate(people)))
comment.refresh_from_db()
counts = comment.helpful_count, Contribution.objects.get(pk=thread.pk).helpful_count
print(json.dumps({"failed": failed, "counts": counts, "wrong": list(recount())}))
"""
WITHDRAWN_MEANWHILE = """
author, *people = members(5)
thread = make_thread(author)
first = make_comment(thread, author)
failed = at_once(
    partial(Comment.objects.get(pk=first.pk).withdraw, first.author),
    *(partial(again, 5, post, thread, member, first) for member in people),
)
first.refresh_from_db()
print(json.dumps({"failed": failed, **state(thread), "status": first.status, "answers": len(first.answered_by)}))
"""
# Members of each other's conversations, and moderators who decide about them by way of the queue.
ALL_OF_IT = """
from commons.contributions.models import ConversationOver, StaleEdit
from commons.moderation.models import Case, CaseClosed, Flag, FlagReason, TransitionRefused
from commons.moderation.steps import NotOffered, get, take
from forum.order import split

moderators = [make_moderator(email=f"{uuid4()}@example.org") for _number in range(2)]
people = members(4)
threads = [make_thread(member) for member in people]
for thread in threads:
    for member in people:
        make_comment(thread, member)
shared = [Comment.objects.on(thread.pk).order_by("position").first() for thread in threads]
MEANWHILE = (CaseClosed, ConversationOver, NotOffered, StaleEdit, TransitionRefused)

def try_to(what, *given):
    try:
        what(*given)
    except MEANWHILE:
        pass

def answer_each(member):
    for thread, first in zip(threads, shared):
        try_to(post, thread, member, first)

def rename(number):
    # The other way round for every second one, each time under another name.
    member = Member.objects.get(pk=people[number].pk)
    name = uuid4().hex[:12]
    member.write_profile({"display_name": f"Now {name}", "username": f"now-{name}"})

def come_and_go(number):
    comment = Comment.objects.get(pk=shared[number].pk)
    try_to(comment.withdraw, comment.author)
    comment.refresh_from_db()
    try_to(partial(comment.revise, comment.author, "Again.", version=comment.version, publish=True))

def decide(number):
    by, comment = moderators[number % 2], shared[number]
    case = Flag.objects.report(comment, reason=FlagReason.SPAM, by=moderators[1 - number % 2]).case
    case = Case.objects.about(comment).order_by("-pk")[0]
    try_to(take, get("remove"), case, by, {"words": "Spam."})
    case.refresh_from_db()
    try_to(partial(take, get("restore"), case, by, {"words": ""}, seen_open=False))

def hide(number):
    Member.objects.get(pk=people[number].pk).hide_contributions(True, moderators[0], "Spam.")
    Member.objects.get(pk=people[number].pk).hide_contributions(False, moderators[0])

def stop(number):
    Member.objects.get(pk=people[number].pk).mark_spammer(moderators[1], "Spam.")
    Member.objects.get(pk=people[number].pk).clear_spammer(moderators[1])

def divide(number):
    last = Comment.objects.on(threads[number].pk).filter(listed=True, answers=None).order_by("-position").first()
    if last.pk != shared[number].pk:
        split(last, moderators[0], f"Apart {uuid4()}")

failed = at_once(
    partial(again, 3, divide, 0),
    partial(again, 3, divide, 3),
    partial(again, 4, answer_each, people[0]),
    partial(again, 4, answer_each, people[1]),
    partial(again, 6, rename, 2),
    partial(again, 6, rename, 3),
    partial(again, 6, come_and_go, 0),
    partial(again, 6, decide, 1),
    partial(again, 3, hide, 3),
    partial(again, 3, stop, 2),
)
print(json.dumps({"failed": failed, "right": [state(thread) for thread in threads]}))
"""


@pytest.fixture
def told(other_site):  # noqa: F811
    """Run code on the site; return what it says as JSON."""
    return lambda code: json.loads(other_site.python(BEGIN + code, NETWORK_POST_RATE="0"))


def test_fifty_comments_each_by_eight_processes(told):
    assert told(FIFTY_EACH) == {
        "failed": [],
        "counted": 400,
        "given": 400,
        "dense": True,
        "last is last": True,
        "wrong": [],
        "people": 9,
    }


def test_one_member_finds_it_helpful_twenty_times_at_once(told):
    assert told(TWENTY_TIMES) == {"failed": [], "count": 1, "wrong": []}


def test_eight_members_change_their_minds_at_once(told):
    assert told(TOGGLING) == {"failed": [], "counts": [4, 4], "wrong": []}


def test_a_comment_is_withdrawn_while_others_answer_it(told):
    assert told(WITHDRAWN_MEANWHILE) == {
        "failed": [],
        "counted": 20,
        "given": 21,
        "dense": True,
        "last is last": True,
        "wrong": [],
        "status": "withdrawn",
        "answers": 20,
    }


def test_everybody_at_once_and_nobody_waits_for_ever(told):
    """Posting, editing, moving, renaming, hiding, stopping and deciding take their locks in one order."""
    said = told(ALL_OF_IT)
    assert said["failed"] == []
    for right in said["right"]:
        assert (right["dense"], right["last is last"], right["wrong"]) == (True, True, [])
