"""The real site, started as a newcomer starts it."""

import gzip
import http.client
import json
import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from .conftest import ROOT, wait_until

EMAIL, PASSWORD = "first@example.org", "a long enough passphrase"


@pytest.fixture
def newcomer(machine_with, database_url):
    """A machine with this very project, its folder still empty."""
    machine = machine_with(ROOT)
    if database_url:
        machine.environment["DATABASE_URL"] = database_url
    return machine


class Browser:
    """Just enough of one to sign in: it keeps cookies and follows redirects."""

    def __init__(self, machine):
        self.address = f"http://127.0.0.1:{machine.port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path, **fields):
        body = urllib.parse.urlencode(fields).encode() if fields else None
        with self.opener.open(self.address + path, body, timeout=60) as answer:
            return answer.url.removeprefix(self.address), answer.read().decode()

    def submit(self, path, **fields):
        _, page = self.open(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
        return self.open(path, csrfmiddlewaretoken=token, **fields)


def starter_items(machine):
    code = "from commons.contributions.models import Contribution; print(Contribution.objects.count())"
    answer = machine.run("bin/manage", "shell", "--verbosity=0", "-c", code)
    assert answer.returncode == 0, answer.stderr
    return int(answer.stdout)


def test_a_new_site_is_ready_for_its_first_administrator_and_stays_itself(newcomer):
    site = newcomer.start("bin/run").is_running()
    assert newcomer.get("/healthz")[0] == 200
    status, home = newcomer.get("/")
    assert status == 200

    # Its static files carry their hash in the name, were compressed beforehand and may be kept for a year.
    stylesheet = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', home).group(1)
    connection = http.client.HTTPConnection("127.0.0.1", newcomer.port, timeout=60)
    connection.request("GET", stylesheet, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert gzip.decompress(answer.read())
    connection.close()

    # It can do its work, and says so to machines.
    wait_until(lambda: newcomer.get("/readyz") == (200, "ready\n"))

    # Its key is its own, and its owner's only.
    key = newcomer.data / "secret_key"
    assert key.stat().st_mode & 0o777 == 0o600
    first_key = key.read_text()
    assert len(first_key) >= 50

    # The first administrator is made with the command that was printed, and can sign in at once.
    made = newcomer.run(
        "bin/manage",
        "createsuperuser",
        "--noinput",
        DJANGO_SUPERUSER_EMAIL=EMAIL,
        DJANGO_SUPERUSER_DISPLAY_NAME="First Administrator",
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )
    assert made.returncode == 0, made.stderr
    browser = Browser(newcomer)
    where, _ = browser.submit("/accounts/login/", login=EMAIL, password=PASSWORD)
    assert where == "/"
    where, page = browser.open("/admin/")
    assert (where, "First Administrator" in page) == ("/admin/", True)

    # What was asked for, and who did what, is logged in lines of JSON, with nothing that was typed.
    browser.open("/search/?q=asked")
    log = newcomer.data / "logs/access.log"
    assert log.stat().st_mode & 0o007 == 0
    logged = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"/", "/healthz", "/accounts/login/", "/search/", stylesheet} <= {
        line.get("path") for line in logged
    }
    assert ("signed in", 1) in [(line["event"], line.get("member")) for line in logged]
    assert len({line["request"] for line in logged if line["event"] == "request"}) > 5
    written = log.read_text() + site.output
    assert [word for word in (EMAIL, PASSWORD, "First", "asked", first_key) if word in written] == []
    printed = [line for line in site.output.splitlines() if line.startswith("{")]
    assert all(json.loads(line)["event"] for line in printed)

    # The second start changes nothing: same key, so still signed in; the starter library is not loaded twice.
    items = starter_items(newcomer)
    assert items > 0
    assert site.end() == 0
    newcomer.start("bin/run").is_running()
    assert key.read_text() == first_key
    assert browser.open("/admin/")[0] == "/admin/"
    assert starter_items(newcomer) == items


def test_production_refuses_a_weak_secret_in_one_line(newcomer):
    said = newcomer.refuses("bin/run", SECRET_KEY="secret", SITE_URL="https://example.org")
    assert said.strip().splitlines() == [
        "bin/run: SECRET_KEY is too weak: use at least 50 random characters, "
        "or leave it out and one is made for you."
    ]
