"""What every response carries, whatever kind it is, and what a site under https:// adds."""

import json

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from tests.factories import consume, make_post

pytestmark = pytest.mark.django_db

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; media-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
EVERYWHERE = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
VISITORS = {
    "home": "/",
    "list": "/blog/",
    "search": "/search/?q=housing",
    "browse": "/browse/",
    "library": "/library/",
    "about": "/about/",
    "feed": "/blog/feed/",
    "not found": "/nothing-here/",
    "health": "/healthz",
}


def of_every_kind(client):
    """Return one response of each kind by name."""
    client.raise_request_exception = False
    return {
        "page": client.get("/"),
        "redirect": client.get("/inbox/"),
        "sign in": client.get("/accounts/login/"),
        "admin": client.get("/admin/"),
        "health": client.get("/healthz"),
        "400 input": client.get("/?q=%00"),
        "400 host": client.get("/", headers={"host": "evil.example"}),
        "400 charset": client.post("/accounts/login/", b"x", content_type="text/plain; charset=utf-16"),
        "403": Client(enforce_csrf_checks=True).post("/accounts/login/"),
        "404": client.get("/nothing-here/"),
        "405": client.delete("/healthz"),
        "static": client.get("/static/css/admin.css"),
        "static not found": client.get("/static/nothing.css"),
    }


STATUS = {
    "page": 200, "redirect": 302, "sign in": 200, "admin": 302, "health": 200, "400 input": 400, "400 host": 400,
    "400 charset": 400, "403": 403, "404": 404, "405": 405, "static not found": 404,
}  # fmt: skip


def assert_headed(response, name):
    assert {header: response.headers.get(header) for header in EVERYWHERE} == EVERYWHERE, name
    allowed = response.headers["Permissions-Policy"]
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(allowed.split(", ")), name
    assert {"Server", "X-Powered-By"} & set(response.headers) == set(), name


def test_every_kind_of_response(client):
    responses = of_every_kind(client)
    assert {name: r.status_code for name, r in responses.items() if name != "static"} == STATUS
    for name, response in responses.items():
        assert_headed(response, name)
        consume(response)


def test_an_error_of_ours(client, member, monkeypatch):
    def fail(view):
        raise RuntimeError

    monkeypatch.setattr("commons.notifications.views.InboxView.get_queryset", fail)
    client.force_login(member)
    client.raise_request_exception = False
    response = client.get("/inbox/")
    assert response.status_code == 500
    assert_headed(response, "500")


def test_without_a_database_a_members_page_is_an_error_that_nobody_keeps(client, member, monkeypatch):
    client.force_login(member)

    def away(*_arguments):
        raise DatabaseError

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", away)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert_headed(response, "500")
    assert response["Cache-Control"] == "private, no-store"


class TestKeeping:
    @pytest.mark.parametrize("path", ["/", "/inbox/", "/blog/", "/nothing-here/", "/accounts/email/"])
    def test_a_members_pages_are_kept_by_nobody(self, client, member, path):
        client.force_login(member)
        kept = {part.strip() for part in client.get(path)["Cache-Control"].split(",")}
        assert {"private", "no-store"} <= kept

    def test_the_admins_neither(self, client, administrator):
        client.force_login(administrator)
        kept = {part.strip() for part in client.get("/admin/")["Cache-Control"].split(",")}
        assert {"private", "no-store"} <= kept

    @pytest.mark.parametrize("name", VISITORS)
    def test_a_visitors_page_sets_no_cookie(self, client, name):
        assert client.get(VISITORS[name]).cookies == {}

    def test_nor_do_an_item_and_a_profile(self, client, member):
        post = make_post(member)
        for path in (post.get_absolute_url(), member.get_absolute_url()):
            response = client.get(path)
            assert (response.status_code, dict(response.cookies)) == (200, {})


UNDER_HTTPS = """
import json
from django.conf import settings
from django.test import Client
from tests.factories import PASSWORD, make_member
settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS]
client = Client(headers={"host": "network.example.org"})
plain = client.get("/blog/?page=1")
health = client.get("/healthz")
secure = client.get("/accounts/login/", secure=True)
member = make_member()
client.post("/accounts/login/", {"login": member.email, "password": PASSWORD}, secure=True)
print(json.dumps({
    "redirect": [plain.status_code, plain["Location"]],
    "health": health.status_code,
    "hsts": secure.headers.get("Strict-Transport-Security"),
    "cookies": {n: [c["secure"], c["httponly"], c["samesite"], c["path"], c["domain"]]
                for n, c in client.cookies.items()},
    "other host": client.get("/", secure=True, headers={"host": "127.0.0.1"}).status_code,
}))
"""
SITE = {"SITE_URL": "https://network.example.org"}


class TestUnderHttps:
    def test_secure_cookies_hsts_and_the_redirect(self, other_site):
        found = json.loads(other_site.python(UNDER_HTTPS, **SITE).splitlines()[-1])
        assert found["redirect"] == [301, "https://network.example.org/blog/?page=1"]
        assert found["health"] == 200
        assert found["hsts"] == "max-age=31536000"
        assert found["cookies"] == {
            "__Host-sessionid": [True, True, "Lax", "/", ""],
            "__Host-csrftoken": [True, True, "Lax", "/", ""],
        }
        assert found["other host"] == 400

    def test_ready_for_production(self, other_site):
        checked = other_site.manage("check", "--deploy", "--fail-level", "WARNING", **SITE)
        assert checked.returncode == 0, checked.stderr

    @pytest.mark.parametrize("key", ["short", "a" * 80, "django-insecure-" + "0123456789abcdef" * 5])
    def test_a_weak_secret_is_refused(self, other_site, key):
        checked = other_site.manage("check", SECRET_KEY=key, **SITE)
        assert checked.returncode == 1
        assert "SECRET_KEY is too weak" in checked.stderr

    def test_without_a_secret_one_is_made_for_its_owner_only(self, other_site, tmp_path):
        for _time in range(2):
            checked = other_site.manage("check", SECRET_KEY="", NETWORK_DATA=str(tmp_path))
            assert checked.returncode == 0, checked.stderr
        key = tmp_path / "secret_key"
        assert key.stat().st_mode & 0o777 == 0o600
        assert len(key.read_text()) >= 50


def test_plain_http_has_plain_cookies_and_no_hsts(client, member):
    client.force_login(member)
    response = client.get(reverse("home"))
    assert "Strict-Transport-Security" not in response.headers
    assert set(client.cookies) <= {"sessionid", "csrftoken"}
