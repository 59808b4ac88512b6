"""What the site itself holds on a member: what they reported to those who run it, and the administration's log."""

from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held

HELD = [
    Held(
        "network.SiteIssue",
        what=_("What you wrote to the people who run the site, and the address you gave for the answer."),
        why=_("To put it right and to answer you."),
        closing=Closing.BLANK,
        fields=("reporter", "answered_by"),
        of=("reporter",),
        columns=("reference", "kind", "text", "page", "email", "created_at", "answered_at"),
    ),
    Held(
        "admin.LogEntry",
        what=_(
            "What you did in the administration, if you may use it, and what was done there to your account."
        ),
        why=_("So that it can be seen who changed what."),
        closing=Closing.BLANK,
        fields=("user",),
        columns=("action_time", "object_repr", "change_message"),
    ),
]
