"""The first steps of a new member: one of the ways to take part is suggested at a time, each of them once.

What they did already is found from what they wrote and marked; nothing else is recorded but what they put away.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import CharField, Value
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commons.contributions.models import Bookmark, Comment, Contribution, Helpful
from commons.contributions.prepared import Prepared
from commons.moderation.models import Status
from profiles.invitations.models import Invitation

from .starter_library import Way, ways_to_take_part

NEW_FOR = timedelta(days=90)
ALL = "all"
# The key of a way by (kind, subtype) of what shows that it was taken; "" stands for any subtype.
SHOWN_BY = {
    ("event", ""): "event",
    ("blog", ""): "blog",
    ("forum", ""): "thread",
    ("case-study", ""): "case-study",
    ("link", ""): "link",
    ("document", "guidance"): "guidance",
    ("document", "evaluation"): "evaluation",
    ("comment", ""): "reply",
    ("marked", ""): "video",
    ("invited", ""): "word",
}


@dataclass(frozen=True)
class FirstStep:
    """What is suggested now, and how many of how many ways were taken."""

    way: Way
    done: int
    of: int


def first_step(member):
    """Return the FirstStep to suggest to a member, or None: who is not new, took all steps or put them away.

    One query for a new member, none for others.
    """
    if not _is_new(member) or ALL in member.steps_put_away:
        return None
    ways, done = ways_to_take_part(), taken_by(member)
    left = (way for way in ways if way.url and way.key not in done and way.key not in member.steps_put_away)
    way = next(left, None)
    return FirstStep(way, len(done), len(ways)) if way else None


def taken_by(member):
    """Return the keys of the ways that a member took already. One query."""
    found = {
        SHOWN_BY.get((kind, subtype)) or SHOWN_BY.get((kind, "")) for kind, subtype in _did.rows(member.pk)
    }
    if member.about or member.roles or member.organisation:
        found.add("profile")
    return found - {None}


@require_POST
@login_required
def put_away(request):
    """Suggest one step no more, or none of them."""
    key = request.POST.get("step", "")
    if key == ALL or key in {way.key for way in ways_to_take_part()}:
        request.user.put_step_away(key)
        if key == ALL:
            messages.success(
                request,
                _("No more first steps are suggested. The ways to take part stand further down this page."),
            )
    return redirect("home")


def _is_new(member):
    return member.approved_at is not None and timezone.now() - member.approved_at < NEW_FOR


def _what_they_did(member):
    """Return (kind, subtype) of what a member sent in, and words for that they answered, marked a video or invited."""
    sent_in = Contribution.objects.by(member).exclude(status=Status.DRAFT).order_by()

    def say(rows, word):
        return rows.order_by().values_list(Value(word, CharField()), Value("", CharField()))

    return sent_in.values_list("kind", "subtype").union(
        say(Comment.objects.by(member).exclude(status=Status.DRAFT), "comment"),
        say(Bookmark.objects.filter(member=member, contribution__kind="video"), "marked"),
        say(Helpful.objects.filter(member=member, contribution__kind="video"), "marked"),
        say(Invitation.objects.filter(inviter=member), "invited"),
    )


_did = Prepared(_what_they_did, 0)
