"""Which part of a file a request asks for: the header Range, and If-Range, as RFC 9110 says (section 14)."""

import re

from django.utils.http import parse_http_date_safe

UNIT = re.compile(r"\s*bytes\s*=(.*)", re.IGNORECASE | re.DOTALL)
FROM_TO = re.compile(r"([0-9]{1,18})-([0-9]{0,18})", re.ASCII)
LAST = re.compile(r"-([0-9]{1,18})", re.ASCII)


class Unsatisfiable(Exception):
    """The part that is asked for lies past the end: the answer is 416."""


def asked_for(request, size, *, etag, modified):
    """Return the part that a GET asks for as (first byte, how many), or None for the whole of `size` bytes.

    `etag` and `modified` (seconds since 1970) are what If-Range is compared with. Whatever can't be read is
    ignored, as is any other unit. Several parts at once are ignored too: players and viewers ask for one, and a
    list of many that overlap is how servers were brought down. Raises Unsatisfiable.
    """
    header = request.headers.get("Range")
    if request.method != "GET" or header is None or not _still_holds(request, etag, modified):
        return None
    found = UNIT.fullmatch(header)
    parts = [part.strip(" \t") for part in found[1].split(",")] if found else []
    parts = [part for part in parts if part]
    return _one(parts[0], size) if len(parts) == 1 else None


def _one(part, size):
    if last := LAST.fullmatch(part):
        length = min(int(last[1]), size)
        if not length:
            raise Unsatisfiable
        return size - length, length
    found = FROM_TO.fullmatch(part)
    if not found:
        return None
    first = int(found[1])
    end = int(found[2]) if found[2] else size - 1
    if found[2] and end < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, min(end, size - 1) - first + 1


def _still_holds(request, etag, modified):
    """Whether the part may be sent by itself: what the reader has of the file belongs to this very one."""
    condition = request.headers.get("If-Range")
    if condition is None:
        return True
    condition = condition.strip()
    # A weak tag (W/"…") never holds here, and ours are strong.
    return condition == etag or parse_http_date_safe(condition) == modified
