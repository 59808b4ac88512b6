"""Reading files in the background: their words, how many pages they have, a picture of the first page.

A file is parsed in a process of its own (read_child.py) and never in a web process. Whoever takes one up holds it for
as long as LEASE: a worker that is killed leaves it to the next. What was read is written in one transaction.
"""

import contextlib
import hashlib
import io
import json
import logging
import os
import re
import selectors
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from .models import FileText, Purpose, State, StoredFile
from .signals import file_read, file_to_be_written
from .storing import open_file

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
MOST_TRIES = 2  # a parser may die of a file so many times
MOST_TAKEN = 5  # and a worker go away over it
MOST_CHARACTERS = 2_000_000
COVER_WIDTHS = (160, 480)
LARGEST_NUMBER = 2**31 - 1  # of a PositiveIntegerField

CHILD = Path(__file__).with_name("read_child.py")
SECONDS = 100  # more than the child gives itself
MOST_OUTPUT = 16 * 1024 * 1024
NAP = 0.1  # how soon a worker that is told to stop stops reading
BROKEN = 3  # see read_child.py


class ParserDied(Exception):
    """The child ended in a way that nobody intended: a limit, a crash, more output than it may make."""


class NotReadable(Exception):
    """The child says that the file is not what it should be."""


class Stopped(Exception):
    """Whoever asked for it does not want to go on."""


@dataclass
class Reading:
    """What was read in a file. `covers` are WebP pictures, each after its width and height as two bytes each."""

    pages: int | None = None
    text: str = ""
    cut: bool = False
    covers: list = field(default_factory=list)


def read_due(go_on=lambda: True):
    """Read the file that has waited longest; return how many were taken up: 1 or 0.

    `go_on` is asked before and while reading: once it says no, the parser is ended and the file given back.
    """
    if not go_on():
        return 0
    file = _take()
    return 0 if file is None else _read(file, go_on)


def read_now(file):
    """Read a StoredFile that is not in use yet, which nobody else reads, to the end; return it as it is then."""
    while file.state == State.WAITING:
        StoredFile.objects.filter(pk=file.pk).update(taken_at=timezone.now(), tries=F("tries") + 1)
        file.refresh_from_db()
        _read(file, lambda: True)
        file.refresh_from_db()
    return file


def cover_name(width):
    """Return what a cover is called that is so many pixels wide."""
    return f"cover-{width}.webp"


def _take():
    """Hold the file that has waited longest and that nobody holds; return it, or None. What was never saved waits."""
    now = timezone.now()
    waiting = StoredFile.objects.filter(state=State.WAITING, in_use=True)
    free = waiting.filter(Q(taken_at=None) | Q(taken_at__lt=now - LEASE)).order_by("created_at", "pk")
    for pk, taken_at in free.values_list("pk", "taken_at")[:MOST_TAKEN]:
        if waiting.filter(pk=pk, taken_at=taken_at).update(taken_at=now, tries=F("tries") + 1):
            return StoredFile.objects.filter(pk=pk).first()
    return None


def _read(file, go_on):
    """Read a file that is held; return 1, or 0 when it was given back because nobody wants to go on."""
    try:
        if file.tries > MOST_TAKEN:
            raise NotReadable("taken up too often")
        with _as_real_file(file) as content:
            found = read(content, file.type, go_on)
    except Stopped:
        _held(file).update(taken_at=None, tries=F("tries") - 1)
        return 0
    except ParserDied as death:
        log.warning("file %s: the parser died, try %s: %s", file.pk, file.tries, death)
        if file.tries < MOST_TRIES:
            _held(file).update(taken_at=None)
        else:
            _write(file, None)
    except (NotReadable, FileNotFoundError) as error:
        log.warning("file %s can't be read: %s", file.pk, type(error).__name__)
        _write(file, None)
    else:
        _write(file, found)
    return 1


def _held(file):
    """The row of a file, as long as it is held as it was when it was taken up."""
    return StoredFile.objects.filter(pk=file.pk, state=State.WAITING, taken_at=file.taken_at)


# --- the child ----------------------------------------------------------------------------------------


@contextlib.contextmanager
def _as_real_file(file):
    """Open a StoredFile so that a child can read it from its standard input, wherever it is stored."""
    with open_file(file) as content:
        try:
            content.fileno()
        except (AttributeError, io.UnsupportedOperation):
            with tempfile.TemporaryFile() as copy:
                shutil.copyfileobj(content, copy)
                copy.seek(0)
                yield copy
        else:
            yield content


def read(content, kind, go_on=lambda: True):
    """Return the Reading of an open file of the type `kind`, parsed in a child process.

    Raises ParserDied, NotReadable, Stopped.
    """
    options = [str(CHILD), kind, str(MOST_CHARACTERS), *map(str, COVER_WIDTHS)]
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", *options],
        stdin=content,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # a signal to the worker's group is the worker's to answer
    )
    try:
        parts = list(_unpack(_output(child, go_on)))
        code = child.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise ParserDied("it did not end") from None
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    if code == BROKEN:
        raise NotReadable
    if len(parts) < 2:
        raise ParserDied(f"it ended with {code}")
    # Once it has said the words, it can only have died of drawing: they are worth keeping.
    known, text, *covers = parts
    return _understood(known, text, covers if len(covers) == len(COVER_WIDTHS) else [])


def _understood(known, text, covers):
    """Return the Reading that a child reports, as far as it has the right form: it has read what a stranger wrote."""
    try:
        known = json.loads(known)
        pages, cut = known["pages"], known["cut"]
    except (ValueError, TypeError, KeyError):
        raise ParserDied("it said something else") from None
    return Reading(
        pages=pages if isinstance(pages, int) and 0 < pages <= LARGEST_NUMBER else None,
        text=text.decode(errors="replace").replace("\x00", "")[:MOST_CHARACTERS],
        cut=bool(cut),
        covers=[cover for cover in covers if len(cover) > len(b"WwHh")],
    )


def _output(child, go_on):
    """Return all that a child writes."""
    output, until = bytearray(), time.monotonic() + SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if not go_on():
                raise Stopped
            if time.monotonic() > until:
                raise ParserDied("it took too long")
            if not selector.select(NAP):
                continue
            chunk = os.read(child.stdout.fileno(), 64 * 1024)
            if not chunk:
                return bytes(output)
            output += chunk
            if len(output) > MOST_OUTPUT:
                raise ParserDied("it said too much")


def _unpack(stream):
    """Yield the whole parts of what a child wrote, each after its length as four bytes."""
    while len(stream) >= 4:
        (length,) = struct.unpack(">I", stream[:4])
        if len(stream) < 4 + length:
            return
        yield stream[4 : 4 + length]
        stream = stream[4 + length :]


# --- writing what was read ----------------------------------------------------------------------------


def _write(file, found):
    """Write what was found in a file (None: it can't be read) and tell the floors above, unless it is held anew."""
    put = []
    try:
        with transaction.atomic():
            # What it belongs to is locked before the file itself: the order that everybody keeps.
            file_to_be_written.send(sender=StoredFile, file=file)
            held = _held(file).select_for_update().first()
            if held is not None:
                _write_row(held, found)
                _replace_covers(held, found.covers if found else [], put)
                file_read.send(sender=StoredFile, file=held)
    except BaseException:
        for path in put:
            default_storage.delete(path)
        raise


def _write_row(file, found):
    has_text = bool(found and re.search(r"\w", found.text))
    FileText.objects.filter(file=file).delete()
    if has_text:
        FileText.objects.create(file=file, text=found.text)
    file.state = State.READ if found else State.UNREADABLE
    file.taken_at = None
    if found:
        file.has_text, file.text_cut = has_text, found.cut
        file.pages = found.pages or file.pages
    file.save(update_fields=["state", "taken_at", "has_text", "text_cut", "pages"])


def _replace_covers(file, covers, put):
    """Let these pictures be the covers of a file. The paths of what is stored are added to `put`."""
    old = file.renditions.filter(purpose=Purpose.COVER)
    for path in [each.path for each in old]:
        transaction.on_commit(lambda path=path: default_storage.delete(path))
    old.delete()
    for content in covers:
        width, height = struct.unpack(">HH", content[:4])
        content = content[4:]
        cover = StoredFile(
            made_from=file,
            purpose=Purpose.COVER,
            type="webp",
            name=cover_name(width),
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            width=width,
            height=height,
            in_use=True,
        )
        put.append(cover.path)
        default_storage.save(cover.path, ContentFile(content))
        cover.save()
