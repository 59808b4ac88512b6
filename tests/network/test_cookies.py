"""Which cookies there are: that one is signed in, and that a form is ours. Nothing else is ever kept in a browser."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from commons.personal_data.held import all_held
from tests import addresses
from tests.factories import PASSWORD
from tests.world import build_world

ROOT = Path(__file__).resolve().parent.parent.parent
KNOWN = {"sessionid", "csrftoken"}
SETS_SOME = re.compile(r"set_cookie|set_signed_cookie|document\.cookie|localStorage|sessionStorage|indexedDB")
SITE = (
    "network", "discovery", "profiles", "blog", "forum", "events", "library", "casestudies", "commons", "templates",
    "static",
)  # fmt: skip


@pytest.mark.django_db
def test_no_page_sets_another_cookie():
    world = build_world()
    found = {}
    for name, row in addresses.ROWS.items():
        for reader in ("visitor", row.reader):
            client = world.client_for(reader)
            signed_in = set(client.cookies)
            for path in row.paths(world)[:1]:
                client.get(path)
                if row.form:
                    client.post(path)
            found[name] = found.get(name, set()) | (set(client.cookies) - signed_in)
    assert {name: cookies for name, cookies in found.items() if cookies - KNOWN} == {}
    assert set().union(*found.values()) == KNOWN


@pytest.mark.django_db
def test_signing_in_and_out_sets_no_other(client, member):
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    client.post("/accounts/logout/")
    assert set(client.cookies) <= KNOWN


def test_no_code_of_ours_keeps_anything_in_a_browser():
    files = [
        path
        for folder in SITE
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js", ".html"} and "node_modules" not in path.parts
    ]
    assert len(files) > 500
    assert [str(path) for path in files if SETS_SOME.search(path.read_text())] == []


def test_messages_need_no_cookie_of_their_own():
    assert settings.MESSAGE_STORAGE == "django.contrib.messages.storage.session.SessionStorage"


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/privacy/held/", "/members/me/privacy/"])
def test_pages_tell_all_that_is_held_and_which_cookies(client, member, url):
    client.force_login(member)
    context = client.get(url).context
    page = client.get(url).content.decode()
    assert list(context["all_held"]) == all_held()
    assert re.findall(r"<code>(\w+)</code>", page) == ["sessionid", "csrftoken"]
    assert [str(held.closing.value) for held in all_held() if f"{held.closing.value}" not in page] == []


@pytest.mark.django_db
def test_what_is_held_is_read_without_signing_in_and_sets_no_cookie(client):
    answered = client.get("/privacy/held/")
    assert (answered.status_code, answered.cookies) == (200, {})


@pytest.mark.django_db
def test_a_visitor_signs_in_for_their_own(client):
    assert client.get("/members/me/privacy/").url == "/accounts/login/?next=/members/me/privacy/"
