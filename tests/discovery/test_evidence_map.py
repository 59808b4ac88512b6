"""The evidence map: its numbers are browse's, its states keep their thresholds, and what is hidden counts nowhere."""

import csv
import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.management import call_command
from django.http import QueryDict
from django.utils import timezone

from commons.contributions.models import Contribution
from commons.tagging import vocabulary
from commons.tagging.models import Principle, ServiceSector
from discovery.chosen import Chosen
from discovery.evidence_map import Cell, State, map_of
from discovery.evidence_map_filters import MapFilters
from discovery.kinds import contribution_kinds
from tests.factories import (
    consume,
    make_case_study,
    make_document,
    make_member,
    make_post,
    make_report,
    make_thread,
)

pytestmark = pytest.mark.django_db

MAP = "/evidence-map/"
PEER, HOUSING = "peer-support-networks", "housing"


def tags(principles, sectors):
    return {
        "principles": list(Principle.objects.filter(slug__in=principles)),
        "sectors": list(ServiceSector.objects.filter(slug__in=sectors)),
    }


def here(**values):
    return {**tags([PEER], [HOUSING]), **values}


def evaluation(level, **values):
    told = {"evaluated": "A service", "evaluator": "own", "method": "Counted.", "findings": "More."}
    return make_document(subtype="evaluation", evidence_level=level, **told, **here(**values))


def the_map(query="", user=None):
    user = user or AnonymousUser()
    cache.clear()
    return map_of(MapFilters.read(QueryDict(query), user), user, None)


def cell_of(found, principle=PEER, sector=HOUSING):
    return next(
        cell for cell in found.cells() if (cell.principle.slug, cell.sector.slug) == (principle, sector)
    )


def filled(found):
    return {(cell.principle.slug, cell.sector.slug): cell.total for cell in found.cells() if cell.total}


# --- the same as browse ------------------------------------------------------------------------


def test_on_a_network_of_5_000_items_every_number_is_browses(client, member):
    call_command(
        "generate_network",
        members=60,
        contributions=5000,
        comments=0,
        yes_add=True,
        stdout=StringIO(),
        stderr=StringIO(),
    )
    cache.clear()
    terms = vocabulary.current()
    places = [
        {"principle": principle, "sector": sector}
        for principle in (None, *terms.principles.values())
        for sector in (None, *terms.sectors.values())
    ]
    for reader in (AnonymousUser(), member):
        for query in ("", "kind=document&kind=case-study", "year=2015&year=2016&region=wales", "evidence=3"):
            found = the_map(query, reader)
            cells = [*found.cells(), *found.totals, *(row.total for row in found.rows), found.whole]
            numbers = {(cell.principle, cell.sector): cell.total for cell in cells}
            assert numbers == {
                (place["principle"], place["sector"]): browsed(place, query, reader) for place in places
            }, (query, reader)
            assert len(numbers) == (len(terms.principles) + 1) * (len(terms.sectors) + 1)
    client.force_login(member)
    some = map_of(MapFilters.read(QueryDict("kind=link"), member), member, None)
    for cell in sorted(some.cells(), key=lambda cell: cell.total)[::12]:
        page = client.get(f"/browse/?{cell.place}&kind=link")
        assert page.context["pager"].count == cell.total


def browsed(place, query, reader):
    """Return how many browse lists to a reader for a principle, a sector, both or neither, and the filters."""
    asked = QueryDict(query, mutable=True)
    for name, term in place.items():
        if term:
            asked[name] = term.slug
    listed = Contribution.objects.listed_to(reader)
    return Chosen.read(asked, reader, contribution_kinds()).narrow(listed).count()


def test_an_item_counts_in_each_of_its_cells_and_once_in_every_total():
    make_post(**tags([PEER, "blurring-distinctions"], [HOUSING, "youth"]))
    make_post(**here())

    found = the_map()

    assert filled(found) == {
        (PEER, HOUSING): 2,
        (PEER, "youth"): 1,
        ("blurring-distinctions", HOUSING): 1,
        ("blurring-distinctions", "youth"): 1,
    }
    assert {row.sector.slug: row.total.total for row in found.rows if row.total.total} == {
        HOUSING: 2,
        "youth": 1,
    }
    assert {cell.principle.slug: cell.total for cell in found.totals if cell.total} == {
        PEER: 2,
        "blurring-distinctions": 1,
    }
    assert found.whole.total == 2


def test_what_is_hidden_counts_nowhere_and_what_is_for_members_only_for_them(client, member):
    make_post(**here(), publish=False)
    make_post(**here()).withdraw(member)
    make_post(**here(audience="members"))

    assert filled(the_map()) == {}
    assert filled(the_map(user=member)) == {(PEER, HOUSING): 1}
    assert client.get(MAP).context["map"].whole.total == 0
    client.force_login(member)
    assert client.get(MAP).context["map"].whole.total == 1


# --- kinds of evidence and states --------------------------------------------------------------


def test_items_are_counted_by_kind_of_evidence():
    make_case_study(**here())
    evaluation(1)
    make_report(**here())
    make_document(subtype="guidance", **here())
    make_document(subtype="tool", **here())
    make_post(**here())
    make_thread(**here())

    found = cell_of(the_map())

    assert dict(found.sorts()) == {
        "Case studies": "1",
        "Evaluations": "1",
        "Research and reports": "2",
        "Practice talk": "3",
    }
    assert (found.best, found.total) == (1, 7)


@pytest.mark.parametrize(
    ("total", "best", "together", "state"),
    [
        (0, None, False, State.GAP),
        (1, None, False, State.WEAK),
        (1, 0, False, State.WEAK),
        (4, 1, False, State.WEAK),
        (4, 2, False, State.MODERATE),
        (4, 3, False, State.STRONG),
        (4, 5, False, State.STRONG),
        (5, None, False, State.APART),
        (5, 5, False, State.APART),
        (5, None, True, State.WEAK),
        (5, 1, True, State.WEAK),
        (5, 2, True, State.MODERATE),
        (5, 3, True, State.STRONG),
    ],
)
def test_where_a_cell_stands(total, best, together, state):
    assert Cell(None, None, (0, 0, 0, total), best, together).state == state


def test_five_items_are_brought_together_by_an_evaluation_or_a_review():
    for _number in range(5):
        make_report(**here())
    assert cell_of(the_map()).state == State.APART
    report = make_report(**here(keywords=["systematic review"]))
    assert cell_of(the_map()).state == State.WEAK
    report.remove(None, reason="other")
    assert cell_of(the_map()).state == State.APART
    make_post(**here(keywords=["review"]))  # a post is no review, whatever its keywords
    assert cell_of(the_map()).state == State.APART
    evaluation(3)
    assert cell_of(the_map()).state == State.STRONG


# --- filters and the day -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("kind=report", {"report"}),
        ("region=wales", {"evaluation"}),
        ("evidence=2", {"evaluation"}),
        ("year=2010", {"report"}),
        ("from=2010&to=2012", {"report", "evaluation"}),
        ("from=2011", {"post", "evaluation"}),  # a post is of the year in which it is published
        ("to=2010", {"report"}),
        ("from=2012&to=2010", {"post", "report", "evaluation"}),
        ("from=x&to=&kind=nothing&region=&evidence=9&until=tomorrow", {"post", "report", "evaluation"}),
    ],
)
def test_filters(query, titles):
    make_post(title="post", **here())
    make_report(title="report", **here(year=2010))
    evaluation(2, title="evaluation", year=2012, region="wales")

    filters = MapFilters.read(QueryDict(query), AnonymousUser())
    listed = filters.narrow(Contribution.objects.listed_to(AnonymousUser()))

    assert set(listed.values_list("title", flat=True)) == titles
    assert cell_of(the_map(query)).total == len(titles)


def test_more_years_than_an_address_holds_are_cut_and_the_page_says_so(client):
    page = client.get(f"{MAP}?from=1990&to=2020")
    assert page.context["filters"].cut == 2001
    assert "A map takes 20 years at most: this one begins with 2001." in page.content.decode()
    assert [chip["label"] for chip in page.context["active_facets"]] == ["2001–2020"]
    assert client.get(f"{MAP}?from=2001&to=2020").context["filters"].cut is None


def test_every_choice_has_a_chip_whose_address_lacks_it(client):
    page = client.get(f"{MAP}?kind=report&kind=blog&from=2010&to=2011&year=2010&until=2020-01-31")
    assert [(chip["label"], chip["remove_url"]) for chip in page.context["active_facets"]] == [
        ("Blog posts", f"{MAP}?kind=report&year=2010&year=2011&until=2020-01-31"),
        ("Reports", f"{MAP}?kind=blog&year=2010&year=2011&until=2020-01-31"),
        ("2010–2011", f"{MAP}?kind=blog&kind=report&until=2020-01-31"),
        ("Up to 31 January 2020", f"{MAP}?kind=blog&kind=report&year=2010&year=2011"),
    ]


def test_as_of_a_day_only_what_was_published_up_to_its_end_counts(client):
    for moment in ((2020, 6, 30, 22, 59), (2020, 6, 30, 23, 1)):  # in London, before and after midnight
        post = make_post(**here())
        Contribution.objects.filter(pk=post.pk).update(published_at=datetime(*moment, tzinfo=UTC))

    assert filled(the_map("until=2020-06-29")) == {}
    assert filled(the_map("until=2020-06-30")) == {(PEER, HOUSING): 1}
    assert filled(the_map("until=2020-07-01")) == {(PEER, HOUSING): 2}
    page = client.get(f"{MAP}?until=2020-06-30")
    assert "published up to and including 30 June 2020." in page.content.decode()
    assert page.context["permalink"] == f"{MAP}?until=2020-06-30"


def test_a_day_to_come_is_none(client):
    today = timezone.localdate()
    assert client.get(f"{MAP}?until={today + timedelta(days=1)}").context["filters"].until is None
    assert client.get(MAP).context["permalink"] == f"{MAP}?until={today}"


# --- the page ----------------------------------------------------------------------------------


def test_a_cell_leads_to_its_list_and_an_empty_one_to_what_can_be_done(client):
    make_report(**here(year=2010))

    html = client.get(f"{MAP}?kind=report&year=2010").content.decode()

    place = f"principle={PEER}&amp;sector={HOUSING}"
    assert f'<a href="/browse/?{place}&amp;kind=report&amp;year=2010">1 item</a>' in html
    assert f"/forum/new/?question=1&amp;{place}" not in html
    empty = f"principle={PEER}&amp;sector=youth"
    for path in ("/case-studies/new/?", "/forum/new/?question=1&amp;", "/members/?"):
        assert f'href="{path}{empty}"' in html
    assert html.count("<details><summary>") == 83


def test_it_is_a_table_with_headers_a_caption_and_every_state_in_words_and_shape(client):
    html = client.get(MAP).content.decode()
    table = html[html.index("<table") : html.index("</table>")]
    assert table.count('scope="col"') == 8
    assert table.count('scope="row"') == 15
    assert table.count("<caption") == 1
    assert len(re.findall(r'<svg aria-hidden="true"><use href="#gap"/></svg> Gap<', table)) == 84
    for state in State:
        assert f'<symbol id="{state.value}"' in html
        assert f"{state.label}: " in html


def test_the_summary_says_how_many_cells_are_so_and_where_most_is_known(client):
    for _number in range(2):
        make_post(**here())
    evaluation(3, **tags(["blurring-distinctions"], ["youth"]))

    page = client.get(MAP)

    assert [(state, number) for state, number, _meaning in page.context["states"]] == [
        (State.GAP, 82),
        (State.WEAK, 1),
        (State.MODERATE, 0),
        (State.STRONG, 1),
        (State.APART, 0),
    ]
    assert page.context["most_known"].place == f"principle={PEER}&sector={HOUSING}"
    assert "Of 84 cells, 2 hold something." in page.content.decode()


def test_the_number_of_queries_is_the_same_for_1_3_and_50_items(client, member, django_assert_num_queries):
    client.get(MAP)
    made = 0
    for count in (1, 3, 50):
        while made < count:
            make_post(**here())
            made += 1
        client.logout()
        with django_assert_num_queries(2):  # the last change, the map
            client.get(MAP)
        with django_assert_num_queries(1):  # the last change: the numbers are kept
            client.get(MAP)
        client.force_login(member)
        client.get(MAP)
        with django_assert_num_queries(5):
            client.get(f"{MAP}?kind=blog&until=2026-01-{count % 28 + 1:02d}")


def test_kept_numbers_are_not_shown_once_something_has_changed(client):
    post = make_post(**here())
    assert client.get(MAP).context["map"].whole.total == 1
    post.withdraw(post.author)
    assert client.get(MAP).context["map"].whole.total == 0


def test_a_visitor_s_unchanged_page_is_not_sent_again(client):
    for path in (MAP, f"{MAP}table.csv", f"{MAP}picture.svg", f"{MAP}?format=json"):
        etag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    make_post(**here())
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("items", [0, 84])
def test_the_page_is_small_empty_and_full(client, items):
    if items:
        make_post(
            principles=list(Principle.objects.all()), sectors=list(ServiceSector.objects.all()), keywords=[]
        )
    content = client.get(MAP).content
    assert len(content) <= 52 * 1024


# --- for other programs ------------------------------------------------------------------------


def test_the_table_for_a_spreadsheet_has_every_cell_and_the_totals(client):
    evaluation(2)
    make_post(**here())
    sector = ServiceSector.objects.get(slug=HOUSING)
    sector.name = "=Housing"
    sector.save()

    for path in (f"{MAP}table.csv?kind=document", f"{MAP}?format=csv&kind=document"):
        response = client.get(path)
        rows = list(csv.reader(StringIO(consume(response).decode("utf-8-sig"))))
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert len(rows) == 1 + 84 + 14 + 6 + 1
        assert [row[:9] for row in rows if row[3] == "1"] == [
            ["'=Housing", "Peer support networks", "Moderate", "1", "0", "1", "0", "0", "2"],
            ["'=Housing", "All principles", "", "1", "0", "1", "0", "0", "2"],
            ["All sectors", "Peer support networks", "", "1", "0", "1", "0", "0", "2"],
            ["All sectors", "All principles", "", "1", "0", "1", "0", "0", "2"],
        ]
        assert rows[-1][9].endswith("/browse/?kind=document")


def test_the_same_as_json(client):
    evaluation(2, year=2012)
    found = json.loads(client.get(f"{MAP}?format=json&year=2012").content)
    assert (found["version"], found["filters"], len(found["cells"])) == (1, ["2012"], 84)
    assert found["totals"]["all"]["items"] == 1
    [cell] = [cell for cell in found["cells"] if cell["items"]]
    assert cell.pop("list").endswith(f"/browse/?principle={PEER}&sector={HOUSING}&year=2012")
    assert cell == {
        "principle": PEER, "sector": HOUSING, "state": "moderate", "items": 1, "case_studies": 0, "evaluations": 1,
        "research_and_reports": 0, "practice_talk": 0, "best_evidence_level": 2,
    }  # fmt: skip


def test_the_picture_says_all_of_it_in_words_with_its_source_and_day(client, settings):
    evaluation(2)
    response = client.get(f"{MAP}picture.svg?kind=document&until={timezone.localdate()}")
    svg = ElementTree.fromstring(response.content)  # noqa: S314 -- drawn by our own page
    tag = "{http://www.w3.org/2000/svg}"
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert svg.find(f"{tag}title").text == f"Evidence map: {settings.NETWORK_NAME}"
    told = svg.find(f"{tag}desc").text
    assert "Only: Documents." in told
    assert "Peer support networks: 1 item, moderate" in told
    words = " ".join(text.text for text in svg.iter(f"{tag}text"))
    day = timezone.localdate()
    assert f"{settings.SITE_URL}/evidence-map/?kind=document" in words
    assert f"as it stood on {day.day} {day:%B %Y}." in words
    assert words.count("0 items") == 83


# --- who works on it ---------------------------------------------------------------------------


def test_the_directory_names_who_works_on_both(client):
    for name, principles, sectors in (
        ("Both", [PEER], [HOUSING]),
        ("Principle", [PEER], ["youth"]),
        ("Sector", [], [HOUSING]),
    ):
        working = make_member(name)
        chosen = tags(principles, sectors)
        working.principles.set(chosen["principles"])
        working.sectors.set(chosen["sectors"])
    hidden = make_member("Not to be found", in_directory=False)
    hidden.principles.set(tags([PEER], [])["principles"])
    hidden.sectors.set(tags([], [HOUSING])["sectors"])

    page = client.get(f"/members/?principle={PEER}&sector={HOUSING}")

    assert [person.name for person in page.context["people"]] == ["Both"]
    assert [chip["label"] for chip in page.context["active_facets"]] == [
        "Peer support networks",
        "Housing and supported housing",
    ]


def test_a_new_item_is_begun_with_what_the_address_names(client, member):
    client.force_login(member)
    wanted = tags([PEER], [HOUSING])
    for path in ("/blog/new/", "/case-studies/new/", "/library/documents/new/", "/forum/new/"):
        form = client.get(f"{path}?principle={PEER}&sector={HOUSING}&sector=nothing").context["form"]
        assert form.initial["principles"] == [term.pk for term in wanted["principles"]]
        assert form.initial["sectors"] == [term.pk for term in wanted["sectors"]]
