"""The gap report: moderators alone, cells by how many members work there against how little is known."""

import csv
from io import StringIO

import pytest

from commons.tagging.models import Principle, ServiceSector
from discovery.evidence_gaps import LACKS
from discovery.evidence_map import State
from tests.factories import consume, make_member, make_moderator, make_post

pytestmark = pytest.mark.django_db

GAPS = "/evidence-map/gaps/"
PEER, HOUSING, YOUTH = "peer-support-networks", "housing", "youth"


def working(*sectors, **values):
    member = make_member(**values)
    member.principles.set(Principle.objects.filter(slug=PEER))
    member.sectors.set(ServiceSector.objects.filter(slug__in=sectors))
    return member


@pytest.fixture
def moderator(client):
    found = make_moderator()
    client.force_login(found)
    return found


def test_only_moderators_find_it(client, member):
    assert client.get(GAPS).status_code == 404
    assert "Gap report" not in client.get("/evidence-map/").content.decode()
    client.force_login(member)
    assert client.get(GAPS).status_code == 404
    client.force_login(make_moderator())
    assert client.get(GAPS).status_code == 200
    assert f'href="{GAPS}"' in client.get("/evidence-map/").content.decode()
    assert f'href="{GAPS}"' in client.get("/admin/").content.decode()


def test_the_greatest_need_comes_first(client, moderator):
    assert LACKS == {State.GAP: 4, State.WEAK: 3, State.APART: 2, State.MODERATE: 1, State.STRONG: 0}
    working(YOUTH)
    for _number in range(2):
        working(HOUSING)
    working(HOUSING, in_directory=False)
    working(HOUSING, hidden=True)
    make_post(
        principles=list(Principle.objects.filter(slug=PEER)),
        sectors=list(ServiceSector.objects.filter(slug=HOUSING)),
    )

    gaps = [gap for gap, _path in client.get(GAPS).context["gaps"]]

    assert len(gaps) == 84
    assert [(gap.cell.sector.slug, gap.members, gap.cell.state, gap.need) for gap in gaps[:3]] == [
        (HOUSING, 2, State.WEAK, 6),
        (YOUTH, 1, State.GAP, 4),
        ("adult-social-care", 0, State.GAP, 0),
    ]


def test_it_can_be_taken_as_a_table_and_narrowed(client, moderator):
    working(HOUSING)
    rows = list(
        csv.reader(StringIO(consume(client.get(f"{GAPS}?format=csv&kind=report")).decode("utf-8-sig")))
    )
    assert len(rows) == 1 + 84
    assert rows[1][:6] == ["Housing and supported housing", "Peer support networks", "1", "0", "Gap", "4"]
    assert rows[1][6].endswith(f"/browse/?principle={PEER}&sector={HOUSING}&kind=report")
    [chip] = client.get(f"{GAPS}?kind=report").context["active_facets"]
    assert chip == {"label": "Reports", "remove_url": GAPS}


def test_the_number_of_queries_is_the_same_for_1_3_and_50_members(
    client, moderator, django_assert_num_queries
):
    client.get(GAPS)
    made = 0
    for count in (1, 3, 50):
        while made < count:
            working(HOUSING, password=None)
            made += 1
        make_post()
        with django_assert_num_queries(
            8
        ):  # session, member, inbox, permissions twice, last change, map, members
            client.get(GAPS)
