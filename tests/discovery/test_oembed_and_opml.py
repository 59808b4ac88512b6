"""What other sites and feed readers take from us: oEmbed of our items, and the list of feeds."""

from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.conf import settings

from commons.tagging.models import Principle, ServiceSector
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def embed(client, address, **more):
    return client.get(f"/oembed/?{urlencode({'url': address, **more})}")


def address_of(item):
    return f"{settings.SITE_URL}{item.get_absolute_url()}"


def test_what_a_public_item_is(client, member):
    post = make_post(member, title="A <b>title</b> & more")
    response = embed(client, address_of(post))
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.json() == {
        "version": "1.0",
        "type": "link",
        "title": "A <b>title</b> & more",
        "author_name": member.display_name,
        "provider_name": settings.NETWORK_NAME,
        "provider_url": f"{settings.SITE_URL}/",
        "cache_age": 86400,
        "thumbnail_url": f"{settings.SITE_URL}/pictures/{post.pk}.png",
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }
    told = f"{settings.SITE_URL}/oembed/?{urlencode({'url': address_of(post)})}"
    assert (
        f'type="application/json+oembed" href="{told}"'
        in client.get(post.get_absolute_url()).content.decode()
    )


def test_an_old_title_in_the_address_is_the_same_item(client):
    post = make_post(title="New")
    assert embed(client, f"{settings.SITE_URL}/blog/{post.pk}-an-old-title/").json()["title"] == "New"
    assert embed(client, f"{settings.SITE_URL}/blog/{post.pk}/?page=2").json()["title"] == "New"


def test_members_only_drafts_and_other_pages_are_not_there(client, member):
    hidden = [make_post(audience="members"), make_post(publish=False)]
    post = make_post()
    client.force_login(member)
    for address in [
        *map(address_of, hidden),
        f"{settings.SITE_URL}/forum/{post.pk}/",
        f"{settings.SITE_URL}/blog/999999/",
        f"{settings.SITE_URL}/blog/",
        f"{settings.SITE_URL}/blog/{post.pk}/edit/",
        f"https://elsewhere.example{post.get_absolute_url()}",
        f"{settings.SITE_URL}.elsewhere.example{post.get_absolute_url()}",
        f"javascript:{post.get_absolute_url()}",
        "http://[broken",
        "\\\\x\\y",
        "ab\u202e",
        "²",
    ]:
        assert embed(client, address).status_code == 404, address


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("url=", 400), (f"url={'x' * 2001}", 400), ("url=x&format=xml", 501), ("url=x&format=", 501)],
)
def test_what_cannot_be_answered(client, query, status):
    assert client.get(f"/oembed/?{query}").status_code == status


def test_it_costs_one_read(client, queries):
    address = address_of(make_post())
    embed(client, address)
    with queries(1):
        response = embed(client, address)
    with queries(1):
        again = client.get(
            f"/oembed/?{urlencode({'url': address})}", headers={"If-None-Match": response["ETag"]}
        )
    assert again.status_code == 304


def test_every_feed_of_the_list_is_one(client):
    response = client.get("/feeds.opml")
    assert response["Content-Type"] == "text/x-opml; charset=utf-8"
    root = ElementTree.fromstring(response.content)  # noqa: S314 -- our own
    assert (root.tag, root.get("version"), root.findtext("head/title")) == (
        "opml",
        "2.0",
        settings.NETWORK_NAME,
    )
    feeds = root.findall("body/outline/outline")
    assert len(feeds) == 1 + 8 + Principle.objects.count() + ServiceSector.objects.count()
    for feed in feeds:
        assert feed.get("type") == "rss"
        answer = client.get(feed.get("xmlUrl").removeprefix(settings.SITE_URL))
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
        assert client.get(feed.get("htmlUrl").removeprefix(settings.SITE_URL)).status_code == 200


def test_the_list_of_feeds_reads_nothing(client, queries):
    client.get("/feeds.opml")
    with queries(0):
        client.get("/feeds.opml")
