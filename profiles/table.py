"""Members as a table for a spreadsheet. For administrators: it holds e-mail addresses."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.markup import spreadsheets

BATCH = 500

COLUMNS = {
    "display_name": _("Name"),
    "username": _("Username"),
    "email": _("E-mail address"),
    "standing": _("Standing"),
    "joined_at": _("Joined"),
    "confirmed_at": _("E-mail confirmed"),
    "approved_at": _("Approved"),
    "last_login": _("Last signed in"),
    "roles": _("How they take part"),
    "organisation": _("Organisation"),
    "place": _("Place"),
    "region": _("Nation or region"),
    "language": _("Language"),
    "in_directory": _("In the directory"),
}


def lines(members):
    """Yield the table of a queryset of members line by line, beginning with the names of its columns."""
    return spreadsheets.lines(COLUMNS.values(), map(_row, members.iterator(chunk_size=BATCH)))


def _row(member):
    return [
        member.display_name,
        member.username,
        member.email,
        member.standing_words(),
        *(
            _moment(getattr(member, name))
            for name in ("joined_at", "confirmed_at", "approved_at", "last_login")
        ),
        ", ".join(str(label) for label in member.role_labels()),
        member.organisation,
        member.place,
        member.get_region_display(),
        member.language,
        _("Yes") if member.in_directory else _("No"),
    ]


def _moment(moment):
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
