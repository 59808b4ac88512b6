"""What a page says of the files of one item: what each is, how large, and whether search knows its words. No query."""

from dataclasses import dataclass
from urllib.parse import quote

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.files.accepted import FILE_TYPES
from commons.files.models import Purpose, State
from commons.files.reading import cover_name

from .models import Role

SLIDES = ("pptx", "odp")


@dataclass(frozen=True)
class Cover:
    """A picture of a file's first page: `url` of the smallest, `srcset` of all."""

    url: str
    width: int
    height: int
    srcset: str


@dataclass(frozen=True)
class FileLine:
    """One file, as components/files.html shows it; `about` is kind, size and pages in one line."""

    url: str
    name: str
    kind: str
    size: str
    pages: str = ""
    cover: Cover | None = None
    notice: str = ""

    @property
    def about(self):
        return ", ".join(filter(None, [self.kind, self.size, self.pages]))


def file_lines(item, role=Role.FILE):
    """Return the FileLines of a contribution's files in that role, in order, from its card."""
    return [_line(entry) for entry in item.card.get("files", []) if entry["role"] == role]


def file_url(entry, name=None):
    """Return the address of a file or rendition, as a card holds it."""
    return f"/files/{entry['token']}/{quote(name or entry['name'], safe='')}"


def cover_of(entry):
    """Return the Cover of a file, as a card holds it, or None."""
    covers = [each for each in entry.get("renditions", []) if each["purpose"] == Purpose.COVER]
    if not covers:
        return None
    urls = [(file_url(each, cover_name(each["width"])), each["width"]) for each in covers]
    return Cover(
        url=urls[0][0],
        width=covers[0]["width"],
        height=covers[0]["height"],
        srcset=", ".join(f"{url} {width}w" for url, width in urls),
    )


def _line(entry):
    return FileLine(
        url=file_url(entry),
        name=entry["name"],
        kind=str(FILE_TYPES[entry["type"]].label),
        size=filesizeformat(entry["size"]),
        pages=_pages(entry),
        cover=cover_of(entry),
        notice=_notice(entry),
    )


def _pages(entry):
    number = entry.get("pages")
    if not number:
        return ""
    if entry["type"] in SLIDES:
        return ngettext("%(number)d slide", "%(number)d slides", number) % {"number": number}
    return ngettext("%(number)d page", "%(number)d pages", number) % {"number": number}


def _notice(entry):
    """Return what a reader should know of its words, or "": nothing where all is well, or where none are looked for."""
    if not FILE_TYPES[entry["type"]].has_text:
        return ""
    if entry["state"] == State.WAITING:
        return _("This file is being read: soon its words can be found by searching.")
    if entry["state"] == State.UNREADABLE:
        return _(
            "This file could not be read here, so its words can’t be searched. You can still download it."
        )
    if entry["has_text"] is False:
        return (
            _("This is a scan: its words can’t be searched.")
            if entry["type"] == "pdf"
            else _("No words were found in this file.")
        )
    if entry.get("text_cut"):
        return _("This file is very long: only the first part of its words can be searched.")
    return ""
