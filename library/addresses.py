"""Addresses of other people's sites: which can be shared, and which two of them are the same.

Nothing here asks the network: what a name resolves to is looked at when it is fetched (fetching.py).
"""

import hashlib
import posixpath
import re
import string
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_lazy as _

LONGEST = 1_000
LONGEST_HOST = 253
PORTS = {"http": 80, "https": 443}
# Last labels that no site on the public internet has (RFC 2606, 6761, 6762, 7686, 8375, 9476; ICANN on "internal").
NOT_PUBLIC = frozenset(
    {"alt", "arpa", "example", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost",
     "onion", "test"}
)  # fmt: skip
# What says who sent a reader there and nothing of where they arrive.
TRACKING = re.compile(r"utm_[a-z0-9_]*|fbclid|gclid", re.IGNORECASE)

WITHOUT_SCHEME = re.compile(r"[^\s/?#@:\\]+\.[^\s/?#@:\\]+(?:[/?#]|\Z)")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
LAST_LABEL = re.compile(r"([a-z]{2,63}|xn--[a-z0-9-]{1,59})\Z")
ESCAPED = re.compile(r"%([0-9a-fA-F]{2})?")
UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")
# A browser takes these for letters of their own; Python's rules (RFC 3490) lead to another site.
READ_DIFFERENTLY = frozenset("ßςẞ")
KEPT = "!$&'()*+,;=:@/?%"  # what stands as it is in a path or query (RFC 3986)

WORDS = {
    "no_address": _("Enter the whole address, such as https://www.example.org/page."),
    "scheme": _("Use an address that begins with https:// or http://."),
    "too_long": _("This address is too long: at most 1,000 characters fit."),
    "characters": _("Take out spaces, line breaks and backslashes: no address has them."),
    "credentials": _("Take out the name or password before the @: everybody would see it."),
    "port": _("Use an address without a port number, such as :8080."),
    "host": _("This is not the address of a site that everybody can reach. Check the part after https://."),
}


class NotShareable(ValueError):
    """The address can't be shared; `code` says why, `str()` says so in words."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code

    def __str__(self):
        return str(WORDS[self.code])


@dataclass(frozen=True)
class Address:
    """An address as it is opened (`url`, ASCII alone), its `host` in small letters, and the `key` it is compared by."""

    url: str
    host: str
    key: str


def read(text):
    """Return the Address that a person typed, with or without https:// before it. Raises NotShareable."""
    text = text.strip()
    if not text:
        raise NotShareable("no_address")
    if re.search(r"[\s\\\x00-\x1f\x7f-\x9f]", text) or not text.isprintable():
        raise NotShareable("characters")
    if WITHOUT_SCHEME.match(text):
        text = f"https://{text}"
    scheme = SCHEME.match(text)
    if scheme and scheme[1].lower() not in PORTS:
        raise NotShareable("scheme")
    parts = _split(text)
    host = _public_host(parts.hostname)
    path, query, fragment = (_escaped(part) for part in (parts.path, parts.query, parts.fragment))
    url = f"{parts.scheme}://{host}{path or '/'}"
    url += f"?{query}" if query else ""
    url += f"#{fragment}" if fragment else ""
    if len(url) > LONGEST:
        raise NotShareable("too_long")
    return Address(url, host, _key(host, path, query))


def shown_host(host):
    """Return a host as it is shown: without the www. that says nothing."""
    rest = host.removeprefix("www.")
    return rest if "." in rest else host


def _split(text):
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:  # brackets, or a port that is no number
        raise NotShareable("host") from None
    if parts.scheme not in PORTS or not parts.netloc:
        raise NotShareable("no_address")
    if "@" in parts.netloc:
        raise NotShareable("credentials")
    if port not in {None, PORTS[parts.scheme]}:
        raise NotShareable("port")
    return parts


def _public_host(name):
    """Return a host name in ASCII and small letters. Raises NotShareable for what no public site is called."""
    if not READ_DIFFERENTLY.isdisjoint(name or ""):
        raise NotShareable("host")
    try:
        host = (name or "").encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise NotShareable("host") from None
    labels = host.split(".")
    named = len(labels) > 1 and len(host) <= LONGEST_HOST and all(map(LABEL.match, labels))
    # A last label of digits makes it a number, in one of the many ways to write an IP address.
    if not named or not LAST_LABEL.match(labels[-1]) or labels[-1] in NOT_PUBLIC:
        raise NotShareable("host")
    return host


def _escaped(part):
    """Return a path, query or fragment in ASCII, each escape in capitals, and none where a plain sign does."""

    def plain(found):
        if found[1] is None:
            return "%25"  # a stray percent sign
        sign = chr(int(found[1], 16))
        return sign if sign in UNRESERVED else f"%{found[1].upper()}"

    return ESCAPED.sub(plain, quote(part, safe=KEPT, errors="replace"))


def _key(host, path, query):
    """Return what is the same for addresses that lead to the same page, as 64 hexadecimal digits.

    The scheme, www., a slash at the end, the fragment and tracking parameters make no difference, nor does the order
    of parameters with different names; of those with one name the order stays.
    """
    path = posixpath.normpath(path).removesuffix("/") if path else ""
    path = re.sub(r"\A/+", "/", path)
    fields = [
        field for field in query.split("&") if field and not TRACKING.fullmatch(field.partition("=")[0])
    ]
    compared = (
        f"{shown_host(host)}{path}?{'&'.join(sorted(fields, key=lambda field: field.partition('=')[0]))}"
    )
    return hashlib.sha256(compared.encode()).hexdigest()
