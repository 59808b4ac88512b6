"""Log lines: one JSON object a line, with the id of the request it belongs to, and nothing that a person typed.

Standard library only, because gunicorn's own lines (gunicorn.py) take this shape too. What is said in
them, and by whom, is in logs.py.
"""

import json
import logging
import logging.handlers
import os
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

# A thread serves one request after the other: the id stays until the next one begins.
request_id = ContextVar("request_id", default="")

LARGEST_FILE = 20_000_000  # bytes; a larger one is put aside, in place of the one put aside before it
LONGEST_LINE = 2_000  # characters of an event; the rest of a longer one is left out
MOST_FRAMES = 25
ROOT = Path(__file__).resolve().parent.parent
WORD = re.compile(r"[^\s<>()\[\]\"',;:=]+")  # an e-mail address is one of these


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: time (UTC), level, logger, event, request, and the record's `fields`.

    Of an exception it keeps the type and where it came from. Its message may quote what somebody sent, so
    that is left out; and so is what looks like an e-mail address, wherever it stands.
    """

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": WORD.sub(_unless_address, _event(record)[:LONGEST_LINE]),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["error"], line["trace"] = _trace(record.exc_info[1])
        return json.dumps(line, default=str)


def _event(record):
    """Return what happened, in words. Django's own lines about a request name its path: of them, only the kind."""
    if not hasattr(record, "request"):
        return record.getMessage()
    first = record.args[0] if isinstance(record.args, tuple) and record.args else ""
    return str(first) or record.name.rpartition(".")[2]


def _unless_address(word):
    return "…" if "@" in word[0] else word[0]


def _trace(error):
    """Return the types of an exception and of those that led to it, and the innermost lines of code."""
    kinds, seen = [], error
    while seen is not None and len(kinds) < 5:
        kinds.append(type(seen).__name__)
        seen = seen.__cause__ or seen.__context__
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    return " from ".join(kinds), [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames]


def _short(path):
    """Return a file's path without the folder that the site, or its packages, lie in."""
    path = path.partition("site-packages/")[2] or path
    return path.removeprefix(f"{ROOT}/")


class Of(logging.Filter):
    """Lets through the records of the loggers named, or with `but` all others."""

    def __init__(self, names=(), but=()):
        super().__init__()
        self.names, self.but = frozenset(names), frozenset(but)

    def filter(self, record):
        return record.name in self.names if self.names else record.name not in self.but


class SharedFile(logging.handlers.WatchedFileHandler):
    """A file that several processes write whole lines to. It never stands in the way of an answer.

    Made when the first line comes, for its owner and group only; put aside as `<name>.1` when it has grown
    large. A line that can't be written (a full disk) is lost without a word: the request matters more.
    """

    def __init__(self, filename):
        super().__init__(filename, encoding="utf-8", delay=True)

    def _open(self):
        folder = os.path.dirname(self.baseFilename)
        os.makedirs(folder, mode=0o750, exist_ok=True)
        return open(self.baseFilename, "a", encoding="utf-8", opener=_for_owner_and_group)

    def emit(self, record):
        try:
            self._put_aside_when_large()
            super().emit(record)
        except OSError:
            self.stream = None

    def _put_aside_when_large(self):
        if self.stream is None or self.stream.tell() < LARGEST_FILE:
            return
        # Another process may have done so just now: then the name stands for a new file already.
        if os.stat(self.baseFilename).st_ino == os.fstat(self.stream.fileno()).st_ino:
            os.replace(self.baseFilename, f"{self.baseFilename}.1")

    def handleError(self, record):
        self.stream = None


def _for_owner_and_group(path, flags):
    return os.open(path, flags, 0o640)
