"""Sending a file: whole or in part, in blocks, with headers that let it do nothing. Who may have it is not asked here.

A name that somebody gave is data: it reaches a header in one form that every browser reads, and no path at all.
"""

import unicodedata
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

from .checking import clean_name
from .ranges import Unsatisfiable, asked_for
from .storing import is_there, open_file

BLOCK = 256 * 1024
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-()")


class Blocks:
    """Some bytes of an open file, a block at a time: a large file never lies in memory."""

    def __init__(self, content, first, length):
        content.seek(first)
        self.content, self.left = content, length

    def __iter__(self):
        return self

    def __next__(self):
        block = self.content.read(min(BLOCK, self.left)) if self.left else b""
        if not block:
            raise StopIteration
        self.left -= len(block)
        return block

    def close(self):
        self.content.close()


def answer(request, file):
    """Return the response to a GET or HEAD for a StoredFile that the reader may see. Raises Http404 when it is gone.

    With NETWORK_ACCEL the web server in front sends it, and answers for parts and for what has not changed.
    """
    etag, modified = f'"{file.token}"', int(file.created_at.timestamp())
    if settings.NETWORK_ACCEL:
        return _handed_over(file)
    head = {"ETag": etag, "Last-Modified": http_date(modified), "Accept-Ranges": "bytes", **headers(file)}
    unchanged = get_conditional_response(
        request, etag=etag, last_modified=modified, response=_kept_by_nobody_else(HttpResponse(headers=head))
    )
    if unchanged.status_code != 200:  # 304, or 412 where a condition failed
        return unchanged
    try:
        part = asked_for(request, file.size, etag=etag, modified=modified)
    except Unsatisfiable:
        head["Content-Range"] = f"bytes */{file.size}"
        return _kept_by_nobody_else(HttpResponse(status=416, headers=head))
    return _kept_by_nobody_else(_content(request, file, part, head))


def _content(request, file, part, head):
    """Return the response with the bytes of a `part` (first, how many), or of all; for a HEAD without them."""
    first, length = part or (0, file.size)
    status = 206 if part else 200
    head = {**head, "Content-Length": str(length)}
    if part:
        head["Content-Range"] = f"bytes {first}-{first + length - 1}/{file.size}"
    if request.method == "HEAD":
        _or_404(file)
        return HttpResponse(status=status, headers=head)
    try:
        content = open_file(file)
    except FileNotFoundError:
        raise Http404 from None
    return StreamingHttpResponse(Blocks(content, first, length), status=status, headers=head)


def _handed_over(file):
    """Return what lets nginx send the file: see deploy/nginx.conf."""
    _or_404(file)
    address = f"{settings.NETWORK_ACCEL.rstrip('/')}/{file.path}"
    return _kept_by_nobody_else(HttpResponse(headers={**headers(file), "X-Accel-Redirect": address}))


def _or_404(file):
    if not is_there(file):
        raise Http404


def _kept_by_nobody_else(response):
    """A browser may keep what everyone sees, but asks each time: what was taken down is gone at once."""
    patch_cache_control(response, no_cache=True)
    return response


def headers(file):
    """Return the headers of a StoredFile, whatever part of it is sent: its type, its name, and that it does nothing."""
    is_video = file.file_type.media_type.startswith("video/")
    return {
        "Content-Type": file.file_type.media_type,
        "Content-Disposition": disposition(file),
        "Content-Security-Policy": settings.SECURE_CSP_VIDEO if is_video else settings.SECURE_CSP_FILE,
    }


def disposition(file):
    """Return the Content-Disposition of a StoredFile (RFC 6266): how it is opened, and under which name it is saved.

    A name of other letters is sent twice: made plain, and for all that read RFC 8187, whole.
    """
    how = "inline" if file.file_type.inline else "attachment"
    name = saved_name(file)
    plain = "".join(c if c in PLAIN else "_" for c in _without_accents(name))
    if plain == name:
        return f'{how}; filename="{name}"'
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def saved_name(file):
    """Return the name under which a file is saved, which ends as what it is."""
    name = clean_name(file.name)
    extensions = file.file_type.extensions
    return (
        name if name.lower().endswith(tuple(f".{each}" for each in extensions)) else f"{name}.{extensions[0]}"
    )


def _without_accents(name):
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
