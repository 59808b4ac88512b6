"""Usernames: made from the name, in any script; some words are the site's own."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver, reverse

from profiles.models import FormerUsername, Member
from profiles.usernames import RESERVED, username_from, validate_username


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("Ann Lee", "ann-lee"),
        ("Siân O’Neill-Ťhom_as", "sian-oneill-thom-as"),
        ("Me", "me-1"),
        ("Admin", "admin-1"),
        ("--- X ---", "x"),
        ("x" * 80, "x" * 32),
    ],
)
def test_made_from_the_name(name, username):
    assert username_from(name, lambda taken: False) == username


@pytest.mark.parametrize("name", ["山田太郎", "Дмитрий", "محمد", "🙂🙂"])
def test_other_scripts_get_a_number(name):
    assert re.fullmatch(r"member-[0-9]{6}", username_from(name, lambda taken: False))


def test_taken_ones_are_numbered():
    assert username_from("Ann Lee", {"ann-lee", "ann-lee-2"}.__contains__) == "ann-lee-3"


@pytest.mark.parametrize("name", ["Ann", "a_b", "a--b", "-a", "a-", "a b", "ä", "", "a\n", "²"])
def test_shape(name):
    with pytest.raises(ValidationError) as caught:
        validate_username(name)
    assert caught.value.code == "username_shape"


@pytest.mark.parametrize("name", ["me", "admin", "new"])
def test_reserved(name):
    with pytest.raises(ValidationError) as caught:
        validate_username(name)
    assert caught.value.code == "username_reserved"


def test_first_words_of_our_own_addresses_are_reserved():
    patterns = next(p for p in _all(get_resolver()) if getattr(p, "namespace", "") == "profiles").url_patterns
    words = {str(p.pattern).split("/")[0] for p in patterns} - {"", "<slug:username>"}
    assert words
    assert words <= RESERVED


def _all(resolver):
    for pattern in resolver.url_patterns:
        yield pattern
        if hasattr(pattern, "url_patterns"):
            yield from _all(pattern)


@pytest.mark.django_db
def test_old_username_leads_to_the_new_one(client, member):
    member.rename("ann-of-leeds")
    response = client.get("/members/ann-lee/")
    assert (response.status_code, response.url) == (301, "/members/ann-of-leeds/")
    member.rename("ann-lee")
    assert client.get("/members/ann-lee/").status_code == 200
    assert client.get("/members/ann-of-leeds/").url == "/members/ann-lee/"
    assert list(FormerUsername.objects.values_list("username", flat=True)) == ["ann-of-leeds"]


@pytest.mark.django_db
def test_old_username_of_a_hidden_member_leads_nowhere(client, member, administrator):
    member.rename("ann-of-leeds")
    member.hide(administrator)
    assert client.get("/members/ann-lee/").status_code == 404
    assert client.get("/members/ann-of-leeds/").status_code == 404


@pytest.mark.django_db
def test_nobody_gets_a_username_that_was_another_s(member):
    member.rename("ann-of-leeds")
    other = Member.objects.create_user("other@example.org", "Ann Lee")
    assert other.username == "ann-lee-2"


@pytest.mark.django_db
def test_capital_letters_in_an_address_lead_to_the_small_ones(client, member):
    response = client.get("/members/Ann-Lee/")
    assert (response.status_code, response.url) == (301, reverse("profiles:detail", args=["ann-lee"]))
