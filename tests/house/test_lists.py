"""Every list of what members share has a feed, and is there as JSON and CSV; or it stands here with the reason."""

import re

import pytest

from tests.addresses import HTML, ONE, ROWS, VISITOR
from tests.world import build_world

pytestmark = pytest.mark.django_db

# What puts a list on a page: pages of rows, the parts of a hub, cards, a month of events.
OF_A_LIST = {"pager", "hub", "cards", "month"}
NOT_DATA = {
    "home": "a few of the lists that it leads to",
    "library:home": "a few of the list that it leads to",
    "profiles:directory": "people are no data: they agreed to be found by people",
    "events:calendar": "its events are those of the lists beside it, and a calendar file",
    "events:calendar_month": "its events are those of the lists beside it, and a calendar file",
}
# Numbers, with JSON and CSV of their own (tests/discovery/test_evidence_map.py); and what pages are made of.
NO_LISTS = {"discovery:evidence_map", "style_guide"}
WITHOUT_FEED = {"profiles:directory"}


def test_every_list_has_a_feed_and_is_data_or_says_why_not(client):
    world = build_world()
    lists, data, with_feed = set(), set(), set()
    for name, row in ROWS.items():
        if row.answer != HTML or row.reader != VISITOR or row.shows == ONE or name in NO_LISTS:
            continue
        for path in row.paths(world):
            page = client.get(path)
            if page.status_code != 200:
                continue
            if page.context and any(each in page.context for each in OF_A_LIST):
                lists.add(name)
                if re.search(r'<link rel="alternate" type="application/atom\+xml"', page.content.decode()):
                    with_feed.add(name)
            asked = [
                client.get(f"{path}{'&' if '?' in path else '?'}format={each}") for each in ("json", "csv")
            ]
            if [answer.headers["Content-Type"] for answer in asked] == [
                "application/json",
                "text/csv; charset=utf-8",
            ]:
                data.add(name)
    assert len(lists) > 30
    assert lists - with_feed == WITHOUT_FEED
    assert lists - data == set(NOT_DATA)
    # So that the leak test asks for all of them.
    assert data == {name for name, row in ROWS.items() if row.data}
