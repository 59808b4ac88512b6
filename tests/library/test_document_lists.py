"""The lists of documents, the library's first page and the list of all that is in it."""

import pytest
from django.core.cache import cache

from commons.tagging.models import Principle, ServiceSector
from library.views import NEWEST_SHOWN
from tests.factories import make_document, make_member, make_post, make_report
from tests.world import build_world

pytestmark = pytest.mark.django_db

LIST = "/library/documents/"
ALL = "/library/all/"


def titles(response):
    return [card.title for card in response.context["cards"]]


@pytest.fixture
def shelf(member):
    """Documents that differ in all that a list can be narrowed by, and one for members."""
    principles, sectors = Principle.objects.all(), ServiceSector.objects.all()
    first = {"principles": principles[:1], "sectors": sectors[:1]}
    second = {"principles": principles[1:2], "sectors": sectors[1:2]}
    evaluation = {"subtype": "evaluation", "evaluated": "A service"}
    make_document(member, title="Guidance", year=2010, region="wales", **first)
    make_document(
        member, title="Story", evidence_level=0, year=2011, region="scotland", **evaluation, **first
    )
    make_document(
        member, title="Compared", evidence_level=3, year=2012, region="wales", **evaluation, **second
    )
    make_document(member, title="Tool", subtype="tool", year=2012, keywords=["template"], **second)
    make_document(member, title="Hidden", evidence_level=3, audience="members", **evaluation, **first)


FILTERS = [
    ("", ["Tool", "Compared", "Story", "Guidance"]),
    ("type=evaluation", ["Compared", "Story"]),
    ("type=evaluation&type=tool", ["Tool", "Compared", "Story"]),
    ("evidence=0", ["Story"]),
    ("evidence=0&evidence=3", ["Compared", "Story"]),
    ("region=wales", ["Compared", "Guidance"]),
    ("year=2012", ["Tool", "Compared"]),
    ("type=evaluation&year=2012&region=wales", ["Compared"]),
    ("keyword=template", ["Tool"]),
    ("type=poem&evidence=9&evidence=x&year=&region=", ["Tool", "Compared", "Story", "Guidance"]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_the_list_and_its_feed_are_narrowed_alike(client, shelf, query, expected):
    assert titles(client.get(f"{LIST}?{query}")) == expected
    feed = client.get(f"{LIST}feed/?{query}").content.decode()
    assert [
        title for title in ("Tool", "Compared", "Story", "Guidance") if f"<title>{title}</title>" in feed
    ] == (expected)
    assert "Hidden" not in feed


def test_principle_and_sector_narrow_it(client, shelf):
    principle, sector = Principle.objects.all()[1], ServiceSector.objects.first()
    assert titles(client.get(f"{LIST}?principle={principle.slug}")) == ["Tool", "Compared"]
    assert titles(client.get(f"{LIST}?sector={sector.slug}&type=guidance")) == ["Guidance"]


def test_what_was_chosen_stands_above_the_list_and_can_be_taken_away(client, shelf):
    response = client.get(f"{LIST}?type=evaluation&evidence=3&page=1")
    assert [(chip["label"], chip["remove_url"]) for chip in response.context["chips"]] == [
        ("Evaluation", "?evidence=3"),
        ("Compared with others", "?type=evaluation"),
    ]
    page = response.content.decode()
    assert f'<a href="{LIST}?type=evaluation&amp;evidence=3" aria-current="true">Evaluation</a>' in page
    assert f'<a href="{LIST}?evidence=3">All</a>' in page
    assert '<input type="hidden" name="type" value="evaluation">' in page
    assert '<option value="3" selected>' in page
    assert f'href="{LIST}feed/?type=evaluation&amp;evidence=3' in page


def test_members_see_what_is_for_members(client, member, shelf):
    client.force_login(member)
    assert titles(client.get(f"{LIST}?evidence=3")) == ["Hidden", "Compared"]


@pytest.mark.parametrize("number", [1, 3, 50])
@pytest.mark.parametrize(
    "path", [LIST, f"{LIST}?type=guidance", ALL, f"{ALL}?kind=document", f"{ALL}?year=2019"]
)
def test_lists_cost_the_same_for_any_number(client, queries, path, number):
    author = make_member()
    for _number in range(number):
        old = make_document(author)
        make_document(author, replaces=old)
        make_report(year=2019)
    client.get(path)
    with queries(3):  # the last change, a count, the rows
        client.get(path)
    tag = client.get(path)["ETag"]
    with queries(1):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_first_page_costs_two_queries(client, queries, number):
    author = make_member()
    for _number in range(number):
        make_document(author)
    client.get("/library/")
    with queries(2):
        client.get("/library/")


def test_pages_of_the_list_do_not_repeat_or_lose_anything(client):
    author = make_member()
    made = [make_document(author, title=f"Document {number}").title for number in range(45)]
    shown = [titles(client.get(f"{LIST}?page={page}")) for page in (1, 2, 3)]
    assert [len(page) for page in shown] == [20, 20, 5]
    assert [title for page in shown for title in page] == made[::-1]
    assert [titles(client.get(f"{ALL}?page={page}")) for page in (1, 2, 3)] == shown
    assert client.get(f"{ALL}?page=4").status_code == 404


# --- all of the library ---------------------------------------------------------------------------


def test_all_kinds_stand_together_the_newest_first_and_nothing_else(client, member):
    old = make_document(member, title="Old")
    make_report(title="Report")
    make_post(member, title="Post")
    make_document(member, title="New", replaces=old)
    assert titles(client.get(ALL)) == titles(client.get("/library/")) == ["New", "Report"]
    assert client.get(ALL).context["pager"].count == 2
    assert titles(client.get(f"{ALL}?kind=report")) == ["Report"]
    assert titles(client.get(f"{ALL}?kind=report&kind=document")) == ["New", "Report"]
    assert titles(client.get(f"{ALL}?kind=blog")) == ["New", "Report"]


def test_it_is_narrowed_by_kind_principle_and_sector(client, shelf):
    principle, sector = Principle.objects.all()[1], ServiceSector.objects.all()[1]
    make_report(title="Report", principles=[principle], sectors=[sector])
    both = f"principle={principle.slug}&sector={sector.slug}"
    assert titles(client.get(f"{ALL}?{both}")) == ["Report", "Tool", "Compared"]
    response = client.get(f"{ALL}?kind=document&{both}")
    assert titles(response) == ["Tool", "Compared"]
    assert [chip["label"] for chip in response.context["chips"]] == ["Documents", principle.name, sector.name]
    feed = client.get(f"{ALL}feed/?kind=document&{both}").content.decode()
    assert ("<title>Tool</title>" in feed, "<title>Report</title>" in feed) == (True, False)


@pytest.mark.parametrize("reader", ["visitor", "stranger", "author", "moderator"])
@pytest.mark.parametrize(
    "path", [LIST, ALL, f"{LIST}?type=guidance", f"{ALL}?year=2019&year=2010", "/library/"]
)
def test_lists_show_exactly_what_may_be_seen(reader, path):
    world = build_world()
    found = world.found_in(world.client_for(reader).get(path)) - set(world.people)
    kinds = {"document"} if path.startswith(LIST) else {"document", "report"}
    if "?year=" not in path and not path.startswith(LIST):
        kinds |= {"link", "video"}
    of_kind = {marker: item for marker, item in world.items.items() if item.kind in kinds}
    listed = sorted(world.listed_to(reader) & {*of_kind}, key=lambda marker: of_kind[marker].published_at)
    assert found == {*(listed[-NEWEST_SHOWN:] if path == "/library/" else listed)}


def test_a_visitors_page_changes_with_what_is_listed(client, member):
    tags = [client.get(ALL)["ETag"]]
    document = make_document(member)
    tags.append(client.get(ALL)["ETag"])
    document.withdraw(member)
    tags.append(client.get(ALL)["ETag"])
    assert len(set(tags)) == 3


def test_the_first_page_leads_to_every_shelf_and_to_adding(client):
    page = client.get("/library/").content.decode()
    for stem in ("documents", "links", "videos"):
        assert f'<a href="/library/{stem}/">' in page
        assert f'<a href="/library/{stem}/new/">' in page
    assert '<a href="/library/reports/">' in page
    assert "/library/reports/new/" not in page


@pytest.mark.parametrize("path", ["/library/principles/{}/", "/library/sectors/{}/"])
def test_documents_stand_on_the_pages_of_principles_and_sectors(client, path):
    cache.clear()
    make_document(title="Here")
    model = Principle if "principles" in path else ServiceSector
    hub = client.get(path.format(model.objects.order_by("order").first().slug)).context["hub"]
    assert ([part.code for part in hub.kinds], [card.title for card in hub.newest]) == (
        ["document"],
        ["Here"],
    )
