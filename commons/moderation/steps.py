"""What a moderator can do with a case: which steps are offered, with which words to the member, and how each is taken.

All rules are in the models' own methods; this is the list of them that the queue's pages walk through.
"""

from collections import Counter
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from . import told
from .cases import CaseClosed, Why
from .decisions import Action, Status
from .flags import FlagReason
from .moderators import may_decide

# What a removal begins with, by what readers reported most.
REASONS = {
    FlagReason.ILLEGAL: _("It may be against the law, and the law lets us publish nothing of the kind."),
    FlagReason.HARM: _("It can hurt a person."),
    FlagReason.SPAM: _(
        "It reads as advertising, and this network is for people who co-produce public services."
    ),
    FlagReason.PERSONAL_DATA: _("It tells something about a person who has not agreed to that."),
    FlagReason.OFF_TOPIC: _("It is not about co-production or public services."),
}
OF_ITEM, OF_MEMBER = "item", "member"


class NotOffered(Exception):
    """The step can't be taken as things stand now."""


@dataclass(frozen=True)
class Step:
    """One thing a moderator can do.

    `about` is what it is done to: what the case is about, or the member concerned. `when(case, thing)` says whether
    it makes sense for the thing as it stands; `take(case, thing, by, values)` does it with the form's cleaned
    `values`; `asks` names what the form asks for besides the words: "reason" (words are required), "silence" (they
    may be left out, and then nobody is told), "last_day", "hiding".
    """

    code: str
    about: str
    action: str
    label: object
    done: object
    explanation: object
    when: object
    take: object
    asks: tuple = ()

    def offered_to(self, user, case, thing):
        """Whether `user` may take it, and it makes sense."""
        if case.about_id == user.pk or thing is None or not self.when(case, thing):
            return False
        if self.about == OF_ITEM:
            return may_decide(user, case.target_type)
        return may_decide_about(user, thing)

    def first_words(self, case, thing):
        """Return what the words to the member begin with, in their language."""
        if self.action == Action.KEEP:
            return ""
        usual = told.default_words(thing, self.action)
        return (_first_reason(case) if "reason" in self.asks else "") or usual


def may_decide_about(user, member):
    """Whether `user` may decide about a member: never themselves, and an administrator only as another."""
    if member.pk == user.pk or (member.is_superuser and not user.is_superuser):
        return False
    return may_decide(user, ContentType.objects.get_for_model(get_user_model()))


def steps_for(user, case, thing, member):
    """Return the steps that `user` may take in a case as things stand: those about the item first."""
    of = {OF_ITEM: thing, OF_MEMBER: member}
    return [step for step in STEPS if step.offered_to(user, case, of[step.about])]


def get(code):
    """Return the Step with this code, or None."""
    return next((step for step in STEPS if step.code == code), None)


def take(step, case, by, values, *, seen_open=True):
    """Take a step with the form's cleaned `values`, all or nothing.

    Raises CaseClosed when it was waiting as `by` saw it (`seen_open`) and somebody has decided meanwhile, NotOffered
    when the step makes no sense any more, and what the models' own methods raise.
    """
    with transaction.atomic():
        what = case.lock_target() if step.about == OF_ITEM else case.lock_member()
        case.refresh_from_db()
        if seen_open and not case.is_open:
            raise CaseClosed(case)
        if not step.offered_to(by, case, what):
            raise NotOffered
        step.take(case, what, by, values)


def approve(case, by):
    """Approve what awaits approval in a case, with the usual words. Raises NotOffered when nothing does."""
    code, thing = "approve", case.target()
    if case.is_about_member and thing is not None:
        code = "approve-member" if thing.awaits_answer else "approve-profile"
    take(get(code), case, by, {"words": ""})


def keep(case, by):
    """Dismiss the reports in a case without a word to its author. Raises NotOffered where that is not to be decided."""
    take(get("keep"), case, by, {"words": ""})


def _first_reason(case):
    reasons = Counter(flag.reason for flag in case.flags.all())
    words = REASONS.get(reasons.most_common(1)[0][0]) if reasons else None
    with translation.override(case.about.language if case.about_id else None):
        return str(words) if words else ""


def _suspend(case, member, by, values):
    member.suspend(values["until"], by, values["words"])
    if values.get("hide_profile"):
        member.hide(by, reason=values["words"])
    if values.get("hide_written"):
        member.hide_contributions(by=by, reason=values["words"])


STEPS = [
    Step(
        "approve", OF_ITEM, Action.APPROVE, _("Approve"), _("Approved."),
        _("It is published, and its author is told."),
        when=lambda case, item: not case.is_about_member and item.awaits_approval,
        take=lambda case, item, by, values: item.approve(by, values["words"]),
    ),
    Step(
        "approve-member", OF_ITEM, Action.APPROVE, _("Let them in"), _("They are a member now."),
        _("They can sign in from now on, and are told."),
        when=lambda case, member: case.is_about_member and member.awaits_answer,
        take=lambda case, member, by, values: member.approve(by, values["words"]),
    ),
    Step(
        "approve-profile", OF_ITEM, Action.APPROVE_PROFILE, _("Let the profile through"),
        _("Others can read the profile."),
        _("Others can read what they say of themselves, and they are told."),
        when=lambda case, member: (
            case.is_about_member and not member.awaits_answer and bool(member.profile_held_because)
        ),
        take=lambda case, member, by, values: member.approve_profile(by, values["words"]),
    ),
    Step(
        "keep", OF_ITEM, Action.KEEP, _("Keep it as it is"), _("Kept as it is."),
        _("Nothing changes. Whoever reported it is told. Its author hears only what you write here: left empty, they "
          "don’t learn of the reports."),
        when=lambda case, thing: (
            case.is_open and not case.has_open_appeals and (case.why == Why.SPAM or not thing.awaits_approval)
        ),
        take=lambda case, thing, by, values: case.keep(by, values["words"]),
        asks=("silence",),
    ),
    Step(
        "uphold", OF_ITEM, Action.UPHOLD, _("Leave the decision as it is"), _("The decision stays."),
        _("The decision stands, and the member who answered it is told."),
        when=lambda case, thing: case.is_open and case.has_open_appeals,
        take=lambda case, thing, by, values: case.keep(by, values["words"]),
    ),
    Step(
        "remove", OF_ITEM, Action.REMOVE, _("Remove, with a reason"), _("Removed."),
        _("Nobody but its author and moderators will see it. You can put it back later."),
        when=lambda case, item: (
            not case.is_about_member and item.status in {Status.PUBLISHED, Status.AWAITING}
        ),
        take=lambda case, item, by, values: item.remove(by, values["words"]),
        asks=("reason",),
    ),
    Step(
        "restore", OF_ITEM, Action.RESTORE, _("Restore"), _("Restored."),
        _("Others can read it again, and its author is told."),
        when=lambda case, item: not case.is_about_member and item.status == Status.REMOVED,
        take=lambda case, item, by, values: item.restore(by, values["words"]),
    ),
    Step(
        "suspend", OF_MEMBER, Action.SUSPEND, _("Suspend until a day"), _("Suspended."),
        _("They are signed out everywhere and can’t sign in until then. What they wrote stays, unless you choose "
          "otherwise below."),
        when=lambda case, member: member.is_active and not member.is_suspended,
        take=_suspend,
        asks=("last_day", "reason", "hiding"),
    ),
    Step(
        "lift", OF_MEMBER, Action.LIFT, _("End the suspension"), _("The suspension has ended."),
        _("They can sign in again, and are told."),
        when=lambda case, member: member.is_suspended and not member.is_spammer,
        take=lambda case, member, by, values: member.lift_suspension(by, values["words"]),
    ),
    Step(
        "hide", OF_MEMBER, Action.HIDE, _("Hide the profile"), _("The profile is hidden."),
        _("Only they and the people who run the network see it. What they wrote stays."),
        when=lambda case, member: not member.hidden,
        take=lambda case, member, by, values: member.hide(by, reason=values["words"]),
        asks=("reason",),
    ),
    Step(
        "show", OF_MEMBER, Action.SHOW, _("Show the profile again"), _("The profile can be seen again."),
        _("Others see it again, and they are told."),
        when=lambda case, member: member.hidden and not member.is_spammer,
        take=lambda case, member, by, values: member.hide(by, hidden=False, reason=values["words"]),
    ),
    Step(
        "hide-written", OF_MEMBER, Action.HIDE_WRITTEN, _("Hide what they wrote"), _("What they wrote is hidden."),
        _("Only they and moderators see it; it is nowhere listed or found."),
        when=lambda case, member: not member.contributions_hidden,
        take=lambda case, member, by, values: member.hide_contributions(by=by, reason=values["words"]),
        asks=("reason",),
    ),
    Step(
        "show-written", OF_MEMBER, Action.SHOW_WRITTEN, _("Show what they wrote again"),
        _("What they wrote can be seen again."),
        _("Others can read it again, and they are told."),
        when=lambda case, member: member.contributions_hidden and not member.is_spammer,
        take=lambda case, member, by, values: member.hide_contributions(
            hidden=False, by=by, reason=values["words"]
        ),
    ),
    Step(
        "spammer", OF_MEMBER, Action.SPAMMER, _("Spammer"), _("Suspended for good, and everything is hidden."),
        _("They are signed out and can’t sign in any more; their profile and everything they wrote is hidden. All that "
          "waits about them becomes one case, and whoever reported it is told."),
        when=lambda case, member: not member.is_spammer,
        take=lambda case, member, by, values: member.mark_spammer(by, values["words"]),
    ),
    Step(
        "clear", OF_MEMBER, Action.CLEAR, _("Not a spammer"), _("Everything has been given back."),
        _("They can sign in again, and their profile and what they wrote can be seen. They are told."),
        when=lambda case, member: member.is_spammer,
        take=lambda case, member, by, values: member.clear_spammer(by, values["words"]),
    ),
]  # fmt: skip
