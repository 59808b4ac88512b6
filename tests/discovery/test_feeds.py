"""Atom feeds: public items only, stable ids, escaped, bounded."""

from xml.etree import ElementTree as ET

import pytest

from tests.factories import make_member, make_post, make_report, values_for

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["/feed/", "/browse/feed/", "/keywords/fruit/feed/"]


@pytest.fixture
def author():
    return make_member("Ann <Lee> & Co", in_directory=False)


def read(client, path, **headers):
    response = client.get(path, **headers)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314 -- our own


def titles(feed):
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


@pytest.mark.parametrize("path", FEEDS)
def test_public_items_only_whoever_asks(client, author, administrator, path):
    make_post(author, title="Public", keywords=["fruit"])
    make_post(author, title="Members", keywords=["fruit"], audience="members")
    make_post(author, title="Draft", keywords=["fruit"], publish=False)
    make_post(author, title="Removed", keywords=["fruit"]).remove(administrator, "Off topic.")
    assert titles(read(client, path)) == ["Public"]
    for reader in (author, administrator):
        client.force_login(reader)
        assert titles(read(client, path)) == ["Public"]


def test_the_browsed_feed_takes_the_same_facets(client, author):
    make_post(author, title="Post", keywords=["fruit"])
    make_report(title="Report", year=2010)
    assert titles(read(client, "/browse/feed/")) == ["Report", "Post"]
    assert titles(read(client, "/browse/feed/?kind=report")) == ["Report"]
    assert titles(read(client, "/browse/feed/?year=2010&keyword=fruit")) == []
    feed = read(client, "/browse/feed/?kind=report&nonsense=1")
    assert feed.findtext(f"{ATOM}title").startswith("Reports – ")
    assert (
        feed.find(f"{ATOM}link[@rel='alternate']").get("href") == "http://127.0.0.1:8000/browse/?kind=report"
    )


@pytest.mark.parametrize("path", FEEDS)
def test_everything_is_escaped_once_for_xml_and_summaries_once_for_html(client, author, path):
    make_post(
        author,
        title="<script>alert(1)</script> & ]]>",
        summary="<b>bold</b> & so on",
        keywords=["fruit", "a&b"],
    )
    raw = client.get(path).content.decode()
    assert "<script" not in raw
    (entry,) = read(client, path).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "<script>alert(1)</script> & ]]>"
    assert entry.find(f"{ATOM}summary").get("type") == "html"
    assert entry.findtext(f"{ATOM}summary") == "&lt;b&gt;bold&lt;/b&gt; &amp; so on"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ann <Lee> & Co"
    assert {"fruit", "a&b"} < {category.get("term") for category in entry.findall(f"{ATOM}category")}


def test_control_characters_do_no_harm(client, author):
    post = make_post(author, title="Bell", summary="x")
    type(post).objects.filter(pk=post.pk).update(title="Be\x07ll", summary="x\x0by")
    assert titles(read(client, "/feed/")) == ["Bell"]


def test_ids_stay_the_same_when_title_and_host_change(client, author, settings):
    settings.ALLOWED_HOSTS = ["*"]
    post = make_post(author, title="Before")
    before = read(client, "/feed/")
    post.revise(author, values_for(title="After"), version=post.version)
    after = read(client, "/feed/", HTTP_HOST="elsewhere.example")
    ids = [
        [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")] for feed in (before, after)
    ]
    assert ids[0] == ids[1] == [f"http://127.0.0.1:8000/blog/{post.pk}/"]
    assert before.findtext(f"{ATOM}id") == after.findtext(f"{ATOM}id") == "http://127.0.0.1:8000/feed/"
    assert titles(after) == ["After"]
    assert "elsewhere.example" not in ET.tostring(after, encoding="unicode")
    (entry,) = after.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href") == f"http://127.0.0.1:8000/blog/{post.pk}-after/"
    assert entry.findtext(f"{ATOM}updated") > entry.findtext(f"{ATOM}published")


def test_a_feed_holds_thirty_at_most_and_costs_the_same(client, author, django_assert_num_queries):
    for count in (1, 3, 50):
        while len(author.contributions.all()) < count:
            make_post(author, keywords=["fruit"])
        for path, queries in (("/feed/", 2), ("/browse/feed/?kind=blog", 2), ("/keywords/fruit/feed/", 4)):
            client.get(path)
            with django_assert_num_queries(queries):
                assert len(titles(read(client, path))) == min(count, 30)


def test_an_empty_feed_is_a_feed_and_does_not_move(client):
    first, second = client.get("/feed/"), client.get("/feed/")
    assert first.content == second.content
    assert titles(read(client, "/feed/")) == []


def test_pages_name_their_feeds(client, author):
    make_post(author, keywords=["fruit"])
    for page, feed in (
        ("/browse/", "/browse/feed/"),
        ("/browse/?kind=blog&page=1", "/browse/feed/?kind=blog"),
        ("/keywords/fruit/", "/keywords/fruit/feed/"),
    ):
        assert f'type="application/atom+xml" href="{feed}"' in client.get(page).content.decode()
