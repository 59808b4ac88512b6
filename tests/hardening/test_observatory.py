"""Every address, the admin's too, scores 130 or more by the Observatory's table; and the score itself is right.

The pages are those of a site under https, set up as in production, asked by everyone they are made for.
"""

from dataclasses import replace

import pytest
from django.contrib.admin.sites import site as admin_site
from django.test import Client
from django.urls import reverse

from tests.addresses import HTML, ROWS
from tests.factories import consume
from tests.files.given import give, share
from tests.hardening.observatory import TABLE, Answer, cases, score
from tests.world import READERS, build_world

HOST = "network.example.org"
ORIGIN = "https://elsewhere.example"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; object-src 'none'; frame-ancestors 'none'"
GOOD = Answer(
    {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": POLICY,
        "referrer-policy": "same-origin",
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }
)
SESSION = "__Host-sessionid=a; Secure; HttpOnly; SameSite=Lax; Path=/"
TOKEN = "__Host-csrftoken=a; Secure; HttpOnly; SameSite=Lax; Path=/"


def header(name, value):
    return lambda good: replace(good, headers={**good.headers, name: value})


def without(*names):
    return lambda good: replace(good, headers={n: v for n, v in good.headers.items() if n not in names})


def policy(old, new):
    return header("content-security-policy", POLICY.replace(old, new))


def cookie(line, hsts=True):
    def spoil(good):
        return replace(good if hsts else without("strict-transport-security")(good), cookies=[line])

    return spoil


def script(tag):
    return lambda good: replace(good, html=f"<!DOCTYPE html><title>x</title>{tag}")


def cors(*, origin, credentials=""):
    sent = {"access-control-allow-origin": origin, "access-control-allow-credentials": credentials}
    return lambda good: replace(good, cors=sent, origin=ORIGIN)


def route(*addresses):
    return lambda good: replace(good, route=addresses)


def framed(value):
    def spoil(good):
        bare = policy("; frame-ancestors 'none'", "")(good)
        return header("x-frame-options", value)(bare) if value else bare

    return spoil


# What each case of the table looks like. With the good answer's own cases these are all there are.
SPOILT = {
    "csp-implemented-with-no-unsafe": policy("default-src 'none'", "default-src 'self'"),
    "csp-implemented-with-unsafe-inline-in-style-src-only": policy(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'"
    ),
    "csp-implemented-with-insecure-scheme-in-passive-content-only": policy(
        "object-src", "img-src http://a.example; object-src"
    ),
    "csp-implemented-with-unsafe-eval": policy("script-src 'self'", "script-src 'self' 'unsafe-eval'"),
    "csp-implemented-with-unsafe-inline": policy("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
    "csp-implemented-with-insecure-scheme": policy("style-src 'self'", "style-src http://a.example"),
    "csp-header-invalid": policy("object-src", "style-src 'self'; object-src"),
    "csp-not-implemented": without("content-security-policy"),
    "cookies-secure-with-httponly-sessions-and-samesite": cookie(SESSION),
    "cookies-secure-with-httponly-sessions": cookie("sessionid=a; Secure; HttpOnly"),
    "cookies-without-secure-flag-but-protected-by-hsts": cookie("theme=dark; SameSite=Lax"),
    "cookies-session-without-secure-flag-but-protected-by-hsts": cookie(
        "sessionid=a; HttpOnly; SameSite=Lax"
    ),
    "cookies-without-secure-flag": cookie("theme=dark; SameSite=Lax", hsts=False),
    "cookies-samesite-flag-invalid": cookie("theme=dark; Secure; SameSite=Sometimes"),
    "cookies-anticsrf-without-samesite-flag": cookie("csrftoken=a; Secure"),
    "cookies-session-without-httponly-flag": cookie("sessionid=a; Secure; SameSite=Lax"),
    "cookies-session-without-secure-flag": cookie("sessionid=a; HttpOnly; SameSite=Lax", hsts=False),
    "cross-origin-resource-sharing-implemented-with-public-access": cors(origin="*"),
    "cross-origin-resource-sharing-implemented-with-restricted-access": cors(origin="https://a.example"),
    "cross-origin-resource-sharing-implemented-with-universal-access": cors(
        origin=ORIGIN, credentials="true"
    ),
    "redirection-not-needed-no-http": route(),
    "redirection-off-host-from-http": route(f"http://{HOST}/", "https://www.example.org/"),
    "redirection-not-to-https-on-initial-redirection": route(
        f"http://{HOST}/", f"http://{HOST}/a", f"https://{HOST}/a"
    ),
    "redirection-not-to-https": route(f"http://{HOST}/", f"http://{HOST}/a"),
    "redirection-missing": route(f"http://{HOST}/"),
    "referrer-policy-not-implemented": without("referrer-policy"),
    "referrer-policy-unsafe": header("referrer-policy", "unsafe-url"),
    "referrer-policy-header-invalid": header("referrer-policy", "nobody"),
    "hsts-implemented-max-age-less-than-six-months": header("strict-transport-security", "max-age=86400"),
    "hsts-not-implemented": without("strict-transport-security"),
    "hsts-header-invalid": header("strict-transport-security", "includeSubDomains"),
    "sri-implemented-and-all-scripts-loaded-securely": script(
        '<script src="/a.js" integrity="sha384-a"></script>'
    ),
    "sri-implemented-and-external-scripts-loaded-securely": script(
        '<script src="https://a.example/a.js" integrity="sha384-a"></script>'
    ),
    "sri-not-implemented-response-not-html": header("content-type", "text/plain"),
    "sri-not-implemented-but-all-scripts-loaded-from-secure-origin": script('<script src="/a.js"></script>'),
    "sri-not-implemented-but-external-scripts-loaded-securely": script(
        '<script src="https://a.example/a.js"></script>'
    ),
    "sri-implemented-but-external-scripts-not-loaded-securely": script(
        '<script src="http://a.example/a.js" integrity="sha384-a"></script>'
    ),
    "sri-not-implemented-and-external-scripts-not-loaded-securely": script(
        '<script src="//a.example/a.js"></script>'
    ),
    "x-content-type-options-not-implemented": without("x-content-type-options"),
    "x-content-type-options-header-invalid": header("x-content-type-options", "sniff"),
    "x-frame-options-sameorigin-or-deny": framed("DENY"),
    "x-frame-options-allow-from-origin": framed("ALLOW-FROM https://a.example"),
    "x-frame-options-not-implemented": framed(""),
    "x-frame-options-header-invalid": framed("PERHAPS"),
    "cross-origin-resource-policy-implemented-with-same-site": header(
        "cross-origin-resource-policy", "same-site"
    ),
    "cross-origin-resource-policy-implemented-with-cross-origin": header(
        "cross-origin-resource-policy", "cross-origin"
    ),
    "cross-origin-resource-policy-not-implemented": without("cross-origin-resource-policy"),
    "cross-origin-resource-policy-header-invalid": header("cross-origin-resource-policy", "mine"),
}


class TestTheScoreItself:
    def test_a_good_answer(self):
        assert score(GOOD) == 130
        assert score(cookie(SESSION)(GOOD)) == 135

    def test_every_case_of_the_table_is_tried(self):
        assert set(SPOILT) | set(cases(GOOD)) == set(TABLE)

    @pytest.mark.parametrize("case", SPOILT)
    def test_a_spoilt_answer_is_the_case_it_should_be(self, case):
        answer = SPOILT[case](GOOD)
        assert case in cases(answer)
        modifiers = [TABLE[found] for found in cases(answer)]
        penalised = 100 + sum(m for m in modifiers if m < 0)
        assert score(answer) == penalised + (sum(m for m in modifiers if m > 0) if penalised >= 90 else 0)

    @pytest.mark.parametrize("case", [case for case in SPOILT if TABLE[case] < 0])
    def test_every_penalty_is_below_what_we_promise(self, case):
        assert score(SPOILT[case](GOOD)) < 130

    def test_bonuses_need_ninety(self):
        assert score(without("x-content-type-options")(GOOD)) == 125
        assert score(without("strict-transport-security")(GOOD)) == 80


def judged(client, path):
    """Ask for `path` under https, as another site's script would, and return (response, its Answer)."""
    response = client.get(path, secure=True, headers={"origin": ORIGIN})
    plain = Client(headers={"host": HOST}).get(path)
    headers = {name.lower(): value for name, value in response.headers.items()}
    first = f"http://{HOST}{path}"
    answer = Answer(
        headers=headers,
        cookies=[morsel.OutputString() for morsel in response.cookies.values()],
        html=consume(response).decode(errors="replace"),
        route=(first, plain.headers["Location"]) if plain.status_code == 301 else (first,),
        cors=headers,
        origin=ORIGIN,
    )
    return response, answer


FOR_OTHER_SITES = {"badges:network"}  # a picture to be shown on them, which costs it ten points
MACHINES = {"healthz", "readyz"}  # answered over http as well, to the machine beside them


@pytest.mark.django_db
class TestEveryAddress:
    @pytest.fixture(autouse=True)
    def _production(self, settings):
        """What a site under https:// sets (network/settings.py; test_headers.py holds that it does)."""
        settings.ALLOWED_HOSTS = [HOST]
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
        settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
        settings.SECURE_HSTS_SECONDS = 31_536_000
        settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_REDIRECT_EXEMPT = [r"^(?:healthz|readyz)$"]

    def client(self, world, reader):
        client = Client(headers={"host": HOST})
        client.raise_request_exception = False
        if reader != "visitor":
            client.force_login(getattr(world, reader))
        return client

    def check(self, client, path, where, *, machine=False, least=130):
        response, answer = judged(client, path)
        if machine:
            answer = replace(answer, route=())
        assert score(answer) >= least, f"{where} {path} ({response.status_code}): {cases(answer)}"

    def test_every_url_name(self):
        world = build_world()
        clients = {reader: self.client(world, reader) for reader in READERS}
        for name, row in ROWS.items():
            for path in row.paths(world)[:2]:
                readers = {"visitor", row.reader} if row.answer == HTML else {row.reader}
                for reader in sorted(readers):
                    least = 120 if name in FOR_OTHER_SITES else 130
                    where = f"{name} as {reader}"
                    self.check(clients[reader], path, where, machine=name in MACHINES, least=least)

    def test_the_admin(self):
        world = build_world()
        client = self.client(world, "administrator")
        paths = [reverse("admin:index"), reverse("admin:login"), reverse("admin:jsi18n")]
        for model in admin_site._registry:
            options = model._meta
            listed = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
            paths += [listed, f"{listed}add/"]
            row = model._default_manager.order_by("pk").first()
            if row is not None:
                paths.append(reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk]))
        for path in paths:
            self.check(client, path, "administrator")
        for path in paths[:4]:
            self.check(self.client(world, "visitor"), path, "visitor")

    def test_files_of_a_member_and_of_the_site(self, member, tmp_path, settings):
        from tests.profiles.test_profile_form import upload

        settings.MEDIA_ROOT = tmp_path
        client = Client(headers={"host": HOST})
        client.force_login(member)
        client.post("/members/me/edit/", {"display_name": "Ann", "photo": upload()}, secure=True)
        member.refresh_from_db()
        shared = [give(member, name=f"a.{type}", type=type) for type in ("pdf", "txt", "docx", "png", "mp4")]
        share(member, *shared)
        files = [file.get_absolute_url() for file in shared]
        for path in (member.photo_url, *files, "/static/css/admin.css", "/static/nothing.css"):
            self.check(client, path, "file")

    def test_errors(self, member, monkeypatch):
        def fail(view):
            raise RuntimeError

        client = Client(headers={"host": HOST})
        client.raise_request_exception = False
        client.force_login(member)
        for path in ("/?q=%00", "/nothing-here/", "/blog/999/"):
            self.check(client, path, "error")
        monkeypatch.setattr("commons.notifications.views.InboxView.get_queryset", fail)
        self.check(client, "/inbox/", "error of ours")
        too_large, answer = judged_post(client, b"a=" + b"a" * 1_100_000)
        assert (too_large.status_code, score(answer) >= 130) == (413, True)
        utf_16, answer = judged_post(client, b"a=a", "application/x-www-form-urlencoded; charset=utf-16")
        assert (utf_16.status_code, score(answer) >= 130) == (400, True)
        strict = Client(headers={"host": HOST}, enforce_csrf_checks=True)
        forbidden, answer = judged_post(strict, b"a=a")
        assert (forbidden.status_code, score(answer) >= 130) == (403, True)

    def test_what_was_not_modified(self):
        client = Client(headers={"host": HOST})
        etag = client.get("/blog/", secure=True).headers["ETag"]
        response = client.get("/blog/", secure=True, headers={"if-none-match": etag})
        answer = Answer({name.lower(): value for name, value in response.headers.items()})
        assert (response.status_code, score(answer) >= 130) == (304, True)

    def test_too_many(self):
        client = Client(headers={"host": HOST})
        for number in range(21):
            response, answer = judged_post(
                client, f"email=a{number}%40example.org".encode(), path="/accounts/password/reset/"
            )
        assert (response.status_code, score(answer) >= 130) == (429, True)


def judged_post(client, body, kind="application/x-www-form-urlencoded", path="/report-an-issue/"):
    response = client.generic("POST", path, body, kind, secure=True)
    headers = {name.lower(): value for name, value in response.headers.items()}
    cookies = [morsel.OutputString() for morsel in response.cookies.values()]
    return response, Answer(headers, cookies, response.content.decode())
