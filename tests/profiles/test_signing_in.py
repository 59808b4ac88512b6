"""Signing in and what follows: limits, standing, sessions, second step, change of address and password."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone

from profiles.models import Member
from tests.factories import PASSWORD, make_administrator, make_member
from tests.profiles.joining import INACTIVE, JOIN, answers, confirm, path_in, sign_in, signed_in

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "quite another pass phrase"


def code_in(message):
    return re.search(r"(?m)^([A-Z0-9]+-[A-Z0-9]+)$", message.body)[1]


@pytest.fixture
def ann():
    return make_member("Ann Lee", email="ann@example.org")


@pytest.fixture
def signed(client, ann):
    """A client in which Ann signed in the way people do."""
    sign_in(client, "ann@example.org")
    return client


def app_code(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def prove_again(client):
    return client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def set_up_app(client):
    prove_again(client)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": app_code(secret)})
    return secret


# --- passwords and codes --------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["ann@example.org", "ANN@EXAMPLE.ORG", "  Ann@Example.org "])
def test_password(client, ann, email):
    assert sign_in(client, email).url == "/"
    assert signed_in(client)


def test_code_by_mail(client, ann):
    response = client.post("/accounts/login/code/", {"email": "Ann@example.org", "next": "/blog/new/"})
    assert response.url == "/accounts/login/code/confirm/?next=%2Fblog%2Fnew%2F"
    (message,) = mail.outbox
    assert "Your code" in message.subject
    response = client.post(response.url, {"code": "AAA-AAA", "next": "/blog/new/"})
    assert "This code is not right" in response.content.decode()
    response = client.post("/accounts/login/code/confirm/", {"code": code_in(message), "next": "/blog/new/"})
    assert response.url == "/blog/new/"
    assert signed_in(client)


def test_code_can_be_tried_three_times(client, ann):
    client.post("/accounts/login/code/", {"email": "ann@example.org"})
    for _attempt in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "AAA-AAA"})
    client.post("/accounts/login/code/confirm/", {"code": code_in(mail.outbox[0])})
    assert not signed_in(client)


def test_next_keeps_a_kept_text(client, ann):
    target = "/blog/new/?kept=0b9f5f0e-3f0e-4b43-9a3e-0c6c9d9d8a11"
    page = client.get("/accounts/login/", {"next": target}).content.decode()
    assert f'<input type="hidden" name="next" value="{target}">' in page
    assert page.count("?next=%2Fblog%2Fnew%2F%3Fkept%3D0b9f5f0e-3f0e-4b43-9a3e-0c6c9d9d8a11") == 2
    assert sign_in(client, "ann@example.org", next=target).url == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "http://[",
        "\\\\evil.example",
        "https://testserver.evil.example/",
        "/\\evil.example",
    ],
)
def test_next_stays_on_our_host(client, ann, target):
    assert sign_in(client, "ann@example.org", next=target).url == "/"


def test_wrong_passwords_are_limited_for_each_account(client, ann):
    for _attempt in range(5):
        sign_in(client, "ann@example.org", "wrong but long enough")
    response = sign_in(Client(REMOTE_ADDR="203.0.113.9"), "ann@example.org")
    assert [e.code for e in response.context["form"].errors.as_data()["__all__"]] == [
        "too_many_login_attempts"
    ]


def test_too_many_from_one_place_get_our_page(client):
    for number in range(20):
        client.post("/accounts/password/reset/", {"email": f"a{number}@example.org"})
    response = client.post("/accounts/password/reset/", {"email": "a@example.org"})
    assert response.status_code == 429
    page = response.content.decode()
    assert page.count("<h1") == 1
    assert 'class="foot"' in page
    assert len(mail.outbox) == 20


def test_admin_s_sign_in_is_led_through_ours(client):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302


# --- standing ---------------------------------------------------------------------------------------


def test_unconfirmed_are_sent_the_link_again(client):
    make_member(email="ann@example.org", confirmed=False)
    assert sign_in(client, "ann@example.org").url == "/accounts/confirm-email/"
    assert not signed_in(client)
    confirm(client, mail.outbox[0])
    assert signed_in(client)


def test_suspended_are_told_until_when(client, ann):
    ann.suspend(datetime(2999, 5, 31, 22, 0, tzinfo=UTC), make_administrator(), "Too many advertisements.")
    assert [m.to for m in mail.outbox] == [["ann@example.org"]]
    response = sign_in(client, "ann@example.org")
    assert response.url == INACTIVE
    page = client.get(INACTIVE).content.decode()
    assert "You can’t sign in until 31 May 2999" in page
    assert not signed_in(client)
    ann.lift_suspension(make_administrator())
    sign_in(client, "ann@example.org")
    assert signed_in(client)


def test_suspended_without_the_password_learn_nothing(client, ann):
    ann.suspend(timezone.now() + timedelta(days=3), make_administrator(), "Why.")
    response = sign_in(client, "ann@example.org", "wrong but long enough")
    assert [e.code for e in response.context["form"].errors.as_data()["__all__"]] == [
        "email_password_mismatch"
    ]


def test_suspending_ends_sessions(signed, ann):
    assert UserSession.objects.count() == 1
    ann.suspend(timezone.now() + timedelta(days=3), make_administrator(), "Why.")
    assert UserSession.objects.count() == 0
    assert signed.get("/members/me/").url == "/accounts/login/?next=/members/me/"
    assert not signed_in(signed)


def test_a_suspension_that_is_over_does_not_count(client, ann):
    Member.objects.filter(pk=ann.pk).update(suspended_until=timezone.now() - timedelta(seconds=1))
    sign_in(client, "ann@example.org")
    assert signed_in(client)


def test_closed_account_can_t_be_used(client, ann):
    Member.objects.filter(pk=ann.pk).update(is_active=False)
    assert sign_in(client, "ann@example.org").url == INACTIVE
    assert not signed_in(client)


# --- sessions ---------------------------------------------------------------------------------------


def test_session_is_new_at_login_and_dead_at_logout(client, ann):
    client.get("/accounts/login/")
    sign_in(client, "ann@example.org")
    key = client.session.session_key
    assert client.get("/accounts/logout/").status_code == 200
    assert signed_in(client)
    client.post("/accounts/logout/")
    client.cookies["sessionid"] = key
    assert client.get("/members/me/").status_code == 302


def test_sessions_list(signed, ann):
    other = Client(
        headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    )
    sign_in(other, "ann@example.org")
    stranger = Client()
    make_member(email="bob@example.org")
    sign_in(stranger, "bob@example.org")
    response = signed.get("/accounts/sessions/")
    assert len(response.context["sessions"]) == 2
    page = response.content.decode()
    assert page.count("This browser") == 1
    assert page.count("Firefox on Linux") == 1
    signed.post("/accounts/sessions/")
    assert signed.get("/members/me/").status_code == 200
    assert other.get("/members/me/").status_code == 302
    assert stranger.get("/members/me/").status_code == 200


def test_reading_pages_writes_no_session_row(signed):
    seen = list(UserSession.objects.values_list("last_seen_at", flat=True))
    signed.get("/members/me/")
    assert list(UserSession.objects.values_list("last_seen_at", flat=True)) == seen


def test_password_change_ends_other_sessions(signed, ann):
    other = Client()
    sign_in(other, "ann@example.org")
    response = signed.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD})
    assert response.status_code == 302
    assert signed.get("/members/me/").status_code == 200
    assert other.get("/members/me/").status_code == 302
    assert [message.subject for message in mail.outbox] == ["Your password was changed"]


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"oldpassword": "wrong", "password1": NEW_PASSWORD}, "oldpassword", "enter_current_password"),
        ({"oldpassword": PASSWORD, "password1": "short"}, "password1", "password_too_short"),
        ({"oldpassword": PASSWORD, "password1": ""}, "password1", "required"),
    ],
)
def test_password_change_refused(signed, ann, typed, field, code):
    response = signed.post("/accounts/password/change/", typed)
    assert [e.code for e in response.context["form"].errors.as_data()[field]] == [code]
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)


def test_password_reset(client, ann):
    other = Client()
    sign_in(other, "ann@example.org")
    client.post("/accounts/password/reset/", {"email": "ANN@example.org"})
    path = path_in(mail.outbox[0], "password/reset/key")
    form_path = client.get(path).url
    assert client.get(form_path).status_code == 200
    response = client.post(form_path, {"password1": NEW_PASSWORD})
    assert response.url == "/accounts/password/reset/key/done/"
    assert other.get("/members/me/").status_code == 302
    sign_in(client, "ann@example.org", NEW_PASSWORD)
    assert signed_in(client)
    assert "can’t be used" in Client().get(path).content.decode()


@pytest.mark.parametrize(
    "key", ["1-abc", "zzzzzzzzzzzzz-abc", "zzzzzzzzzzzzzzzz-abc", "0-set-password", "1-%00"]
)
def test_hostile_reset_keys(client, key):
    response = client.get(f"/accounts/password/reset/key/{key}/")
    assert response.status_code in {200, 400, 404}


# --- change of address ------------------------------------------------------------------------------


def ask_for(client, email):
    prove_again(client)
    mail.outbox.clear()
    return client.post("/accounts/email/", {"action_add": "1", "email": email})


def test_change_of_address(signed, ann):
    ask_for(signed, "New@Example.org")
    (message,) = mail.outbox
    assert message.to == ["new@example.org"]
    ann.refresh_from_db()
    assert ann.email == "ann@example.org"
    assert "new@example.org" in signed.get("/accounts/email/").content.decode()
    confirm(signed, message)
    ann.refresh_from_db()
    assert ann.email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.org", True)]
    assert mail.outbox[1].to == ["ann@example.org"]
    visitor = Client()
    sign_in(visitor, "ann@example.org")
    assert not signed_in(visitor)
    sign_in(visitor, "new@example.org")
    assert signed_in(visitor)


def test_change_of_address_asks_for_the_password_first(signed, ann):
    response = signed.post("/accounts/email/", {"action_add": "1", "email": "new@example.org"})
    assert response.url.startswith("/accounts/reauthenticate/")
    assert mail.outbox == []


def test_pending_change_can_be_dropped(signed, ann):
    ask_for(signed, "new@example.org")
    signed.post("/accounts/email/", {"action_remove": "1", "email": "new@example.org"})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["ann@example.org"]
    ann.refresh_from_db()
    assert ann.email == "ann@example.org"


@pytest.mark.parametrize("confirmed", [True, False])
def test_another_member_s_address_can_t_be_taken(signed, ann, confirmed):
    bob = make_member(email="bob@example.org", confirmed=confirmed)
    ask_for(signed, "bob@example.org")
    assert [message.to for message in mail.outbox] == [["bob@example.org"]]
    path = path_in(mail.outbox[0], "confirm-email")
    for client in (signed, Client()):
        response = client.post(path)
        assert response.status_code in {200, 302}
    ann.refresh_from_db()
    bob.refresh_from_db()
    assert (ann.email, bob.email) == ("ann@example.org", "bob@example.org")


def test_pending_address_signs_nobody_else_in(signed, ann):
    """Ann asks for Bob's address: codes and resets for it still are Bob's alone."""
    Client().post(JOIN, answers(email="bob@example.org", display_name="Bob"))
    bob = Member.objects.get(email="bob@example.org")
    ask_for(signed, "bob@example.org")
    mail.outbox.clear()
    visitor = Client()
    visitor.post("/accounts/login/code/", {"email": "bob@example.org"})
    visitor.post("/accounts/login/code/confirm/", {"code": code_in(mail.outbox[0])})
    assert visitor.session["_auth_user_id"] == str(bob.pk)
    mail.outbox.clear()
    visitor = Client()
    visitor.post("/accounts/password/reset/", {"email": "bob@example.org"})
    assert [message.to for message in mail.outbox] == [["bob@example.org"]]
    assert sign_in(Client(), "bob@example.org").url == "/"


# --- second step ------------------------------------------------------------------------------------


def test_second_step(signed, ann):
    secret = set_up_app(signed)
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "totp"]
    visitor = Client()
    assert sign_in(visitor, "ann@example.org", next="/blog/new/").url == "/accounts/2fa/authenticate/"
    assert not signed_in(visitor)
    response = visitor.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "This code is not right" in response.content.decode() or "Incorrect" in response.content.decode()
    assert not signed_in(visitor)
    Authenticator.objects.get(type="totp")
    from django.core.cache import cache

    cache.clear()  # a code can be used once; setting up used this one
    assert visitor.post("/accounts/2fa/authenticate/", {"code": app_code(secret)}).url == "/blog/new/"
    assert signed_in(visitor)


def test_recovery_code_works_once(signed, ann):
    set_up_app(signed)
    codes = signed.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    text = signed.get("/accounts/2fa/recovery-codes/download/")
    assert text.headers["Content-Type"].startswith("text/plain")
    assert [line for line in text.content.decode().splitlines() if line in codes] == codes
    for expected in (True, False):
        visitor = Client()
        sign_in(visitor, "ann@example.org")
        visitor.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert signed_in(visitor) is expected


def test_qr_code_stands_in_the_page(signed, ann):
    prove_again(signed)
    page = signed.get("/accounts/2fa/totp/activate/").content.decode()
    assert page.count('<svg role="img" aria-label="QR code') == 1
    assert "data:image" not in page
    assert "<?xml" not in page


def test_second_step_can_be_removed(signed, ann):
    set_up_app(signed)
    assert signed.get("/accounts/2fa/totp/deactivate/").status_code == 200
    signed.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.count() == 0


def test_suspended_are_refused_after_the_second_step_too(signed, ann):
    secret = set_up_app(signed)
    ann.refresh_from_db()
    ann.suspend(timezone.now() + timedelta(days=3), make_administrator(), "Why.")
    visitor = Client()
    sign_in(visitor, "ann@example.org")
    from django.core.cache import cache

    cache.clear()
    assert visitor.post("/accounts/2fa/authenticate/", {"code": app_code(secret)}).url == INACTIVE
    assert not signed_in(visitor)


@pytest.mark.parametrize(
    ("wanted", "answer"), [(True, (302, "/accounts/2fa/totp/activate/")), (False, (200, ""))]
)
def test_staff_enrol_a_second_step(client, settings, wanted, answer):
    settings.NETWORK_STAFF_TWO_FACTOR = wanted
    client.force_login(make_administrator())
    response = client.get("/admin/")
    assert (response.status_code, getattr(response, "url", "")) == answer
