"""Members as a table for a spreadsheet. For administrators: it holds e-mail addresses."""

import csv

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A cell that begins so is calculated and not shown: OWASP, "CSV Injection". Full-width forms count in some programs.
CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # else a well-known spreadsheet reads UTF-8 as something else
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


class _Echo:
    """Gives back what csv writes, a line at a time."""

    def write(self, line):
        return line


def lines(members):
    """Yield the table of a queryset of members line by line, beginning with the names of its columns."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK + writer.writerow([str(name) for name in COLUMNS.values()])
    for member in members.iterator(chunk_size=BATCH):
        yield writer.writerow([safe(cell) for cell in _row(member)])


def safe(cell):
    """Return a cell's text so that no spreadsheet takes it for a formula: as text, with an apostrophe before it."""
    text = str(cell)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(CALCULATED) else text


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
