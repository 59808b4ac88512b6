"""What the site itself holds on a member: what they reported to those who run it, and the administration's log."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held, change_rows

from .models import SiteIssue


def erase_issues(leaving):
    """What they reported, also when they were not signed in and gave their address."""
    theirs = Q(reporter=leaving.member) | Q(email__in=leaving.addresses)
    blank = dict.fromkeys(("text", "page", "email", "note"), "")
    yield from change_rows(leaving, SiteIssue.objects.filter(theirs), lambda issue: blank)


def erase_log(leaving):
    """What they did in the administration, what was done there to them, and wherever else it names them."""
    about_them = Q(
        content_type=ContentType.objects.get_for_model(leaving.member), object_id=str(leaving.member.pk)
    )
    names = (*leaving.names, *leaving.usernames, *leaving.addresses)
    named = Q()
    for name in names:
        named |= Q(object_repr__icontains=name) | Q(change_message__icontains=name)
    rows = LogEntry.objects.filter(Q(user=leaving.member) | about_them | named)
    yield from change_rows(leaving, rows, lambda entry: {"object_repr": "", "change_message": ""})


HELD = [
    Held(
        "network.SiteIssue",
        what=_("What you wrote to the people who run the site, and the address you gave for the answer."),
        why=_("To put it right and to answer you."),
        closing=Closing.BLANK,
        fields=("reporter", "answered_by"),
        of=("reporter",),
        columns=("reference", "kind", "text", "page", "email", "created_at", "answered_at"),
        erase=erase_issues,
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
        erase=erase_log,
    ),
]
