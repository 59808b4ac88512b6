"""What a member wrote, beside their page: as a feed, as JSON and as a table, and no more than the page shows."""

import csv
from io import StringIO
from xml.etree import ElementTree

import pytest

from profiles.models import FormerUsername
from tests.factories import make_administrator, make_member, make_post, make_thread
from tests.house.test_atom import ATOM, faults_of

pytestmark = pytest.mark.django_db
PAGE = "/members/ann-lee/"
FEED = f"{PAGE}feed/"
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def ann():
    author = make_member("Ann Lee")
    make_post(author, title="Public")
    make_thread(author, title="Asked")
    make_post(author, title="For members", audience="members")
    make_post(author, title="Begun", publish=False)
    make_post(author, title="Taken down").remove(make_administrator(), "Why.")
    make_post(title="By another")
    return author


def read(client, path=FEED):
    response = client.get(path)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)  # noqa: S314 -- our own
    assert faults_of(feed) == []
    return feed


def titles(feed):
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


@pytest.mark.parametrize("reader", ["visitor", "author", "administrator"])
def test_the_feed_is_a_visitors_whoever_asks(client, ann, reader):
    if reader != "visitor":
        client.force_login(ann if reader == "author" else make_administrator())
    assert titles(read(client)) == ["Asked", "Public"]
    assert titles(read(client, f"{FEED}?kind=blog")) == ["Public"]
    assert titles(read(client, f"{FEED}?kind=nothing")) == ["Asked", "Public"]


def test_the_feed_says_whose_it_is_and_leads_to_their_page(client, ann):
    feed = read(client, f"{FEED}?kind=blog")
    assert feed.findtext(f"{ATOM}title").startswith("Ann Lee, Blog posts – ")
    assert feed.find(f"{ATOM}link[@rel='alternate']").get("href") == f"{SITE}{PAGE}?kind=blog"
    assert client.get(FEED).headers["X-Robots-Tag"] == "noindex"


def test_the_feed_closes_with_the_page_even_for_who_had_it_before(client, ann):
    tag = client.get(FEED).headers["ETag"]
    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 304
    ann.hide(make_administrator())
    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 404
    client.force_login(ann)
    assert (client.get(PAGE).status_code, client.get(FEED).status_code) == (200, 404)


def test_what_is_hidden_of_theirs_is_in_none_of_it(client, ann):
    ann.hide_contributions()
    assert titles(read(client)) == []
    assert client.get(f"{PAGE}?format=json").json()["items"] == []


def test_a_former_or_an_untidy_name_leads_to_the_feed(client, ann):
    FormerUsername.objects.create(username="ann-smith", member=ann)
    for name in ("ann-smith", "Ann-Lee"):
        response = client.get(f"/members/{name}/feed/")
        assert (response.status_code, response.headers["Location"]) == (301, FEED)
    assert client.get("/members/nobody/feed/").status_code == 404


@pytest.mark.parametrize(
    ("signed_in", "expected"), [(False, ["Asked", "Public"]), (True, ["For members", "Asked", "Public"])]
)
def test_json_and_csv_have_what_the_page_shows(client, ann, signed_in, expected):
    if signed_in:
        client.force_login(make_member())
    for query, shown in (("", expected), ("kind=forum&", ["Asked"])):
        page = client.get(f"{PAGE}?{query}")
        assert [card.title for card in page.context["cards"]] == shown
        assert [item["title"] for item in client.get(f"{PAGE}?{query}format=json").json()["items"]] == shown
        table = client.get(f"{PAGE}?{query}format=csv").content.decode("utf-8-sig")
        assert [row[3] for row in csv.reader(StringIO(table, newline=""))][1:] == shown
    assert client.get(f"{PAGE}?kind=forum&format=json").json()["title"] == "Ann Lee, Forum threads"


def test_the_page_leads_to_them(client, ann):
    content = client.get(f"{PAGE}?kind=blog").content.decode()
    assert f'type="application/atom+xml" href="{FEED}?kind=blog"' in content
    assert 'href="?kind=blog&amp;format=json" rel="nofollow"' in content


@pytest.mark.parametrize("number", [1, 3, 50])
def test_costs_the_same_for_any_number(client, queries, number):
    author = make_member("Ann Lee")
    for _ in range(number):
        make_post(author)
    client.get(FEED)
    with queries(3):
        client.get(FEED)
    with queries(5):
        client.get(f"{PAGE}?format=json")
    with queries(6):
        client.get(f"{PAGE}?format=csv")
