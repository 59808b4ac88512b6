"""Answering 304: a visitor's page that has not changed since is not sent again.

Only for visitors. What they see is made of stored rows, the vocabulary and the site's own files, so a tag
made of those, read in one query, tells whether anything is new.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.http import HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags

from commons.tagging import vocabulary


@lru_cache(maxsize=1)
def release():
    """Return a short name for the site's own files and settings as they stood when the process started."""
    ours = [Path(config.path) for config in apps.get_app_configs()]
    folders = [
        folder for folder in ours if settings.BASE_DIR in folder.parents and ".venv" not in folder.parts
    ]
    files = [path for folder in (*folders, settings.BASE_DIR / "templates") for path in folder.rglob("*.*")]
    files += [settings.BASE_DIR / "requirements" / "runtime.txt", settings.STATIC_ROOT / "staticfiles.json"]
    newest = max(path.stat().st_mtime_ns for path in files if path.suffix != ".pyc" and path.is_file())
    return hashlib.sha256(f"{newest}{settings.NETWORK_NAME}{settings.SITE_URL}".encode()).hexdigest()[:12]


def etag_for(request, *parts):
    """Return a weak ETag for a visitor's page that depends on `parts`, its address and the vocabulary.

    Empty for a browser with a session: its page may show a message ("You are signed out"), and only once.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return ""
    seen = (
        release(),
        request.get_full_path(),
        request.LANGUAGE_CODE,
        vocabulary.current().digest,
        parts,
    )
    return f'W/"{hashlib.sha256(repr(seen).encode()).hexdigest()[:32]}"'


def not_modified(request, etag):
    """Return a 304 when the visitor's browser has the page under this tag, else None."""
    if etag and etag in parse_etags(request.headers.get("If-None-Match", "")):
        return stamp(HttpResponseNotModified(), etag)
    return None


def stamp(response, etag):
    """Put the tag on a visitor's response: it may be kept, but must be asked for again. Without a tag, not kept."""
    if not etag:
        patch_cache_control(response, private=True, no_store=True)
        return response
    response.headers["ETag"] = etag
    patch_cache_control(response, no_cache=True)
    return response
