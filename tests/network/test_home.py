"""The home page: what this place is for a visitor, and what is new for a member."""

import pytest

from commons.contributions.models import Contribution
from commons.tagging.models import Principle, ServiceSector
from network.starter_library import ways_to_take_part
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def titles(cards):
    return [card.title for card in cards]


def test_a_visitor_reads_what_this_is_and_what_is_new(client, member):
    for number in range(8):
        make_post(member, title=f"Post {number}")
    make_post(member, title="For members", audience="members")
    make_post(member, title="Not yet", publish=False)
    response = client.get("/")
    content = response.content.decode()
    assert titles(response.context["cards"]) == [f"Post {number}" for number in (7, 6, 5, 4, 3, 2)]
    assert [principle.name for principle in response.context["principles"]] == list(
        Principle.objects.order_by("order").values_list("name", flat=True)
    )
    assert [way.title for way in ways_to_take_part() if str(way.title) not in content] == []
    assert 'href="/accounts/signup/"' in content


def test_before_anything_is_shared_a_visitor_is_told_so(client):
    assert b"Nothing has been shared yet" in client.get("/").content


@pytest.mark.parametrize("number", [1, 3, 50])
def test_what_a_visitor_s_home_page_costs(client, member, queries, number):
    for _ in range(number):
        make_post(member)
    client.get("/")
    with queries(4):
        client.get("/")


@pytest.mark.parametrize("number", [1, 3, 50])
def test_what_a_member_s_home_page_costs(client, member, other_member, queries, number):
    member.write_profile({"principles": list(Principle.objects.all())})
    for _ in range(number):
        make_post(other_member)
        make_post(member, publish=False)
    client.force_login(member)
    client.get("/")
    with queries(10):  # one of them for the first steps of a new member
        client.get("/")


def test_a_member_sees_what_is_new_on_what_they_work_on_and_what_they_began(client, member, other_member):
    principles, sectors = Principle.objects.order_by("order"), ServiceSector.objects.order_by("order")
    client.force_login(member)
    assert client.get("/").context["has_chosen"] is False
    member.write_profile({"principles": [principles[0]], "sectors": [sectors[0]]})
    ours = {"principles": [principles[0]], "sectors": [sectors[0]]}
    make_post(other_member, title="Another principle", **ours | {"principles": [principles[1]]})
    make_post(other_member, title="Another sector", **ours | {"sectors": [sectors[1]]})
    make_post(other_member, title="Both", **ours)
    make_post(other_member, title="Both, for members", audience="members", **ours)
    make_post(other_member, title="Theirs alone", publish=False, **ours)
    make_post(member, title="Mine", **ours)
    make_post(member, title="Begun", publish=False, **ours)
    shown = client.get("/").context
    assert titles(shown["chosen_cards"]) == ["Both, for members", "Both"]
    assert titles(shown["own_cards"]) == ["Begun"]
    assert len(shown["cards"]) == Contribution.objects.listed_to(member).count() == 5
