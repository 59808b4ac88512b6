"""bin/bench: what it measures, what it says of limits, and the floor that pages are compared with."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from bench.inside import ask, cost_of
from bench.load import Load, Target, compare
from bench.pages import Limits, Page, pages
from bench.servers import serving
from bench.table import Row, markdown

LIMITS = Limits(sql=6, calls=1_000, raw=40 * 1024, compressed=12 * 1024, ratio=0.5, buffers=100)
PAGE = Page("blog list", "visitor", "/blog/", LIMITS)


def cost(**figures):
    from bench.inside import Cost

    within = {"sql": 3, "calls": 900, "raw": 20 * 1024, "compressed": 5 * 1024, "not_modified": 1}
    return Cost(**{**within, **figures})


@pytest.mark.parametrize(
    ("figures", "past"),
    [
        ({}, []),
        ({"sql": 6, "calls": 1_000, "not_modified": 2}, []),
        ({"sql": 7}, ["SQL"]),
        ({"calls": 1_001}, ["Calls"]),
        ({"raw": 40 * 1024 + 1}, ["KB"]),
        ({"compressed": 12 * 1024 + 1, "not_modified": 3}, ["SQL of a 304", "KB compressed"]),
        ({"not_modified": None}, []),
    ],
)
def test_a_page_past_a_limit_is_told(figures, past):
    assert Row(PAGE, cost(**figures)).past() == past


def test_slowness_is_shown_and_does_not_fail():
    """Requests a second depend on what else the machine does."""
    row = Row(PAGE, cost(), load=Load(answers=1, seconds=9, processor=9), ratio=0.01)
    assert row.past() == []
    assert "| 0 | 9000.0 | 0.01 / 0.5 |" in markdown([row], [], False)


def test_the_table_shows_each_figure_beside_its_limit():
    row = Row(
        PAGE, cost(calls=1_234), load=Load(answers=70, seconds=2, processor=0.7), ratio=0.8125, buffers=17
    )
    floor = ("floor", cost(not_modified=None), Load(answers=90, seconds=2, processor=0.72))
    assert markdown([row], [floor], True).splitlines() == [
        "| Page | Reader | SQL | SQL of a 304 | Calls | KB | KB compressed | Requests/s | CPU ms | of the floor "
        "| Buffers |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        "| blog list | visitor | 3 / 6 | 1 / 2 | **1,234 / 1,000** | 20 / 40 | 5 / 12 | 35 | 10.0 | 0.81 / 0.5 "
        "| 17 / 100 |",
        "| floor |  | 3 |  | 900 | 20.0 |  | 45 | 8.0 |  |  |",
    ]


@pytest.fixture
def application(db):
    """The site as a server calls it, but that a request leaves the test's own connection open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_a_page_s_cost_is_that_of_one_request(client, application, django_assert_num_queries):
    """Of every page that is measured: the same statements as a test client sees, and the same bytes."""
    call_command("generate_network", members=4, contributions=220, verbosity=0)
    found = pages()
    assert {page.name for page in found} == {
        "home", "browse", "browse, two facets", "browse, most helpful", "evidence map", "search, rare word",
        "search, common word", "search, nothing found", "search, suggestions", "blog list", "post", "profile",
        "principle", "thread", "long thread, page 1", "long thread, last page", "forum list",
    }  # fmt: skip
    with pytest.raises(RuntimeError, match="answered 404"):
        cost_of(application, "/nowhere/")
    costs = {page: cost_of(application, page.path) for page in found if not page.signed_in}
    for page, measured in costs.items():
        with django_assert_num_queries(measured.sql):
            answer = client.get(page.path)
        assert measured.raw == len(answer.content)
        # A few names are too short to be halved.
        assert measured.compressed < (
            measured.raw if page.name == "search, suggestions" else measured.raw / 2
        )
        assert measured.calls > 1_000
        assert (measured.not_modified is None) == page.name.startswith("search")


def floor(module, folder, **more):
    """Run a module of bench.floor on its own settings; return what it printed."""
    surroundings = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "NETWORK_DATA"}
    }
    surroundings |= {"DJANGO_SETTINGS_MODULE": "bench.floor.settings", "NETWORK_DATA": str(folder), **more}
    command = [sys.executable, "-m", f"bench.floor.{module}"]
    return subprocess.run(
        command, env=surroundings, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()


def test_the_floor_is_a_plain_page_of_one_select_and_its_server_can_be_asked(tmp_path, monkeypatch):
    cookie = floor("fill", tmp_path)
    assert cookie.startswith("sessionid=")
    plain = json.loads(floor("cost", tmp_path))
    assert (plain["sql"], plain["not_modified"]) == (1, None)
    assert 28_000 < plain["raw"] < 31_000
    assert 11_000 < plain["calls"] < 15_000
    monkeypatch.setenv("NETWORK_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("WEB_CONCURRENCY", "1")
    named = {"DJANGO_SETTINGS_MODULE": "bench.floor.settings", "FLOOR_SIGNED_IN": "1"}
    with serving("bench.floor.wsgi", **named) as server:
        member, visitor = compare(Target(server, "/", cookie), Target(server, "/"), 0.2)
        assert member.answers > 0
        assert visitor.answers > 0
        assert member.processor + visitor.processor > 0
        with pytest.raises(RuntimeError, match="answered"):
            compare(Target(server, "/nowhere/"), Target(server, "/"), 0.1)


def test_an_answer_is_read_to_its_end(application):
    answer = ask(application, "/healthz")
    assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(answer.body)))
