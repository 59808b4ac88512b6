"""Writing a member's copy of their data: a ZIP of JSON, Markdown and their files, made a row and a block at a time."""

import json
import logging
import tempfile
import time
import zipfile
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from commons.files.checking import clean_name
from commons.files.receiving import arriving
from commons.notifications.notify import notify
from commons.personal_data.held import all_held

from .data_copy import DataCopy

log = logging.getLogger(__name__)

BLOCK = 256 * 1024
HOLD_EVERY = 60  # seconds
ABOUT_COPY = "own.copy"


class Stopped(Exception):
    """Whoever asked for it does not want to go on."""


def make_due(go_on=lambda: True):
    """Make the copy that has waited longest; return how many were taken up: 1 or 0.

    `go_on` is asked before and while it is made: once it says no, the copy is left to the next.
    """
    copy = DataCopy.objects.take() if go_on() else None
    if copy is None:
        return 0
    try:
        _make(copy, _Pace(copy, go_on))
    except Stopped:
        copy.give_back()
    except Exception:
        log.exception("the copy of member %s could not be made", copy.member_id)
        if copy.let_wait():
            _tell_failed(copy.member)
    return 1


def _make(copy, pace):
    with tempfile.TemporaryFile(dir=arriving()) as out:
        write(copy.member, out, pace)
        size = out.tell()
        out.seek(0)
        # One that was killed after this step left its file: the name is the copy's own.
        default_storage.delete(copy.path)
        default_storage.save(copy.path, File(out))
    with transaction.atomic():
        wanted = copy.finish(size)
        if wanted:
            _tell_ready(copy.member)
    if not wanted:
        default_storage.delete(copy.path)


def write(member, out, pace=lambda: None):
    """Write all that is held on `member` to the open file `out`, as a ZIP; `pace` is called all along.

    No more than a batch of rows or a block of a file lies in memory at a time.
    """
    with override(member.language), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.md", _read_me(member))
        for held in all_held():
            with _opened(archive, f"data/{held.model}.json") as entry:
                _write_rows(entry, held.copy(member), pace)
        for held in all_held():
            for path, papers in groupby(held.papers(member) if held.papers else (), key=itemgetter(0)):
                with _opened(archive, _safe(path)) as entry:
                    for number, (_path, words) in enumerate(papers):
                        pace()
                        entry.write((("\n---\n\n" if number else "") + words).encode())
        for held in all_held():
            for path, opened in held.files(member) if held.files else ():
                _write_file(archive, _safe(path), opened, pace)


def _write_rows(entry, rows, pace):
    """Write dicts as a JSON list, one a line."""
    entry.write(b"[")
    for number, row in enumerate(rows):
        pace()
        entry.write(b",\n" if number else b"\n")
        entry.write(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode())
    entry.write(b"\n]\n")


def _write_file(archive, path, opened, pace):
    try:
        content = opened()
    except FileNotFoundError:  # deleted a moment ago
        return
    # Pictures, films and documents are as small as they get.
    with content, _opened(archive, path, zipfile.ZIP_STORED) as entry:
        while block := content.read(BLOCK):
            pace()
            entry.write(block)


@contextmanager
def _opened(archive, path, how=zipfile.ZIP_DEFLATED):
    entry = zipfile.ZipInfo(path, date_time=timezone.localtime().timetuple()[:6])
    entry.compress_type, entry.external_attr = how, 0o600 << 16
    with archive.open(entry, "w", force_zip64=True) as opened:
        yield opened


def _safe(path):
    """Return a path in the archive that leads nowhere else when somebody unpacks it."""
    folder, _slash, name = path.rpartition("/")
    return f"{folder}/{clean_name(name)}" if folder else clean_name(name)


def _read_me(member):
    """Return what the archive says of itself: what lies where, and what is held and why."""
    lines = [
        "# " + _("Your data on %(network)s") % {"network": settings.NETWORK_NAME},
        _("Made for %(name)s on %(day)s.")
        % {"name": member.display_name, "day": date_format(timezone.localdate(), "j F Y")},
        _(
            "What you wrote is here to read, as Markdown, in a folder for each kind. Your files are in “files”, your "
            "photo in “photo”. The folder “data” has everything for programs to read, as JSON, one file a table:"
        ),
    ]
    for held in all_held():
        lines.append(f"- `data/{held.model}.json`: {held.what} {held.why} {held.not_copied}".rstrip())
    return "\n\n".join(lines) + "\n"


class _Pace:
    """Called all along: keeps the copy held, and raises Stopped once it should not be gone on with."""

    def __init__(self, copy, go_on):
        self.copy, self.go_on = copy, go_on
        self.next_hold = time.monotonic() + HOLD_EVERY

    def __call__(self):
        if not self.go_on():
            raise Stopped
        if time.monotonic() >= self.next_hold:
            self.next_hold = time.monotonic() + HOLD_EVERY
            if not self.copy.hold():
                raise Stopped


def _tell_ready(member):
    with override(member.language):
        notify(
            member,
            ABOUT_COPY,
            _("The copy of your data is ready"),
            _("You can download it for seven days; then it is deleted. Only you can, signed in."),
            reverse("profiles:data_copy"),
        )


def _tell_failed(member):
    with override(member.language):
        notify(
            member,
            ABOUT_COPY,
            _("The copy of your data could not be made"),
            _("We are sorry. Please ask for it once more, and if that does not help, write to us."),
            reverse("profiles:data_copy"),
        )
