"""Finding people: by words and by every facet, as far as each shows what is asked for."""

import pytest
from django.test import Client

from commons.tagging.models import Principle, ServiceSector
from profiles.help_lines import Help, HelpLine
from profiles.models import Member
from tests.factories import make_administrator, make_member

pytestmark = pytest.mark.django_db
DIRECTORY = "/members/"


@pytest.fixture
def member_client():
    client = Client()
    client.force_login(make_member("Reader", in_directory=False))
    return client


def names(response):
    return [person.name for person in response.context["people"]]


def counts(response, name):
    groups = {group["name"]: group["options"] for group in response.context["facets"]}
    return {option["value"]: option["count"] for option in groups.get(name, [])}


def offering(name, text, *, principle=None, sector=None, sort=Help.OFFER, **fields):
    member = make_member(name, **fields)
    line = HelpLine(sort=sort, text=text, principle=principle, sector=sector)
    member.write_profile({"help_lines": [line]})
    return member


def terms():
    return list(Principle.objects.order_by("order")[:2]), list(ServiceSector.objects.order_by("order")[:2])


def test_any_of_one_facet_and_all_of_several(client):
    (first, second), (housing, _other) = terms()
    for name, principles, sectors, role in (
        ("Ann", [first], [housing], "carer"),
        ("Bea", [second], [housing], "policy"),
        ("Cid", [first, second], [], "carer"),
        ("Dee", [], [housing], "carer"),
    ):
        member = make_member(name, roles=[role])
        member.principles.set(principles)
        member.sectors.set(sectors)
    both = [first.slug, second.slug]
    assert names(client.get(DIRECTORY, {"principle": both})) == ["Ann", "Bea", "Cid"]
    assert names(client.get(DIRECTORY, {"principle": both, "sector": housing.slug})) == ["Ann", "Bea"]
    found = client.get(
        DIRECTORY, {"principle": both, "sector": housing.slug, "role": ["carer", "researcher"]}
    )
    assert names(found) == ["Ann"]
    # A count leaves out its own facet's choices: what choosing the option would show.
    assert counts(found, "principle") == {first.slug: "1", second.slug: "0"}
    assert counts(found, "role") == {"carer": "1", "policy": "1", "researcher": "0"}
    assert counts(found, "sector") == {housing.slug: "1"}
    assert [chip["label"] for chip in found.context["active_facets"]] == [
        "Carer or family member", "Researcher", first.name, second.name, housing.name,
    ]  # fmt: skip
    assert names(client.get(DIRECTORY, {"principle": "no-such", "role": "king", "open": "maybe"})) == [
        "Ann", "Bea", "Cid", "Dee",
    ]  # fmt: skip


def test_open_to_being_contacted(client):
    make_member("Ann", open_to_contact=True)
    make_member("Bea")
    assert names(client.get(DIRECTORY, {"open": "yes"})) == ["Ann"]
    assert counts(client.get(DIRECTORY), "open") == {"yes": "1"}


@pytest.mark.parametrize(
    ("sight", "to_visitor", "to_member"), [("everyone", 1, 1), ("members", 0, 1), ("nobody", 0, 0)]
)
def test_each_facet_finds_and_counts_only_what_is_shown(client, member_client, sight, to_visitor, to_member):
    (principle, _second), _sectors = terms()
    offering(
        "Ann",
        "Chairing meetings",
        principle=principle,
        roles=["carer"],
        region="scotland",
        show_roles=sight,
        show_place=sight,
        show_help=sight,
    )
    for reader, found in ((client, to_visitor), (member_client, to_member)):
        for name, value in (("role", "carer"), ("region", "scotland"), ("offers", principle.slug)):
            assert len(names(reader.get(DIRECTORY, {name: value}))) == found, name
            assert counts(reader.get(DIRECTORY), name) == ({value: "1"} if found else {}), name
        assert len(names(reader.get(DIRECTORY, {"q": "chairing"}))) == found


def test_offers_are_found_by_principle_and_by_sector_and_wishes_are_not(member_client):
    (principle, other), (sector, _second) = terms()
    offering("Ann", "Chairing meetings", principle=principle)
    offering("Bea", "Knowing the rules", sector=sector)
    offering("Cid", "A wish", principle=principle, sort=Help.WANT)
    offering("Dee", "Something else", principle=other)
    found = member_client.get(DIRECTORY, {"offers": [principle.slug, sector.slug]})
    assert [(person.name, person.text) for person in found.context["people"]] == [
        ("Ann", "Chairing meetings"),
        ("Bea", "Knowing the rules"),
    ]
    assert counts(found, "offers") == {principle.slug: "1", other.slug: "1", sector.slug: "1"}
    assert found.context["active_facets"][0]["label"] == f"Offers help with: {principle.name}"


def test_what_awaits_approval_finds_nobody(member_client):
    (principle, _second), _sectors = terms()
    member = offering("Ann", "Chairing meetings", principle=principle, region="scotland", about="Beekeeping")
    Member.objects.filter(pk=member.pk).update(profile_held_because="It has links.")
    page = member_client.get(DIRECTORY)
    assert (counts(page, "offers"), counts(page, "region")) == ({}, {})
    for query in ({"offers": principle.slug}, {"region": "scotland"}, {"q": "chairing"}, {"q": "beekeeping"}):
        assert names(member_client.get(DIRECTORY, query)) == []


def test_every_word_has_to_be_found_somewhere(client):
    make_member("Ann Lee", organisation="Acme Housing", about="I keep bees.")
    make_member("Ann Other", organisation="Acme")
    assert names(client.get(DIRECTORY, {"q": "acme ann"})) == ["Ann Lee", "Ann Other"]
    assert names(client.get(DIRECTORY, {"q": "ann housing bees"})) == ["Ann Lee"]
    assert names(client.get(DIRECTORY, {"q": "ann wasps"})) == []


def test_newest_members_first(client):
    for name in ("Bea", "Ann", "Cid"):
        make_member(name)
    response = client.get(DIRECTORY, {"sort": "newest"})
    assert names(response) == ["Cid", "Ann", "Bea"]
    assert [(link["label"], link["current"]) for link in response.context["sort_links"]] == [
        ("By name", False),
        ("Newest members", True),
    ]
    assert names(client.get(DIRECTORY, {"sort": "sideways"})) == ["Ann", "Bea", "Cid"]


def test_what_was_counted_is_counted_anew_once_anybody_changes(client):
    member = make_member("Ann", roles=["carer"])
    assert counts(client.get(DIRECTORY), "role") == {"carer": "1"}
    member.write_profile({"roles": ["policy"], "open_to_contact": True})
    page = client.get(DIRECTORY)
    assert (counts(page, "role"), counts(page, "open")) == ({"policy": "1"}, {"yes": "1"})
    member.write_profile({"show_roles": "members"})
    assert counts(client.get(DIRECTORY), "role") == {}
    member.hide(make_administrator())
    assert client.get(DIRECTORY).context["facets"] == []


def test_nothing_found_and_an_empty_directory_say_so_in_plain_words(client):
    page = client.get(DIRECTORY).content.decode()
    assert "Nobody is listed yet" in page
    make_member("Ann")
    page = client.get(DIRECTORY, {"role": "carer"}).content.decode()
    assert "Nobody was found" in page
    assert "Take one filter away" in page
    assert "Try fewer letters" in client.get(DIRECTORY, {"q": "zebra"}).content.decode()


@pytest.mark.parametrize("number", [1, 3, 50])
def test_a_narrowed_directory_costs_the_same_for_any_number(client, member_client, queries, number):
    (principle, _second), (sector, _other) = terms()
    for _each in range(number):
        member = offering(None, "Chairing", principle=principle, roles=["carer"], show_help="everyone")
        member.sectors.set([sector])
    query = {"q": "test", "role": "carer", "sector": sector.slug, "offers": principle.slug, "sort": "newest"}
    client.get(DIRECTORY, query)
    with queries(7):
        assert len(names(client.get(DIRECTORY, query))) == min(number, 24)
    with queries(9):
        member_client.get(DIRECTORY, query)
