"""Videos that are hosted elsewhere: which addresses are of one, and what leads to it.

Addresses are only read and kept: the site asks nothing of these hosts, and neither does a page until somebody
follows its link. Everything but the video's own id is left behind, with whatever tells who shared it.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class VideoHost:
    """A site that hosts videos. `code` is kept in Video.host; `domain` is what a browser shows there."""

    code: str
    label: object
    domain: str


YOUTUBE = VideoHost("youtube", _("YouTube"), "youtube.com")
VIMEO = VideoHost("vimeo", _("Vimeo"), "vimeo.com")
HOSTS = {host.code: host for host in (YOUTUBE, VIMEO)}

_SHORT = {"youtu.be", "www.youtu.be"}
_LONG = {
    "youtube.com",
    "www.youtube.com",
    "m.youtube.com",
    "youtube-nocookie.com",
    "www.youtube-nocookie.com",
}
_VIMEO = {"vimeo.com", "www.vimeo.com"}
_VIMEO_PLAYER = "player.vimeo.com"
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_VIMEO_ID = re.compile(r"[1-9][0-9]{0,11}")
_VIMEO_HASH = re.compile(r"[0-9a-f]{8,16}")
_BEFORE_THE_ID = {"shorts", "embed", "live", "v"}


@dataclass(frozen=True)
class Hosted:
    """One video elsewhere: its host and its address in one spelling."""

    host: VideoHost
    address: str


def recognise(address):
    """Return the Hosted that an address is of, as people copy it from a browser or a "Share" button, or None.

    Strict on purpose: the host is one of a list, the id has the form that its host gives ids.
    """
    try:
        parts = urlsplit(with_scheme(address))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or port not in {None, 80, 443} or "@" in parts.netloc:
        return None
    path = [part for part in parts.path.split("/") if part]
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if host in _SHORT or host in _LONG:
        return _on_youtube(path if host in _LONG else ["v", *path], query)
    if host in _VIMEO:
        return _on_vimeo(path)
    if host == _VIMEO_PLAYER and path[:1] == ["video"]:
        return _on_vimeo([*path[1:], *filter(None, [query.get("h")])])
    return None


def with_scheme(address):
    """Return an address as it was typed with https:// before it where it has no scheme."""
    address = address.strip()
    return address if "://" in address else f"https://{address.removeprefix('//')}"


def _on_youtube(path, query):
    if path == ["watch"]:
        found = query.get("v", "")
    elif len(path) == 2 and path[0] in _BEFORE_THE_ID:
        found = path[1]
    else:
        return None
    if not _YOUTUBE_ID.fullmatch(found):
        return None
    return Hosted(YOUTUBE, f"https://www.youtube.com/watch?v={found}")


def _on_vimeo(path):
    """Return the Hosted of an id, alone or with the hash that opens an unlisted video."""
    if not 1 <= len(path) <= 2 or not _VIMEO_ID.fullmatch(path[0]):
        return None
    if len(path) == 2 and not _VIMEO_HASH.fullmatch(path[1]):
        return None
    return Hosted(VIMEO, f"https://vimeo.com/{'/'.join(path)}")
