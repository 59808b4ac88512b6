"""Measure the pages of the sample network in NETWORK_DATA and print the table; bin/bench starts this."""

import argparse
import contextlib
import json
import os
import subprocess
import sys
from dataclasses import replace

import django

from .load import Target, compare
from .servers import serving

FIRST, LATE = "long thread, page 1", "long thread, last page"
LATE_MAY_COST = 1.2  # times the buffers of the first page


def main(arguments):
    """Print the table; return 1 when a page is past a limit that holds on a busy machine."""
    parser = argparse.ArgumentParser("python -m bench")
    parser.add_argument("--seconds", type=float, default=0.7)
    parser.add_argument("--no-server", action="store_true")
    wanted = parser.parse_args(arguments)
    django.setup()
    from django.db import connection

    from .table import markdown

    with_buffers = connection.vendor == "postgresql"
    rows, floors = _measure(wanted, with_buffers)
    print(markdown(rows, floors, with_buffers))  # noqa: T201
    past = [f"{row.page.name}, {row.page.reader}: {', '.join(row.past())}" for row in rows if row.past()]
    if with_buffers:
        print(f"\nBuffers of conversations, as a visitor reads them:\n\n{_conversations(rows)}")  # noqa: T201
        past += [
            f"{LATE}, {row.page.reader}: buffers"
            for row in rows
            if row.page.name == LATE and _dearer(row, rows)
        ]
    for line in past:
        print(f"past its limit: {line}", file=sys.stderr)  # noqa: T201
    return 1 if past else 0


def _conversations(rows):
    """Return what the first and the last page of a long conversation, and the unfiltered list, read."""
    from .buffers import table_of_plans
    from .pages import VISITOR

    found = {row.page.name: row.cost.statements for row in rows if row.page.reader == VISITOR}
    return table_of_plans({name: found[name] for name in (FIRST, LATE, "forum list")})


def _dearer(late, rows):
    """Whether a late page of a conversation reads more than its first page by too much."""
    first = next(row for row in rows if (row.page.name, row.page.reader) == (FIRST, late.page.reader))
    return late.buffers > LATE_MAY_COST * first.buffers


def _measure(wanted, with_buffers):
    """Return the Rows, and (name, Cost, Load) of the two floor pages."""
    from network.wsgi import application

    from .buffers import buffers_of, settle
    from .inside import cost_of
    from .pages import pages
    from .table import Row

    if with_buffers:
        settle()
    cookie = _sign_in()
    rows = []
    for page in pages():
        cost = cost_of(application, page.path, cookie if page.signed_in else "")
        buffers = buffers_of(cost.statements) if with_buffers else None
        rows.append(Row(page, cost, buffers=buffers))
    floor_cookie = _floor("fill").strip()
    floors = [
        ("floor, no middleware", _floor_cost("", ""), None),
        ("floor, signed in, default middleware", _floor_cost("1", floor_cookie), None),
    ]
    if wanted.no_server:
        return rows, floors
    return _with_loads(rows, floors, cookie, floor_cookie, wanted.seconds, by_processor=not with_buffers)


def _with_loads(rows, floors, cookie, floor_cookie, seconds, by_processor):
    """Return the same Rows and floors with their Loads, from the real server.

    A ratio is of processor time where all of a page's work is done in the server's own process, as with
    SQLite; else of requests a second.
    """
    floor_settings = {"DJANGO_SETTINGS_MODULE": "bench.floor.settings"}
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(serving("network.wsgi"))
        floor = stack.enter_context(serving("bench.floor.wsgi", **floor_settings, FLOOR_SIGNED_IN=""))
        other = stack.enter_context(serving("bench.floor.wsgi", **floor_settings, FLOOR_SIGNED_IN="1"))
        plain = Target(floor, "/")
        measured = []
        for row in rows:
            own = cookie if row.page.signed_in else ""
            load, base = _warm(Target(site, row.page.path, own), plain, seconds)
            ratio = base.cost / load.cost if by_processor else load.rate / base.rate
            measured.append(replace(row, load=load, ratio=ratio))
        loads = reversed(_warm(Target(other, "/", floor_cookie), plain, seconds))
        return measured, [(name, cost, load) for (name, cost, _none), load in zip(floors, loads, strict=True)]


def _warm(page, floor, seconds):
    compare(page, floor, seconds / 5)
    return compare(page, floor, seconds)


def _sign_in():
    """Return the cookie of a session of the first sample member."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.get(username="sample-member-1"))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _floor(module, *arguments, signed_in=""):
    surroundings = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.floor.settings",
        "FLOOR_SIGNED_IN": signed_in,
    }
    command = [sys.executable, "-m", f"bench.floor.{module}", *arguments]
    return subprocess.run(command, env=surroundings, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603


def _floor_cost(signed_in, cookie):
    from .inside import Cost

    return Cost(**json.loads(_floor("cost", *filter(None, [cookie]), signed_in=signed_in)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
