"""Which kinds of file the site takes from strangers, and what each is called. Everything else is refused.

The lists are of what people share as evidence: documents that do nothing when they are opened, pictures, videos,
captions. What a file is, is read from its content (checking.py); its name only has to agree.
"""

from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FileType:
    """One kind of file. `inline`: a browser may show it in a window of its own; all else it can only save."""

    code: str
    label: object
    extensions: tuple
    media_type: str
    inline: bool = False
    has_text: bool = False  # whether words can be read out of it


FILE_TYPES = {
    each.code: each
    for each in (
        FileType("pdf", _("PDF"), ("pdf",), "application/pdf", inline=True, has_text=True),
        FileType(
            "docx",
            _("Word document"),
            ("docx",),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            has_text=True,
        ),
        FileType(
            "xlsx",
            _("Excel workbook"),
            ("xlsx",),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            has_text=True,
        ),
        FileType(
            "pptx",
            _("PowerPoint presentation"),
            ("pptx",),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            has_text=True,
        ),
        FileType(
            "odt",
            _("OpenDocument text"),
            ("odt",),
            "application/vnd.oasis.opendocument.text",
            has_text=True,
        ),
        FileType(
            "ods",
            _("OpenDocument spreadsheet"),
            ("ods",),
            "application/vnd.oasis.opendocument.spreadsheet",
            has_text=True,
        ),
        FileType(
            "odp",
            _("OpenDocument presentation"),
            ("odp",),
            "application/vnd.oasis.opendocument.presentation",
            has_text=True,
        ),
        FileType("txt", _("Plain text"), ("txt",), "text/plain; charset=utf-8", inline=True, has_text=True),
        FileType("csv", _("CSV table"), ("csv",), "text/csv; charset=utf-8", has_text=True),
        FileType("jpeg", _("JPEG picture"), ("jpg", "jpeg", "jfif"), "image/jpeg", inline=True),
        FileType("png", _("PNG picture"), ("png",), "image/png", inline=True),
        FileType("webp", _("WebP picture"), ("webp",), "image/webp", inline=True),
        FileType("avif", _("AVIF picture"), ("avif",), "image/avif", inline=True),
        FileType("gif", _("GIF picture"), ("gif",), "image/gif", inline=True),
        FileType("mp4", _("MP4 video"), ("mp4", "m4v"), "video/mp4", inline=True),
        FileType("webm", _("WebM video"), ("webm",), "video/webm", inline=True),
        FileType("vtt", _("WebVTT captions"), ("vtt",), "text/vtt; charset=utf-8", inline=True),
    )
}

PICTURES = ("jpeg", "png", "webp", "avif", "gif")
DOCUMENTS = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "txt", "csv", *PICTURES)
VIDEOS = ("mp4", "webm")
CAPTIONS = ("vtt",)
# What is called by one name where all of it is taken.
FAMILIES = (
    (("odt", "ods", "odp"), _("OpenDocument text, spreadsheet or presentation")),
    (PICTURES, _("picture (JPEG, PNG, WebP, AVIF or GIF)")),
)


def by_extension(extension):
    """Return the FileType whose names end like this ("jpg", without a dot), or None."""
    return next((each for each in FILE_TYPES.values() if extension in each.extensions), None)


def accept_attribute(codes):
    """Return the value of an input's `accept`, such as ".pdf,.docx"."""
    return ",".join(f".{extension}" for code in codes for extension in FILE_TYPES[code].extensions)


def words_for(codes):
    """Return what files of these codes are called, such as "PDF, Word document or CSV table"."""
    words = {code: FILE_TYPES[code].label for code in codes}
    for family, name in FAMILIES:
        if set(family) <= set(codes):
            words |= dict.fromkeys(family, name)
    return get_text_list([str(each) for each in dict.fromkeys(words.values())], _now("or"))
