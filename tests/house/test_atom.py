"""Every feed of the site is valid Atom: the rules of RFC 4287, read from what is answered."""

import re
from datetime import datetime
from html import unescape
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings

from tests.addresses import ROWS
from tests.world import build_world

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = {name: row for name, row in ROWS.items() if name.endswith("feed")}
# Section 3.3: RFC 3339 with an upper-case T, and Z or an offset.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
IRI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")
TEXT_TYPES = {None, "text", "html", "xhtml"}


def faults_of(root):
    """Return what RFC 4287 forbids in a feed, in words."""
    if root.tag != f"{ATOM}feed":
        return [f"4.1.1: the document is {root.tag}"]
    found = [f"feed: {fault}" for fault in _faults_of_both(root)]
    selves = [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if len(selves) != 1:
        found.append("4.1.1: a feed says once where it is")
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(ids) != len(set(ids)):
        found.append("4.1.1: two entries have the same id")
    for entry in entries:
        found += [f"{entry.findtext(f'{ATOM}id')}: {fault}" for fault in _faults_of_both(entry)]
        links = [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        if not links and entry.find(f"{ATOM}content") is None:
            found.append("4.1.2: an entry leads nowhere and has no content")
        if entry.find(f"{ATOM}author") is None and root.find(f"{ATOM}author") is None:
            found.append("4.1.2: an entry has no author, and its feed none")
    return found


def _faults_of_both(element):
    """Yield what is forbidden in feeds and entries alike."""
    for name in ("id", "title", "updated"):
        if len(element.findall(f"{ATOM}{name}")) != 1:
            yield f"4.1: {name} is not there once"
    if not IRI.fullmatch(element.findtext(f"{ATOM}id") or ""):
        yield "4.2.6: the id is no absolute address"
    for name in ("updated", "published"):
        for moment in element.findall(f"{ATOM}{name}"):
            if not MOMENT.fullmatch(moment.text or "") or not datetime.fromisoformat(moment.text).tzinfo:
                yield f"3.3: {name} is no moment: {moment.text}"
    for name in ("title", "subtitle", "summary", "rights"):
        for text in element.findall(f"{ATOM}{name}"):
            if text.get("type") not in TEXT_TYPES:
                yield f"3.1.1: {name} is of the type {text.get('type')}"
            if len(text) and text.get("type") != "xhtml":
                yield f"3.1.1: {name} has elements in it"
    for author in element.findall(f"{ATOM}author"):
        if not (author.findtext(f"{ATOM}name") or "").strip():
            yield "3.2.1: an author has no name"
    alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    kinds = [(link.get("type"), link.get("hreflang")) for link in alternates]
    if len(kinds) != len(set(kinds)):
        yield "4.1: two alternates of the same sort"
    for link in element.findall(f"{ATOM}link"):
        if not (link.get("href") or "").startswith(settings.SITE_URL):
            yield f"4.2.7: a link leads to {link.get('href')}"


def test_every_feed_is_valid_atom(client):
    world = build_world()
    for (
        item
    ) in world.items.values():  # what XML can't hold, what HTML would read, what takes two units of UTF-16
        type(item).objects.filter(pk=item.pk).update(title=f"{item.title} <b>&amp; \x0b\ufffe]]> 🧵")
    read = 0
    for name, row in FEEDS.items():
        for path in row.paths(world):
            response = client.get(path)
            if response.status_code == 404:  # a conversation that a visitor does not see
                continue
            assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8", path
            root = ElementTree.fromstring(b"".join(response))  # noqa: S314 -- our own
            assert faults_of(root) == [], name
            assert root.get("{http://www.w3.org/XML/1998/namespace}lang"), path
            read += 1
    assert read >= len(FEEDS) >= 15


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ("<feed/>", "4.1.1: the document is feed"),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><id>x</id>'
            "<updated>2026-11-27</updated></feed>",
            "feed: 4.2.6: the id is no absolute address",
        ),
    ],
)
def test_what_is_no_valid_atom_is_noticed(broken, fault):
    assert faults_of(ElementTree.fromstring(broken))[0] == fault  # noqa: S314 -- our own


# What the address itself names, which nothing else in it narrows.
NOT_NARROWED = {
    "discovery:keyword", "discovery:pair", "discovery:region", "library:principle", "library:sector", "profiles:detail",
}  # fmt: skip


def test_every_list_names_its_feed_with_what_was_chosen(client):
    """A list is what is there as data, and the calendar beside it. One narrowed by a year has the feed of its kind."""
    world = build_world()
    lists = [name for name, row in ROWS.items() if row.data]
    assert len(lists) >= 20
    for name in [*lists, "events:calendar", "events:calendar_month"]:
        for path in ROWS[name].paths(world):
            page = client.get(f"{path}{'&' if '?' in path else '?'}region=wales")
            if page.status_code == 404:  # a profile that a visitor does not see
                continue
            (feed,) = re.findall(
                r'<link rel="alternate" type="application/atom\+xml" href="(.*?)"', page.content.decode()
            )
            feed, query = unescape(feed).split("?") if "?" in feed else (feed, "")
            narrowed_by = dict(parse_qsl(urlsplit(path).query))
            expected = {} if name in NOT_NARROWED else {**narrowed_by, "region": "wales"}
            assert (feed.endswith("/feed/"), dict(parse_qsl(query))) == (True, expected), name
            assert client.get(f"{feed}?{query}").status_code == 200, name
