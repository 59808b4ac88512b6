"""What every request and response passes through: log, headers, the proxy's word, plain input, language, standing."""

import secrets
import time

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import LimitedStream
from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseBadRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils.cache import patch_cache_control

from commons.contributions.kept import keep_typed_text
from commons.files.receiving import SkippingUploadHandler
from commons.tagging import vocabulary

from . import errors, logs, uploads
from .health import MACHINES
from .log_lines import request_id

QUERY_LENGTH = 4_000
PATH_LENGTH = 1_000
CHUNK = 64 * 1024
READ_AWAY = 64 * 1024 * 1024
READ_AWAY_OF_MEMBER = 2 * 1024 * 1024 * 1024
CUT_OFF = "the connection ended before all was sent"


class RequestLogMiddleware:
    """Give each request an id of our own, which its log lines and its answer carry, and log it when it is answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        name = secrets.token_hex(8)
        request_id.set(name)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = name
        logs.request_done(request, response, time.perf_counter() - began)
        return response


class SecurityHeadersMiddleware:
    """Content-Security-Policy, Permissions-Policy and caching on every response, the admin's and errors' too."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = "; ".join(
            f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items()
        )
        self.permissions = ", ".join(
            f"{name}=({' '.join(allowed)})" for name, allowed in settings.PERMISSIONS_POLICY.items()
        )

    def __call__(self, request):
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", self.policy)
        headers.setdefault("Permissions-Policy", self.permissions)
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        # A member's photo may be kept for a while: its address changes with it, and it says so itself.
        kept = headers.get("Cache-Control", "").startswith("private, max-age=")
        if _may_be_signed_in(request) and not kept:
            patch_cache_control(response, private=True, no_store=True)
        return response


class CompressionMiddleware(GZipMiddleware):
    """Send pages compressed. Not a file that can be asked for in parts: its length and its parts must stay true."""

    def process_response(self, request, response):
        if "Accept-Ranges" in response.headers or "X-Accel-Redirect" in response.headers:
            return response
        return super().process_response(request, response)


def _may_be_signed_in(request):
    """Whether it is a member's request. When the database can't say, it counts as one: nobody keeps the answer."""
    if request.path_info in MACHINES:
        return False  # and whose it is, is not asked
    try:
        return getattr(request, "user", None) is not None and request.user.is_authenticated
    except DatabaseError:
        return True


class ProxyMiddleware:
    """With TRUST_PROXY, take the visitor's address from the one proxy in front; else ignore what clients claim."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if settings.TRUST_PROXY and forwarded:
            # Only the last entry was written by our own proxy.
            request.META["REMOTE_ADDR"] = forwarded.rsplit(",", 1)[-1].strip()
        elif not settings.TRUST_PROXY:
            request.META.pop("HTTP_X_FORWARDED_FOR", None)
        return self.get_response(request)


class PlainInputMiddleware:
    """Answer 400 to what no person types (NUL, other charsets, huge addresses) and 413 to what is too large."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = request.META.get("QUERY_STRING", "")
        if len(request.path_info) > PATH_LENGTH or len(query) > QUERY_LENGTH or _has_nul(request, query):
            return errors.bad_request(request)
        charset = request.content_params.get("charset", "utf-8").lower()
        if charset not in {"utf-8", "utf8", "us-ascii", "ascii"}:
            return HttpResponseBadRequest(
                "This site reads UTF-8 only.", content_type="text/plain; charset=utf-8"
            )
        length = _length_of(request)
        if length is None:
            return errors.bad_request(request)
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and not _may_have_files(request):
            _read_away(request, length)
            return errors.too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        if length:
            # Django's own stream takes what a broken connection cut off for the whole of it.
            request._stream = WholeStream(request.META["wsgi.input"], length)
        response = self.get_response(request)
        if length:
            for handler in request.upload_handlers:
                handler.upload_interrupted()  # of a file that broke off nobody else tells it
        return response

    def process_view(self, request, view, arguments, keywords):
        """Before anything of a form with files is read: how much may it be, at this address, from this sender?"""
        length = _length_of(request)
        if not _may_have_files(request) or length <= settings.UPLOAD_MAX_SIZE:
            return None
        of_member = request.user.is_authenticated
        limit = settings.UPLOAD_MAX_SIZE + (uploads.most_bytes(view) if of_member else 0)
        if length <= limit:
            return None
        kept = _words_kept(request, length) if of_member else None
        if not kept:
            _read_away(request, length)
        return errors.too_large(request, limit, kept)

    def process_exception(self, request, exception):
        return errors.bad_request(request) if isinstance(exception, UnreadablePostError) else None


class WholeStream(LimitedStream):
    """What is posted, or an error: half a text must not be taken for a whole one."""

    def read(self, size=-1, /):
        left = self.limit - self._pos
        wanted = left if size is None or size < 0 else min(size, left)
        found = super().read(size)
        if len(found) < wanted:  # a server's stream waits for all that is asked of it, or for the end
            raise OSError(CUT_OFF)  # UnreadablePostError to those who read
        return found

    def readline(self, size=-1, /):
        found = super().readline(size)
        if not found and size != 0 and self._pos < self.limit:
            raise OSError(CUT_OFF)
        return found


def _length_of(request):
    """Return how many bytes are said to follow, or None for what is no number."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdecimal() else None


def _may_have_files(request):
    return request.content_type == "multipart/form-data"


def _read_away(request, length):
    """Read what is sent and keep none of it: a browser shows our answer only once it has sent everything."""
    try:
        for _chunk in range(min(length, READ_AWAY) // CHUNK + 1):
            if not request.read(CHUNK):
                break
    except OSError:  # it was cut off
        return


def _words_kept(request, length):
    """Return the KeptText of what a member typed in a form whose files are too large, which are read away, or None."""
    if length > READ_AWAY_OF_MEMBER:
        return None
    request.upload_handlers = [SkippingUploadHandler(request)]
    try:
        return keep_typed_text(request)
    except (UnreadablePostError, MultiPartParserError, SuspiciousOperation):
        return None


def _has_nul(request, query):
    """Whether path, query or a cookie holds a NUL, which PostgreSQL refuses. (For what is posted, forms do.)"""
    return (
        "\x00" in request.path_info
        or "%00" in query
        or "\x00" in query
        or any("\x00" in value for value in request.COOKIES.values())
    )


class FollowedMiddleware:
    """Answer nothing where a script's form led: the browser goes there next, and is shown all that is shown once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method == "GET" and "X-Follow" in request.headers:
            return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
        return self.get_response(request)


class LanguageMiddleware(LocaleMiddleware):
    """The language of the address's prefix. Unprefixed addresses are English whatever the browser asks for."""

    def process_response(self, request, response):
        varies = response.headers.get("Vary", "")
        response = super().process_response(request, response)
        if varies:
            response.headers["Vary"] = varies
        else:
            response.headers.pop("Vary", None)
        return response


class StandingMiddleware:
    """End the session of a member who may no longer act: suspended, closed, or not yet approved."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info not in MACHINES and request.user.is_authenticated and not request.user.may_act:
            logout(request)
        return self.get_response(request)


class VocabularyMiddleware:
    """Read the snapshot of principles and sectors once a request, however many parts of a page ask for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with vocabulary.one_for_all():
            return self.get_response(request)
