"""Limits on passwords, codes and e-mails; on the lengths and numbers of what is sent."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from profiles import adapter
from tests.factories import PASSWORD, make_administrator, make_member
from tests.profiles.joining import answers, sign_in, signed_in
from tests.profiles.test_signing_in import app_code, prove_again, set_up_app

pytestmark = pytest.mark.django_db
LIMITED = "too_many_login_attempts"


def codes(response):
    return [error.code for errors in response.context["form"].errors.as_data().values() for error in errors]


def elsewhere(number):
    """A browser in another place."""
    return Client(REMOTE_ADDR=f"203.0.113.{number}")


# --- passwords and codes --------------------------------------------------------------------------


def test_wrong_passwords_for_one_account_wherever_they_come_from():
    make_member(email="ann@example.org")
    for number in range(5):
        assert codes(sign_in(elsewhere(number), "ann@example.org", "wrong but long")) == [
            "email_password_mismatch"
        ]
    assert codes(sign_in(elsewhere(9), " ANN@example.org", PASSWORD)) == [LIMITED]
    assert codes(sign_in(elsewhere(10), "nobody@example.org")) == ["email_password_mismatch"]


def test_an_account_nobody_has_is_limited_alike():
    for number in range(5):
        sign_in(elsewhere(number), "nobody@example.org", "wrong but long")
    assert codes(sign_in(elsewhere(9), "nobody@example.org", PASSWORD)) == [LIMITED]


def test_wrong_passwords_from_one_place_for_many_accounts(client):
    for number in range(10):
        sign_in(client, f"a{number}@example.org", "wrong but long")
    assert codes(sign_in(client, "b@example.org", "wrong but long")) == [LIMITED]


def test_the_admins_own_form_checks_no_password():
    admin = make_administrator()
    client = Client()
    typed = {"username": admin.email, "password": PASSWORD, "next": "/admin/"}
    response = client.post("/admin/login/?next=/admin/", typed)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")
    assert not signed_in(client)
    for number in range(5):
        sign_in(elsewhere(number), admin.email, "wrong but long")
    assert codes(sign_in(elsewhere(9), admin.email, next="/admin/")) == [LIMITED]


def test_the_admins_form_for_a_new_password_is_the_members_own(client, administrator):
    client.force_login(administrator)
    for method in (client.get, client.post):
        response = method("/admin/password_change/", {"old_password": "a guess"})
        assert (response.status_code, response.url) == (302, "/accounts/password/change/")


def test_an_open_screen_is_not_enough_to_guess_the_password(client):
    member = make_member(email="ann@example.org")
    client.force_login(member)
    wrong = {"oldpassword": "wrong but long", "password1": "another pass phrase"}
    statuses = [client.post("/accounts/password/change/", wrong).status_code for _time in range(6)]
    assert statuses == [200] * 5 + [429]
    for _time in range(10):
        response = client.post("/accounts/reauthenticate/", {"password": "wrong but long"})
    assert codes(response) == [LIMITED]


def test_codes_of_the_second_step(client):
    member = make_member(email="ann@example.org")
    sign_in(client, "ann@example.org")
    secret = set_up_app(client)
    cache.clear()
    for number in range(5):
        visitor = elsewhere(number)
        sign_in(visitor, "ann@example.org")
        visitor.post("/accounts/2fa/authenticate/", {"code": "000000"})
    visitor = elsewhere(9)
    sign_in(visitor, "ann@example.org")
    visitor.post("/accounts/2fa/authenticate/", {"code": app_code(secret)})
    assert not signed_in(visitor)
    assert member.pk
    assert prove_again(client).status_code in {200, 302}


# --- e-mails ----------------------------------------------------------------------------------------
ASKING = {
    "/accounts/password/reset/": lambda email: {"email": email},
    "/accounts/login/code/": lambda email: {"email": email},
    "/accounts/signup/": lambda email: answers(email=email),
}


@pytest.mark.parametrize("address", ["ann@example.org", "nobody@example.org"])
@pytest.mark.parametrize("path", ASKING)
def test_one_address_gets_only_so_many_mails_whoever_asks(path, address):
    make_member(email="ann@example.org")
    statuses = []
    for number in range(15):
        statuses.append(elsewhere(number).post(path, ASKING[path](address)).status_code)
        _forget_minutes()
    assert statuses == [302] * 10 + [429] * 5
    assert len(mail.outbox) == 10


def test_the_three_ways_share_one_limit():
    make_member(email="ann@example.org")
    for number in range(12):
        path = list(ASKING)[number % 3]
        elsewhere(number).post(path, ASKING[path]("ann@example.org"))
        _forget_minutes()
    assert len(mail.outbox) == 10


def test_one_sender_has_only_so_many_sent(client, monkeypatch):
    monkeypatch.setattr(adapter, "MAILS_PER_SENDER", "3/h")
    for number in range(5):
        response = client.post("/accounts/password/reset/", {"email": f"a{number}@example.org"})
    assert (len(mail.outbox), response.status_code) == (3, 429)
    assert "Please wait a little" in response.content.decode()
    elsewhere(1).post("/accounts/password/reset/", {"email": "a9@example.org"})
    assert len(mail.outbox) == 4


def test_what_a_member_must_know_is_told_however_often(client, monkeypatch):
    """A new password or address is told whatever was sent before: nobody can keep that from its owner."""
    monkeypatch.setattr(adapter, "MAILS_PER_ADDRESS", "1/h")
    make_member(email="ann@example.org")
    client.post("/accounts/password/reset/", {"email": "ann@example.org"})
    sign_in(client, "ann@example.org")
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "another pass phrase"})
    assert [message.subject for message in mail.outbox][-1] == "Your password was changed"


def _forget_minutes():
    """As if a minute had passed: allauth's own limits, by the minute, are another test's."""
    for key in [key for key in cache._cache if ":allauth:" in key]:
        del cache._cache[key]
        cache._expire_info.pop(key, None)


# --- lengths and numbers ----------------------------------------------------------------------------
LONGEST = {
    "/accounts/login/": {"login": 254, "password": 1000},
    "/accounts/signup/": {"email": 254, "display_name": 80, "password1": 1000},
    "/accounts/password/reset/": {"email": 254},
    "/accounts/login/code/": {"email": 254},
    "/report-an-issue/": {"text": 5000, "page": 300, "email": 254},
}


@pytest.mark.parametrize(("path", "fields"), LONGEST.items())
def test_visitors_fields_end_somewhere(client, path, fields):
    for name, limit in fields.items():
        # Up to the limit an address would be right: it is only too long.
        end = "@example.org" if name in {"login", "email"} else ""
        value = "a" * (limit + 1 - len(end)) + end
        response = client.post(path, {name: value})
        assert response.status_code == 200
        assert response.context["form"].errors.get(name), (path, name)


def test_members_fields_end_somewhere(client, member):
    client.force_login(member)
    fields = {
        "display_name": 80,
        "about": 5000,
        "organisation": 120,
        "place": 120,
        "username": 40,
        "links": 2000,
    }
    response = client.post("/members/me/edit/", {name: "a" * (limit + 1) for name, limit in fields.items()})
    assert set(fields) <= set(response.context["form"].errors)
    fields = {"title": 200, "summary": 400, "body": 50_000}
    typed = {name: "a" * (limit + 1) for name, limit in fields.items()}
    keywords = ", ".join(f"word {number}" for number in range(13))
    response = client.post("/blog/new/", {**typed, "keywords": keywords})
    assert set(fields) | {"keywords"} <= set(response.context["form"].errors)


@pytest.mark.parametrize("path", ["/blog/", "/browse/", "/search/?q=a", "/members/", "/members/me/"])
@pytest.mark.parametrize(
    "page", ["0", "51", "9999", "99999999999999999999", "-1", "1.0", "²", "１", "+1", "abc"]
)
def test_pages_end_at_fifty(client, member, path, page):
    client.force_login(member)
    assert client.get(path, query_params={"q": "a", "page": page}).status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=" + "a" * 3990, 200),
        ("q=" + "a" * 10_000, 400),
        ("&".join(["a=1"] * 400), 200),
        ("&".join(["a=1"] * 401), 400),
        ("q=a&q=b&page=1&page=1", 200),
        ("=&=&;;", 200),
    ],
)
def test_parameters(client, query, status):
    for path in ("/search/", "/blog/", "/browse/"):
        assert client.get(f"{path}?{query}").status_code == status


def test_fields_and_files_of_a_form(client, member):
    client.force_login(member)
    many = b"&".join(b"principles=1" for _number in range(401))
    kind = "application/x-www-form-urlencoded"
    assert client.generic("POST", "/blog/new/", many, kind).status_code == 400
    part = '--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\na\r\n'
    files = (part * 31 + "--x--").encode()
    assert (
        client.generic("POST", "/members/me/edit/", files, "multipart/form-data; boundary=x").status_code
        == 400
    )


def test_of_doubled_fields_the_last_counts(client):
    response = client.generic(
        "POST", "/accounts/login/", b"login=a@example.org&login=b@example.org&password=x",
        "application/x-www-form-urlencoded",
    )  # fmt: skip
    assert re.search(r'value="b@example.org"', response.content.decode())
