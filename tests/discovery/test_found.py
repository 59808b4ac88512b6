"""A search for machines: what was found as JSON and as a table, and the newest of it as a feed."""

import csv
import io
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.utils import timezone

from commons.contributions.models import Contribution
from commons.tagging.models import Principle, ServiceSector
from tests.factories import make_member, make_moderator, make_post, make_report
from tests.house.test_atom import ATOM, faults_of

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def found(client, **query):
    """Return the titles on the page, in JSON and in the table."""
    page = client.get("/search/", query)
    told = client.get("/search/", {**query, "format": "json"})
    assert (told.status_code, told.headers["Content-Type"]) == (200, "application/json")
    table = client.get("/search/", {**query, "format": "csv"})
    assert (table.status_code, table.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))
    return (
        [card.title for card in page.context["cards"]],
        [item["title"] for item in told.json()["items"]],
        [row[3] for row in rows[1:]],
    )


def entries(client, **query):
    """Return the titles of the search's feed, which is valid."""
    response = client.get("/search/feed/", query)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)  # noqa: S314 -- our own
    assert faults_of(feed) == []
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


@pytest.fixture
def shelf():
    """Four posts with the word, of different worth and age, a report, and what a visitor does not see."""
    author = make_member("Ann Lee", in_directory=False)
    make_post(author, title="A gooseberry", body="Gooseberry, gooseberry.", region="wales")
    make_post(author, title="Jam", body="Of gooseberry.")
    make_post(
        author, title="Pie", body="With gooseberry and more besides, such as damsons.", keywords=["fruit"]
    )
    make_report(title="Fruit", summary="On gooseberry.", year=2010)
    make_post(author, title="For members", body="A gooseberry.", audience="members")
    make_post(author, title="Begun", body="A gooseberry.", publish=False)
    make_post(author, title="Removed", body="A gooseberry.").remove(make_moderator(), "Spam")
    return author


@pytest.mark.parametrize(
    "more",
    [{}, {"sort": "newest"}, {"kind": "blog"}, {"region": "wales"}, {"keyword": "fruit"}, {"year": 2010}],
)
@pytest.mark.parametrize("reader", ["visitor", "member"])
def test_machines_get_what_the_page_shows_in_its_order(client, shelf, reader, more):
    if reader == "member":
        client.force_login(shelf)
    page, told, table = found(client, q="gooseberry", **more)
    assert page
    assert (told, table) == (page, page)
    assert ("For members" in page) == (reader == "member" and not {"region", "keyword", "year"} & set(more))
    assert not {"Begun", "Removed"} & set(page)


def test_pages_lead_to_each_other_and_a_table_has_all(client, shelf):
    for number in range(19):
        make_post(shelf, title=f"Gooseberry {number}")
    first = client.get("/search/?q=gooseberry&kind=blog&format=json").json()
    assert (first["count"], len(first["items"]), first["page"]) == (22, 20, 1)
    assert first["self"] == f"{SITE}/search/?q=gooseberry&kind=blog&format=json"
    assert first["html"] == f"{SITE}/search/?q=gooseberry&kind=blog"
    assert first["title"] == "Search for “gooseberry”, Blog posts"
    second = client.get(first["next"].removeprefix(SITE)).json()
    assert (len(second["items"]), second["next"]) == (2, None)
    assert client.get("/search/?q=gooseberry&format=json&page=3").status_code == 404
    assert len(found(client, q="gooseberry", kind="blog")[2]) == 22


def test_members_principles_and_sectors_are_items_with_the_same_names(client, shelf):
    member = make_member("Gooseberry Person", in_directory=True)
    member.reindex()
    told = {item["title"]: item for item in client.get("/search/?q=gooseberry&format=json").json()["items"]}
    person, post = told["Gooseberry Person"], told["Jam"]
    assert list(person) == list(post)
    assert person == {
        "id": None,
        "kind": "member",
        "type": "",
        "title": "Gooseberry Person",
        "url": f"{SITE}{member.get_absolute_url()}",
        "summary": person["summary"],
        "byline": "",
        "published": None,
        "updated": None,
        "principles": [],
        "sectors": [],
        "keywords": [],
        "region": None,
        "year": None,
        "language": None,
        "evidence_level": None,
        "starts_on": None,
        "answered": None,
        "audience": "everyone",
    }
    browsed = client.get("/browse/?format=json").json()["items"]
    assert post == next(item for item in browsed if item["title"] == "Jam")
    principle = Principle.objects.get(slug="blurring-distinctions")
    (item, *_others) = client.get("/search/?q=blurring+distinctions&format=json").json()["items"]
    assert (item["kind"], item["url"]) == ("principle", f"{SITE}{principle.get_absolute_url()}")
    type(member).objects.filter(pk=member.pk).update(hidden=True)
    assert "Gooseberry Person" not in found(client, q="gooseberry")[1]


@pytest.mark.parametrize("typed", [None, "", "   ", "!!!", "“”"])
def test_without_words_nothing_is_found_and_nothing_fails(client, shelf, typed):
    query = {} if typed is None else {"q": typed}
    told = client.get("/search/", {**query, "format": "json"}).json()
    assert (told["version"], told["title"], told["count"], told["items"]) == (1, "Search", 0, [])
    assert client.get("/search/", {**query, "format": "csv"}).content.count(b"\r\n") == 1
    assert entries(client, **query) == []
    assert "application/atom+xml" not in client.get("/search/", query).content.decode()


def test_a_feed_has_the_newest_of_what_was_found_first_for_a_visitor_whoever_asks(client, shelf):
    make_member("Gooseberry Person", in_directory=True).reindex()
    for number, title in enumerate(["Jam", "A gooseberry", "Fruit", "Pie"]):
        moment = timezone.now() - timezone.timedelta(days=number)
        Contribution.objects.filter(title=title).update(published_at=moment)
    for _reader in ("visitor", "member"):
        assert entries(client, q="gooseberry") == ["Jam", "A gooseberry", "Fruit", "Pie"]
        assert entries(client, q="gooseberry", kind="report") == ["Fruit"]
        assert entries(client, q="gooseberry", kind="blog", keyword="fruit") == ["Pie"]
        assert entries(client, q="gooseberry", kind="member") == []
        client.force_login(shelf)
    assert entries(client, q="xylophone") == []


def test_a_feed_says_what_it_is_of_and_leads_to_the_search(client, shelf):
    words = 'a <b> & "c'
    feed = ElementTree.fromstring(  # noqa: S314 -- our own
        client.get("/search/feed/", {"q": words, "kind": "blog", "page": "2", "other": "x"}).content
    )
    assert feed.findtext(f"{ATOM}title").startswith(f"Search for “{words}”, Blog posts – ")
    assert feed.find(f"{ATOM}link[@rel='alternate']").get("href") == (
        f"{SITE}/search/?{urlencode({'q': words, 'kind': 'blog'})}"
    )


def test_a_feed_holds_thirty_and_is_not_sent_again_unchanged(client, shelf):
    for number in range(32):
        make_post(shelf, title=f"Gooseberry {number}")
    assert entries(client, q="gooseberry") == [f"Gooseberry {number}" for number in range(31, 1, -1)]
    tag = client.get("/search/feed/?q=gooseberry").headers["ETag"]
    assert client.get("/search/feed/?q=gooseberry", headers={"If-None-Match": tag}).status_code == 304
    make_post(shelf, title="Gooseberry again")
    assert client.get("/search/feed/?q=gooseberry", headers={"If-None-Match": tag}).status_code == 200


def test_the_page_leads_to_all_three(client, shelf):
    content = client.get("/search/?q=gooseberry&kind=blog&page=1").content.decode()
    feed = "/search/feed/?q=gooseberry&amp;kind=blog"
    assert f'<link rel="alternate" type="application/atom+xml" href="{feed}"' in content
    assert f'<a href="{feed}" rel="nofollow">' in content
    for name in ("json", "csv"):
        assert f'href="?q=gooseberry&amp;kind=blog&amp;format={name}" rel="nofollow"' in content
    content = client.get("/search/?q=xylophone").content.decode()
    assert ('href="/search/feed/?q=xylophone"' in content, "format=json" in content) == (True, False)


COSTS = {
    "/search/?q=gooseberry&format=json": (7, 9),
    "/search/?q=gooseberry+bush&sort=newest&format=json": (7, 9),
    "/search/?q=gooseberry&keyword=fruit&sector=youth&format=json": (9, 11),
    "/search/?q=gooseberry&format=csv": (7, 9),
    "/search/?format=json": (1, 3),
    "/search/feed/?q=gooseberry": (7, 9),
    "/search/feed/?q=gooseberry&keyword=fruit&sector=youth": (8, 10),
    "/search/feed/": (4, 6),
}


@pytest.mark.parametrize("number", [1, 3, 50])
def test_costs_the_same_however_much_is_found(client, member, number, django_assert_num_queries):
    for _ in range(number):
        make_post(
            member,
            body="A gooseberry bush.",
            keywords=["fruit"],
            sectors=[ServiceSector.objects.get(slug="youth")],
        )
    for reader in (0, 1):
        for address, expected in COSTS.items():
            cache.clear()
            with django_assert_num_queries(expected[reader], info=f"{address} {reader}"):
                assert client.get(address).status_code == 200
        client.force_login(member)
