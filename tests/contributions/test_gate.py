"""Who may see what: one item in every status and audience, asked for by everyone."""

import pytest
from django.contrib.auth.models import AnonymousUser

from commons.contributions.models import Contribution
from tests.factories import make_member, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def items(member, administrator):
    """One item of each kind of state, by name; `never` was withdrawn before anybody saw it."""
    hidden_author = make_member("Hid Den")
    made = {
        "public": make_post(member),
        "members": make_post(member, audience="members"),
        "draft": make_post(member, publish=False),
        "awaiting": make_post(member, publish=False),
        "removed": make_post(member),
        "withdrawn": make_post(member),
        "withdrawn-members": make_post(member, audience="members"),
        "never": make_post(member, publish=False),
        "hidden": make_post(hidden_author),
    }
    made["awaiting"].submit(member, held_because="links")
    made["removed"].remove(administrator, "Spam.")
    for name in ("withdrawn", "withdrawn-members", "never"):
        made[name].withdraw(member)
    hidden_author.hide_contributions()
    return made


def names(items, queryset):
    by_pk = {item.pk: name for name, item in items.items()}
    return {by_pk[pk] for pk in queryset.values_list("pk", flat=True)}


@pytest.mark.parametrize(
    ("who", "listed"),
    [
        ("visitor", {"public"}),
        ("stranger", {"public", "members"}),
        ("author", {"public", "members"}),
        ("moderator", {"public", "members"}),
    ],
)
def test_listed(items, member, administrator, who, listed):
    user = {
        "visitor": AnonymousUser(),
        "stranger": make_member(),
        "author": member,
        "moderator": administrator,
    }[who]
    assert names(items, Contribution.objects.listed_to(user)) == listed


@pytest.mark.parametrize(
    ("who", "visible"),
    [
        ("visitor", {"public"}),
        ("stranger", {"public", "members"}),
        (
            "author",
            {"public", "members", "draft", "awaiting", "removed", "withdrawn", "withdrawn-members", "never"},
        ),
        (
            "moderator",
            {"public", "members", "awaiting", "removed", "withdrawn", "withdrawn-members", "hidden"},
        ),
    ],
)
def test_visible(items, member, administrator, who, visible):
    user = {
        "visitor": AnonymousUser(),
        "stranger": make_member(),
        "author": member,
        "moderator": administrator,
    }[who]
    assert names(items, Contribution.objects.visible_to(user)) == visible


def test_tombstones(items):
    assert names(items, Contribution.objects.tombstone_for(AnonymousUser())) == {"withdrawn"}
    assert names(items, Contribution.objects.tombstone_for(make_member())) == {
        "withdrawn",
        "withdrawn-members",
    }


def test_a_staff_member_without_the_permission_is_no_moderator(items, member):
    staff = make_member(is_staff=True)
    assert names(items, Contribution.objects.visible_to(staff)) == {"public", "members"}


def test_editable(items, member):
    assert names(items, Contribution.objects.editable_by(member)) == {
        "public", "members", "draft", "awaiting", "withdrawn", "withdrawn-members", "never",
    }  # fmt: skip
    assert names(items, Contribution.objects.editable_by(AnonymousUser())) == set()
    assert names(items, Contribution.objects.editable_by(make_member())) == set()
