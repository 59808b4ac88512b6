"""Joining: what is asked, what is recorded, and that nobody learns who is a member already."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.core import mail
from django.test import Client

from commons.texts.models import Text
from profiles.models import Member
from tests.factories import PASSWORD, make_administrator, make_member
from tests.profiles.joining import INACTIVE, JOIN, SENT, answers, confirm, path_in, sign_in, signed_in

pytestmark = pytest.mark.django_db


def errors(response):
    """Return the codes of a form's errors by field."""
    return {
        name: [e.code for e in found] for name, found in response.context["form"].errors.as_data().items()
    }


def test_form_asks_five_things_and_no_more(client):
    form = client.get(JOIN).context["form"]
    assert list(form.fields) == ["display_name", "email", "password1", "old_enough", "terms"]
    tokens = {name: field.widget.attrs.get("autocomplete") for name, field in form.fields.items()}
    assert tokens == {
        "display_name": "name",
        "email": "email",
        "password1": "new-password",
        "old_enough": None,
        "terms": None,
    }


def test_minimum_age_is_a_setting_and_terms_are_linked(client, settings):
    settings.NETWORK_MINIMUM_AGE = 18
    page = client.get(JOIN).content.decode()
    assert "I am 18 years old or older" in page
    assert '<a href="/terms/">terms</a>' in page


def test_join_confirm_and_be_in(client):
    terms = Text.write("terms", title="Terms", body="First.")
    Text.write("terms", title="Terms", body="Second.")
    newest = Text.objects.current("terms")
    response = client.post(JOIN, answers(email="Ann.Lee@Example.ORG", display_name="  Ann \t Lee "))
    assert (response.status_code, response.url) == (302, SENT)
    member = Member.objects.get()
    assert (member.email, member.display_name, member.username) == (
        "ann.lee@example.org",
        "Ann Lee",
        "ann-lee",
    )
    assert member.terms_version == newest != terms
    assert member.terms_agreed_at == member.old_enough_at is not None
    assert (member.confirmed_at, member.approved_at, member.may_act) == (None, None, False)
    assert not signed_in(client)
    (message,) = mail.outbox
    assert message.to == ["ann.lee@example.org"]
    response = confirm(client, message)
    assert (response.status_code, response.url) == (302, "/")
    assert signed_in(client)
    member.refresh_from_db()
    assert member.may_act
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("ann.lee@example.org", True, True)
    ]


def test_confirming_in_another_browser_does_not_sign_in(client):
    client.post(JOIN, answers())
    elsewhere = Client()
    response = confirm(elsewhere, mail.outbox[0])
    assert (response.status_code, response.url) == (302, "/accounts/login/")
    assert not signed_in(elsewhere)
    assert Member.objects.get().may_act


def test_opening_the_link_changes_nothing(client):
    client.post(JOIN, answers())
    Client().get(path_in(mail.outbox[0], "confirm-email"))
    assert Member.objects.get().confirmed_at is None


def test_joining_leads_to_next_afterwards(client):
    client.post(JOIN, answers(next="/blog/new/"))
    assert confirm(client, mail.outbox[0]).url == "/blog/new/"


def test_links_in_mail_use_the_configured_address(client, settings):
    settings.SITE_URL = "https://network.example"
    settings.ALLOWED_HOSTS = ["*"]
    client.post(JOIN, answers(), headers={"host": "evil.example"})
    (message,) = mail.outbox
    whole = message.body + message.alternatives[0].content + message.subject
    assert "https://network.example/accounts/confirm-email/" in whole
    assert "evil.example" not in whole


def test_mail_to_a_stranger_does_not_carry_the_words_of_whoever_typed_their_address(client):
    client.post(JOIN, answers(display_name="Win a prize at evil dot example"))
    (message,) = mail.outbox
    assert "prize" not in message.body + message.alternatives[0].content + message.subject


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"display_name": ""}, {"display_name": ["required"]}),
        ({"display_name": " \u200b\u202e "}, {"display_name": ["name_unreadable"]}),
        ({"display_name": "ann@example.org"}, {"display_name": ["name_is_address"]}),
        ({"display_name": "x" * 81}, {"display_name": ["max_length"]}),
        ({"email": ""}, {"email": ["required"]}),
        ({"email": "ann"}, {"email": ["invalid"]}),
        ({"email": "ann@example.org\x00"}, {"email": ["invalid", "null_characters_not_allowed"]}),
        ({"email": "a" * 400 + "@example.org"}, {"email": ["invalid", "max_length"]}),
        ({"password1": ""}, {"password1": ["required"]}),
        ({"password1": "short"}, {"password1": ["password_too_short"]}),
        ({"password1": "password1234"}, {"password1": ["password_too_common"]}),
        (
            {"display_name": "Annabel Leeworthy", "password1": "annabel leeworthy"},
            {"password1": ["password_too_similar"]},
        ),
        ({"terms": ""}, {"terms": ["required"]}),
        ({"old_enough": ""}, {"old_enough": ["required"]}),
    ],
)
def test_bad_input_is_answered_beside_the_field_and_kept(client, changed, found):
    response = client.post(JOIN, answers(**changed))
    assert response.status_code == 200
    got = {name: sorted(codes) for name, codes in errors(response).items()}
    assert got == {name: sorted(codes) for name, codes in found.items()}
    page = response.content.decode()
    assert "<title>Error: Join" in page
    assert PASSWORD not in page
    assert Member.objects.count() == 0
    assert mail.outbox == []


def test_forbidden_fields_are_ignored(client):
    client.post(
        JOIN,
        answers(is_staff="on", is_superuser="on", username="root", approved_at="2020-01-01", is_active=""),
    )
    member = Member.objects.get()
    assert (member.is_staff, member.is_superuser, member.username, member.approved_at, member.is_active) == (
        False,
        False,
        "ann-lee",
        None,
        True,
    )


def test_signed_in_are_led_away(client, member):
    client.force_login(member)
    for path in (JOIN, "/accounts/login/", "/accounts/login/code/"):
        assert client.get(path).url == "/"


# --- nobody learns who is a member ----------------------------------------------------------------


@pytest.fixture
def hashings(monkeypatch):
    """Count how often a password is hashed: what takes the time."""
    done = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self, password, salt):
        done.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    return done


def shown(response):
    """What a visitor sees: status, where they are led, the words; without what differs at every request."""
    return response.redirect_chain, response.status_code, response.content


@pytest.mark.parametrize(
    "known", ["ann@example.org", "ANN@Example.ORG", "unconfirmed@example.org", "closed@example.org"]
)
def test_joining_says_and_does_the_same_for_a_known_address(hashings, known):
    make_member("Ann Lee", email="ann@example.org")
    make_member(email="unconfirmed@example.org", confirmed=False)
    make_member(email="closed@example.org", is_active=False)
    seen = {}
    for email in ("new@example.org", known):
        hashings.clear()
        visitor = Client()
        response = visitor.post(JOIN, answers(email=email), follow=True)
        seen[email] = (*shown(response), len(hashings), sorted(visitor.cookies), len(mail.outbox))
        mail.outbox.clear()
    assert seen["new@example.org"] == seen[known]
    assert seen[known][3] == 1
    assert Member.objects.count() == 4


def test_known_address_is_told_by_mail_and_nothing_changes(client):
    member = make_member("Ann Lee", email="ann@example.org")
    client.post(JOIN, answers(display_name="Mallory", password1="another long pass phrase"))
    member.refresh_from_db()
    assert member.display_name == "Ann Lee"
    assert member.check_password(PASSWORD)
    (message,) = mail.outbox
    assert message.to == ["ann@example.org"]
    assert "already" in message.subject
    assert "/accounts/password/reset/" in message.body


@pytest.mark.parametrize("path", ["/accounts/login/code/", "/accounts/password/reset/"])
def test_code_and_reset_say_the_same_for_a_known_address(path, hashings):
    make_member(email="ann@example.org")
    seen = []
    for email in ("ann@example.org", "bob@example.org"):
        visitor = Client()
        response = visitor.post(path, {"email": email}, follow=True)
        words = re.sub(
            r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode().replace(email, "x")
        )
        seen.append((response.redirect_chain, response.status_code, words, len(hashings), len(mail.outbox)))
        mail.outbox.clear()
    assert seen[0] == seen[1]
    assert seen[0][4] == 1


@pytest.mark.parametrize("email", ["ann@example.org", "closed@example.org", "nobody@example.org"])
def test_wrong_password_says_and_costs_the_same(client, hashings, email):
    make_member(email="ann@example.org")
    make_member(email="closed@example.org", is_active=False)
    hashings.clear()
    response = sign_in(client, email, "wrong but long enough")
    assert errors(response) == {"__all__": ["email_password_mismatch"]}
    assert len(hashings) == 1


def test_two_who_join_at_once_with_one_address(client, monkeypatch):
    """The second passes the check before the first is saved, and is answered like everybody else."""
    from allauth.account.internal.flows import manage_email

    make_member("Ann Lee", email="ann@example.org")
    monkeypatch.setattr(manage_email, "assess_unique_email", lambda email, user=None: True)
    response = client.post(JOIN, answers())
    assert (response.status_code, response.url) == (302, SENT)
    assert Member.objects.count() == 1
    assert ["already" in message.subject for message in mail.outbox] == [True]


# --- a person answers -----------------------------------------------------------------------------


def test_approval_is_off_by_default(settings):
    assert settings.NETWORK_APPROVES_MEMBERS is False


def test_new_members_wait_for_a_person(client, settings):
    settings.NETWORK_APPROVES_MEMBERS = True
    client.post(JOIN, answers())
    response = confirm(client, mail.outbox[0])
    assert response.url == INACTIVE
    assert "a person will answer" in client.get(INACTIVE).content.decode()
    assert not signed_in(client)
    member = Member.objects.get()
    assert list(Member.objects.awaiting_approval()) == [member]

    elsewhere = Client()
    assert sign_in(elsewhere, "ann@example.org").url == INACTIVE
    assert "a person will answer" in elsewhere.get(INACTIVE).content.decode()
    assert not signed_in(elsewhere)

    mail.outbox.clear()
    assert member.approve(make_administrator()) is True
    assert member.approve(make_administrator()) is False
    assert [message.to for message in mail.outbox] == [["ann@example.org"]]
    assert sign_in(elsewhere, "ann@example.org").url == "/"
    assert signed_in(elsewhere)


def test_waiting_and_confirming_in_another_browser(client, settings):
    settings.NETWORK_APPROVES_MEMBERS = True
    client.post(JOIN, answers())
    assert confirm(Client(), mail.outbox[0]).url == INACTIVE


def test_a_code_by_mail_does_not_pass_the_queue(client, settings):
    settings.NETWORK_APPROVES_MEMBERS = True
    Client().post(JOIN, answers())
    mail.outbox.clear()
    client.post("/accounts/login/code/", {"email": "ann@example.org"})
    code = mail.outbox[0].body.split("\n\n")[2].strip()
    assert client.post("/accounts/login/code/confirm/", {"code": code}).url == INACTIVE
    assert not signed_in(client)
    assert Member.objects.get().confirmed_at is not None
