"""What moderation holds on a member: the trail of decisions, cases, reports and answers."""

from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held

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
    ),
    Held(
        "moderation.Case",
        what=_("What stands or stood in the moderators’ queue about you or what you wrote."),
        why=_("So that a person looks at everything that somebody reported or that waits for approval."),
        closing=Closing.BLANK,
        fields=("about", "closed_by"),
        of=("about",),
        columns=("target_label", "why", "state", "opened_at", "closed_at"),
    ),
    Held(
        "moderation.Appeal",
        what=_("Your answers to decisions."),
        why=_("So that somebody else looks at the decision again."),
        closing=Closing.BLANK,
        fields=("by",),
        columns=("words", "made_at", "decided_at"),
    ),
    Held(
        "moderation.Flag",
        what=_("What you reported, in your words. Nobody but moderators learns that it was you."),
        why=_("So that moderators can look at it and tell you what came of it."),
        closing=Closing.BLANK,
        fields=("by",),
        columns=("reference", "reason", "words", "made_at", "answered_at"),
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
