"""Every page is valid HTML to html5lib's strict parser, has one h1 and headings in order."""

import json
import re
from itertools import pairwise

import html5lib
import pytest

from tests.addresses import HTML, ROWS
from tests.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

DATA_BLOCK = re.compile(r'<script type="application/ld\+json">[^<>]*</script>')
# What HTML takes for a date, or for a moment with its offset: no more than three digits of a second.
MOMENT = re.compile(r"\d{4}-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d))?)?")


def check(html, where):
    html5lib.HTMLParser(strict=True).parse(html)
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", html)]
    assert levels.count(1) == 1, f"{where}: {levels.count(1)} h1"
    # The order is judged from the h1 on: an error summary may stand above it.
    body = levels[levels.index(1) :]
    for before, after in pairwise(body):
        assert after <= before + 1, f"{where}: h{after} follows h{before}"
    assert '<html lang="en-gb">' in html or '<html lang="en-GB">' in html
    assert re.search(r"<title>[^<]{3,}</title>", html)
    for told in DATA_BLOCK.findall(html):
        json.loads(told.partition(">")[2].removesuffix("</script>"))
    for moment in re.findall(r'datetime="(.*?)"', html):
        assert MOMENT.fullmatch(moment), f"{where}: {moment}"
    html = DATA_BLOCK.sub(
        "", html
    )  # runs nothing: tests/contributions/test_structured.py says what stands in it
    assert not re.search(r"\sstyle=|<style|<script(?! src)|\son\w+=", html), (
        f"{where}: inline style or script"
    )
    assert not re.search(
        r'(?:src|href)="https?://(?!testserver|127\.0\.0\.1|localhost)', html.partition("<main")[0]
    )


@pytest.mark.parametrize("reader", ["visitor", "author", "stranger", "administrator"])
def test_pages(reader):
    world = build_world()
    client = world.client_for(reader)
    for name, row in ROWS.items():
        if row.answer != HTML:
            continue
        for path in row.paths(world):
            response = client.get(path, follow=True)
            where = f"{name} {path} as {reader}"
            assert response.status_code in {200, 400, 403, 404, 405, 410}, where
            if response.status_code != 405 and response.headers["Content-Type"].startswith("text/html"):
                check(response.content.decode(), where)
            if row.form:
                sent = client.post(path, {}, follow=True)
                assert sent.status_code in {200, 404, 405, 429}, where
                if sent.status_code != 405:
                    check(sent.content.decode(), f"{where}, sent empty")


def test_no_two_pages_have_the_same_title():
    """Whoever has several open, or hears the title first, has nothing else to tell them apart by."""
    world = build_world()
    named = {}
    for reader in ("visitor", "stranger"):
        client = world.client_for(reader)
        for name, row in ROWS.items():
            response = client.get(row.paths(world)[0]) if row.answer == HTML else None
            if response is not None and response.status_code == 200:
                title = re.search(r"<title>(.*?)</title>", response.content.decode())[1]
                named.setdefault(title, set()).add(name)
    assert {title: names for title, names in named.items() if len(names) > 1} == {}
