"""What moderation holds on a member: the trail of decisions, cases, reports and answers."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held, change_rows

from .appeals import Appeal
from .cases import Case
from .decisions import Decision
from .flags import Flag


def erase_decisions(leaving):
    """What decisions about them were called and why: the one redaction that an append-only table lets through."""
    yield from _blank(leaving, Decision.objects.filter(about=leaving.member), ("target_label", "reason"))


def erase_cases(leaving):
    yield from _blank(leaving, Case.objects.filter(about=leaving.member), ("target_label", "held_because"))


def erase_appeals(leaving):
    yield from _blank(leaving, Appeal.objects.filter(by=leaving.member), ("words",))


def erase_flags(leaving):
    """What they reported, also when they were not signed in and gave their address."""
    theirs = Q(by=leaving.member) | Q(email__in=leaving.addresses)
    yield from _blank(leaving, Flag.objects.filter(theirs), ("words", "email"))


def _blank(leaving, rows, columns):
    said = Q()
    for column in columns:
        said |= ~Q(**{column: ""})
    yield from change_rows(leaving, rows.filter(said), lambda row: dict.fromkeys(columns, ""))


HELD = [
    Held(
        "moderation.Decision",
        what=_(
            "What was decided about you and what you wrote, when and why; and what you decided as a moderator."
        ),
        why=_("So that decisions can be explained, answered and proved. Nobody can change this record."),
        closing=Closing.BLANK,
        fields=("about", "by"),
        of=("about",),
        columns=("action", "target_label", "from_status", "to_status", "reason", "at"),
        erase=erase_decisions,
    ),
    Held(
        "moderation.Case",
        what=_("What stands or stood in the moderators’ queue about you or what you wrote."),
        why=_("So that a person looks at everything that somebody reported or that waits for approval."),
        closing=Closing.BLANK,
        fields=("about", "closed_by"),
        of=("about",),
        columns=("target_label", "why", "state", "opened_at", "closed_at"),
        erase=erase_cases,
    ),
    Held(
        "moderation.Appeal",
        what=_("Your answers to decisions."),
        why=_("So that somebody else looks at the decision again."),
        closing=Closing.BLANK,
        fields=("by",),
        columns=("words", "made_at", "decided_at"),
        erase=erase_appeals,
    ),
    Held(
        "moderation.Flag",
        what=_("What you reported, in your words. Nobody but moderators learns that it was you."),
        why=_("So that moderators can look at it and tell you what came of it."),
        closing=Closing.BLANK,
        fields=("by",),
        columns=("reference", "reason", "words", "made_at", "answered_at"),
        erase=erase_flags,
    ),
    Held(
        "moderation.ModeratorMail",
        what=_("When you were last told that something waits, if you are a moderator."),
        why=_("So that a flood of reports is no flood of mail."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("mailed_at", "owed"),
    ),
]
