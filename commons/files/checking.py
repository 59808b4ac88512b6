"""What an uploaded file is, decided by its content. What we don't take is refused in words that say what we do."""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .accepted import FILE_TYPES, by_extension
from .models import NAME_LENGTH

CHUNK = 1024 * 1024
MESSAGES = {
    "file_type": gettext_lazy("“%(name)s” is not a file we can take. We take: %(accepted)s."),
    "file_empty": gettext_lazy("“%(name)s” is empty. Choose it again, or another file."),
    "file_too_large": gettext_lazy("“%(name)s” is too large: a file can have %(limit)d MB at most."),
}


@dataclass(frozen=True)
class Facts:
    """What is known of a file that was checked: its FileType's code, its name made safe, what was read in it."""

    type: str
    name: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    milliseconds: int | None = None
    codecs: str = ""


def check(upload, accepted, *, most_bytes):
    """Return the Facts of an UploadedFile, whose type must be one of the codes `accepted`.

    Raises ValidationError with one of the codes of MESSAGES; its words name the file and what would be taken.
    """
    name = clean_name(upload.name)
    if upload.size == 0:
        raise refusal("file_empty", name, accepted)
    if upload.size > most_bytes:
        raise refusal("file_too_large", name, accepted, limit=most_bytes // (1024 * 1024))
    found = by_extension(Path(name).suffix.lower().lstrip("."))
    if found is None or found.code not in accepted:
        raise refusal("file_type", name, accepted)
    digest = hashlib.sha256()
    upload.seek(0)
    while chunk := upload.read(CHUNK):
        digest.update(chunk)
    return Facts(type=found.code, name=name, size=upload.size, sha256=digest.hexdigest())


def clean_name(name):
    """Return a file's name as it is shown and sent back: no folders, no control or direction marks, not too long."""
    name = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name)
    name = " ".join(name.replace('"', "'").split()).strip(". ") or "file"
    stem, dot, ending = name.rpartition(".")
    return (
        f"{stem[: NAME_LENGTH - len(ending) - 1]}{dot}{ending}"
        if stem and len(ending) < 10
        else name[:NAME_LENGTH]
    )


def refusal(code, name, accepted, **more):
    """Return the ValidationError of a code of MESSAGES."""
    labels = get_text_list([str(FILE_TYPES[each].label) for each in accepted], _("or"))
    return ValidationError(MESSAGES[code], code=code, params={"name": name, "accepted": labels, **more})
