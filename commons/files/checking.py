"""What an uploaded file is, decided by its content. What we don't take is refused in words that say what we do.

The content is looked at by check_child.py, in a process of its own with limits on memory and time: it reads what
strangers send with libraries that may have mistakes. What goes wrong there is a refusal here, never an error.
"""

import hashlib
import json
import logging
import subprocess
import sys
import tempfile
import threading
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from .accepted import FILE_TYPES, by_extension
from .models import NAME_LENGTH
from .refusals import MESSAGES, REFUSED_ENDINGS

logger = logging.getLogger(__name__)

CHUNK = 1024 * 1024
CHILD = Path(__file__).with_name("check_child.py")
SECONDS = 20  # the child stops itself after 15 seconds of computing; this is for one that waits
AT_ONCE = 2  # children of one web process: each may take up to a gigabyte while it decodes
MOST_WAITING = 30  # seconds until somebody whose file waits for others is asked to come back
LARGEST_NUMBER = 2**31 - 1  # of a PositiveIntegerField
NUMBERS = ("width", "height", "pages", "milliseconds")
CODECS_LENGTH = 60

_children = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Facts:
    """What is known of a file that was checked: its FileType's code, its name made safe, what was read in it.

    `width` and `height` are pixels as people see them, upright. `codecs` are a video's ("AVC, AAC"), or a text's
    encoding: "utf-8", "utf-16" or "windows-1252".
    """

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
    if not upload.size:
        raise refusal("file_empty", name, accepted)
    if upload.size > most_bytes:
        raise refusal("file_too_large", name, accepted, limit=max(1, most_bytes // (1024 * 1024)))
    extension = Path(name).suffix.lower().lstrip(".")
    expected = by_extension(extension)
    if expected is None or expected.code not in accepted:
        raise refusal(REFUSED_ENDINGS.get(extension, "file_type"), name, accepted)
    try:
        with content_of(upload) as (file, sha256):
            answer = ask_child(file, expected.code)
    except OSError:  # no room for a copy, or for another process
        logger.exception("a file could not be looked at")
        raise refusal("file_busy", name, accepted) from None
    if "refused" in answer:
        code = answer["refused"] if answer["refused"] in MESSAGES else "file_unreadable"
        raise refusal(code, name, accepted, **answer["params"])
    return Facts(name=name, size=upload.size, sha256=sha256, **answer)


@contextmanager
def content_of(upload):
    """Give (an open file on the disk with the upload's bytes, their SHA-256): never more than a piece is in memory."""
    digest = hashlib.sha256()
    upload.seek(0)
    if hasattr(upload, "temporary_file_path"):
        while chunk := upload.read(CHUNK):
            digest.update(chunk)
        with open(upload.temporary_file_path(), "rb") as file:
            yield file, digest.hexdigest()
    else:
        with tempfile.TemporaryFile() as file:
            while chunk := upload.read(CHUNK):
                digest.update(chunk)
                file.write(chunk)
            file.seek(0)
            yield file, digest.hexdigest()


def ask_child(file, expected):
    """Return what the child says of an open file: the Facts it read, or {"refused": code, "params": {}}."""
    if not _children.acquire(timeout=MOST_WAITING):
        return refused("file_busy")
    try:
        with tempfile.TemporaryFile() as answer:
            done = subprocess.run(  # noqa: S603 - our own script; the file is its standard input
                [sys.executable, "-I", str(CHILD), expected],
                stdin=file,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
            answer.seek(0)
            return understood(answer.read(), expected) if done.returncode == 0 else refused("file_unreadable")
    except subprocess.TimeoutExpired:
        return refused("file_unreadable")
    finally:
        _children.release()


def understood(answer, expected):
    """Return a child's answer if it has the form that it should: it has read what a stranger wrote."""
    try:
        answer = json.loads(answer)
        if "refused" in answer:
            return refused(str(answer["refused"]), **understood_params(answer["params"]))
        numbers = {key: int(answer[key]) for key in NUMBERS if key in answer}
        known = answer["type"] == expected and all(0 < each <= LARGEST_NUMBER for each in numbers.values())
        codecs = "".join(letter for letter in answer.get("codecs", "") if letter.isprintable())[
            :CODECS_LENGTH
        ]
    except (ValueError, TypeError, KeyError, AttributeError):
        known = False
    return {"type": expected, "codecs": codecs, **numbers} if known else refused("file_unreadable")


def understood_params(params):
    """Return what a message may need, whether or not the child has said it."""
    found = FILE_TYPES[params["found"]] if "found" in params else None
    return {
        "line": int(params.get("line", 0)),
        "limit": int(params.get("limit", 0)),
        "codec": str(params.get("codec", "")),
        "found": found.label if found else "",
        "ending": found.extensions[0] if found else "",
    }


def refused(code, **params):
    return {"refused": code, "params": params}


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
