"""Members as rows: addresses, standing, and the first administrator."""

import io

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from commons.search import index
from commons.search.models import SearchEntry
from profiles.models import Member
from tests.factories import PASSWORD, make_member
from tests.profiles.joining import sign_in, signed_in

pytestmark = pytest.mark.django_db


def test_addresses_are_one_whatever_their_case():
    make_member(email="Ann@X.org")
    assert Member.objects.get_by_natural_key("ANN@x.ORG").email == "ann@x.org"
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create_user("ANN@X.ORG", "Other", PASSWORD)


def test_database_refuses_capital_letters_and_empty_names(member):
    for change in ({"email": "ANN@x.org"}, {"display_name": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Member.objects.filter(pk=member.pk).update(**change)


@pytest.mark.parametrize(("email", "name"), [("", "Ann"), ("a@example.org", "")])
def test_member_needs_address_and_name(email, name):
    with pytest.raises(ValueError, match="needs an e-mail address and a name"):
        Member.objects.create_user(email, name)


def test_confirming_twice_changes_nothing(member):
    before = Member.objects.values_list("confirmed_at", "approved_at", "changed_at").get(pk=member.pk)
    member.confirm()
    assert Member.objects.values_list("confirmed_at", "approved_at", "changed_at").get(pk=member.pk) == before


@pytest.mark.parametrize(
    ("fields", "may"),
    [
        ({}, True),
        ({"is_active": False}, False),
        ({"approved_at": None}, False),
        ({"suspended_until": timezone.now().replace(year=2999)}, False),
        ({"suspended_until": timezone.now().replace(year=2001)}, True),
    ],
)
def test_who_may_act(fields, may):
    assert make_member(**fields).may_act is may


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ann Lee", "AL"), ("ann", "A"), ("Ann van der Lee", "AL"), ("山田 太郎", "山太"), ("!!!", "!")],
)
def test_initials(name, initials):
    assert Member(display_name=name).initials == initials


def test_search_index_agrees_with_the_members(member):
    make_member("Unlisted", in_directory=False)
    member.write_profile({"place": "Leeds", "show_place": "everyone", "roles": ["carer"], "about": "*Hello*"})
    before = sorted(
        SearchEntry.objects.filter(kind="member").values_list("title", "summary", "body", "extra", "url")
    )
    assert [title for title, *_rest in before] == ["Ann Lee"]
    assert index.check() == []
    index.rebuild()
    after = SearchEntry.objects.filter(kind="member").values_list("title", "summary", "body", "extra", "url")
    assert sorted(after) == before


# --- the first administrator ----------------------------------------------------------------------


def create(monkeypatch, **environment):
    for name in ("EMAIL", "DISPLAY_NAME", "PASSWORD"):
        monkeypatch.delenv(f"DJANGO_SUPERUSER_{name}", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(f"DJANGO_SUPERUSER_{name}", value)
    call_command("createsuperuser", interactive=False, stdout=io.StringIO())


@pytest.mark.parametrize(
    ("typed", "name"), [({"DISPLAY_NAME": "Mo Derator"}, "Mo Derator"), ({}, "Administrator")]
)
def test_administrator_from_the_environment_signs_in_at_once(client, monkeypatch, settings, typed, name):
    settings.NETWORK_APPROVES_MEMBERS = True
    create(monkeypatch, EMAIL="Boss@Example.org", PASSWORD=PASSWORD, **typed)
    boss = Member.objects.get()
    assert (boss.email, boss.display_name, boss.is_staff, boss.is_superuser) == (
        "boss@example.org",
        name,
        True,
        True,
    )
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("boss@example.org", True)]
    sign_in(client, "boss@example.org")
    assert signed_in(client)
    assert client.get("/admin/").status_code == 200


def test_second_administrator_with_one_address_is_refused(monkeypatch):
    create(monkeypatch, EMAIL="boss@example.org", PASSWORD=PASSWORD)
    with pytest.raises((CommandError, IntegrityError)):
        create(monkeypatch, EMAIL="BOSS@example.org", PASSWORD=PASSWORD)


def test_command_asks_for_address_name_and_password(monkeypatch):
    asked = []

    def answer(words):
        asked.append(words.strip())
        return {"E": "boss@example.org", "N": "Mo Derator"}[words[0]]

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr("getpass.getpass", lambda *_words: PASSWORD)

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    call_command("createsuperuser", interactive=True, stdin=Terminal(), stdout=io.StringIO())
    assert asked == ["E-mail address:", "Name:"]
    assert authenticate(email="boss@example.org", password=PASSWORD).display_name == "Mo Derator"
