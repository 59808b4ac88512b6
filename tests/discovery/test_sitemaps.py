"""Sitemaps: all that is public and may be found, nothing else; in ranges of ids."""

from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from blog.models import Post
from commons.tagging.models import Keyword
from discovery import sitemaps
from tests.factories import make_event, make_member, make_post, make_report, make_thread

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
NAME = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(client, path):
    response = client.get(path)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    root = ET.fromstring(response.content)  # noqa: S314 -- our own
    found = [each.findtext(f"{NAME}loc") for each in root]
    assert all(address.startswith(f"{SITE}/") for address in found)
    assert len(found) == len(set(found))
    return [address.removeprefix(SITE) for address in found]


def place_of(series, row):
    """Return the path of the sitemap that a row is in: ids are not always small."""
    return f"/sitemaps/{series}-{-(-row.pk // sitemaps.MOST)}.xml"


def whole(client):
    """Return {path of a sitemap: the paths in it} of all that the index names."""
    return {path: read(client, path) for path in read(client, "/sitemap.xml")}


def test_robots_txt_names_the_index(client):
    assert f"Sitemap: {SITE}/sitemap.xml\n" in client.get("/robots.txt").content.decode()


def test_what_is_public_stands_in_it_and_nothing_else(client, member, administrator):
    post = make_post(member, keywords=["fruit"])
    others = [make_report(), make_thread(member), make_event(member)]
    make_post(member, audience="members", keywords=["secret"])
    make_post(member, publish=False)
    make_post(member, keywords=["gone"]).remove(administrator, "Off topic.")
    for reader in (None, member, administrator):
        if reader:
            client.force_login(reader)
        found = whole(client)
        keyword = Keyword.objects.get(name="fruit")
        assert found.pop("/sitemaps/pages.xml")
        assert found.pop(place_of("keywords", keyword)) == ["/keywords/fruit/"]
        assert found == {place_of("items", post): [item.get_absolute_url() for item in (post, *others)]}


def test_members_stand_in_it_who_chose_the_directory_and_to_be_found(client):
    found = make_member("Found", indexable=True)
    make_member("Not by search engines")
    make_member("Not in the directory", in_directory=False, indexable=True)
    make_member("Hidden", hidden=True, indexable=True)
    make_member("Not confirmed", confirmed=False, indexable=True)
    make_member("Closed", is_active=False, indexable=True)
    assert whole(client)[place_of("members", found)] == [found.get_absolute_url()]


def test_every_page_in_it_opens_for_a_visitor_and_may_be_kept(client, member):
    make_post(member, keywords=["fruit"])
    for paths in whole(client).values():
        for path in paths:
            response = client.get(path)
            assert response.status_code == 200, path
            assert b'name="robots" content="noindex' not in response.content, path


def test_a_file_holds_a_range_of_ids(client, member, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(sitemaps, "MOST", 3)
    Post.objects.all().delete()
    numbers = [make_post(member).pk for _ in range(7)]
    parts = sorted({-(-number // 3) for number in numbers})
    named = [path for path in read(client, "/sitemap.xml") if "items" in path]
    assert named == [f"/sitemaps/items-{number}.xml" for number in parts]
    found = [path for name in named for path in read(client, name)]
    assert [int(path.split("/")[2].split("-")[0]) for path in found] == numbers
    assert max(len(read(client, name)) for name in named) <= 3
    assert client.get(f"/sitemaps/items-{parts[-1] + 1}.xml").status_code == 404
    client.get(named[0])
    with django_assert_num_queries(2):
        client.get(named[0])
    # Two changes, and for each of the three series one query more than it has files.
    client.get("/sitemap.xml")
    with django_assert_num_queries(2 + 3 + len(parts)):
        client.get("/sitemap.xml")


@pytest.mark.parametrize(
    "path", ["/sitemaps/items-0.xml", "/sitemaps/items-99999999999999999999.xml", "/sitemaps/x-1.xml"]
)
def test_what_is_no_range_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_each_says_when_it_last_changed_and_is_not_sent_twice(client, member):
    post = make_post(member)
    items = place_of("items", post)
    for path in ("/sitemap.xml", items, "/sitemaps/pages.xml"):
        first = client.get(path)
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert f"<lastmod>{post.changed_at:%Y-%m-%d}</lastmod>" in client.get(items).content.decode()
    first = client.get(items)
    make_post(member)
    assert client.get(items, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_every_list_of_a_kind_is_among_the_pages(client):
    pages = read(client, "/sitemaps/pages.xml")
    for name in ("blog:list", "forum:list", "casestudies:list", "library:report_list", "discovery:browse"):
        assert reverse(name) in pages
