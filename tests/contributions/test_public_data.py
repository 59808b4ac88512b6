"""The lists for machines: the same rows as the pages, through the same gate and filters, in a form that is promised."""

import csv
import io
from urllib.parse import quote

import pytest
from django.utils import timezone

from commons.contributions import public_data
from commons.tagging.evidence import EvidenceLevel
from forum.models import Thread
from tests.factories import (
    make_case_study,
    make_document,
    make_event,
    make_link,
    make_post,
    make_report,
    make_thread,
    make_video,
)

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
LISTS = {
    "/blog/": make_post,
    "/forum/": make_thread,
    "/events/": make_event,
    "/case-studies/": make_case_study,
    "/library/all/": make_link,
    "/library/links/": make_link,
    "/library/videos/": make_video,
    "/library/documents/": make_document,
    "/browse/": make_post,
    "/keywords/fruit/": make_post,
}


def as_json(client, path):
    response = client.get(path)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    return response.json()


def as_table(client, path):
    response = client.get(path)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def make(maker, author, **values):
    return maker(author, keywords=["fruit"], **values)


@pytest.mark.parametrize(("path", "maker"), LISTS.items())
def test_every_list_is_there_for_machines_as_far_as_its_reader_may_see_it(client, member, path, maker):
    make(maker, member, title="For everyone")
    make(maker, member, title="For members", audience="members")
    make(maker, member, title="Begun", publish=False)
    for reader, titles in ((None, {"For everyone"}), (member, {"For everyone", "For members"})):
        if reader:
            client.force_login(reader)
        found = as_json(client, f"{path}?format=json")
        assert {item["title"] for item in found["items"]} == titles
        assert found["count"] == len(titles)
        rows = as_table(client, f"{path}?format=csv")
        assert {row[3] for row in rows[1:]} == titles


def test_what_json_says_of_an_item_is_what_is_promised(client, member):
    item = make_report(
        title="A <report> & more",
        summary="In “short”.",
        region="wales",
        year=2010,
        keywords=["time bank"],
        byline="Jane Writer",
    )
    found = as_json(client, "/library/reports/?format=json&region=wales")
    principle, sector = item.principles.get(), item.sectors.get()
    assert found == {
        "version": 1,
        "title": "Reports: Wales",
        "network": "Co-production Practitioners’ Network",
        "rights": found["rights"],
        "terms": f"{SITE}/terms/",
        "self": f"{SITE}/library/reports/?region=wales&format=json",
        "html": f"{SITE}/library/reports/?region=wales",
        "previous": None,
        "next": None,
        "page": 1,
        "count": 1,
        "count_is_exact": True,
        "items": [
            {
                "id": item.pk,
                "kind": "report",
                "type": "",
                "title": "A <report> & more",
                "url": f"{SITE}{item.get_absolute_url()}",
                "summary": "In “short”.",
                "byline": item.card["byline"]["name"],
                "published": item.published_at.isoformat(timespec="seconds"),
                "updated": item.published_at.isoformat(timespec="seconds"),
                "principles": [
                    {
                        "slug": principle.slug,
                        "name": principle.name,
                        "url": f"{SITE}/library/principles/{principle.slug}/",
                    }
                ],
                "sectors": [
                    {
                        "slug": sector.slug,
                        "name": sector.name,
                        "url": f"{SITE}/library/sectors/{sector.slug}/",
                    }
                ],
                "keywords": [
                    {"slug": "time-bank", "name": "time bank", "url": f"{SITE}/keywords/time-bank/"}
                ],
                "region": "wales",
                "year": 2010,
                "language": "en-gb",
                "evidence_level": None,
                "starts_on": None,
                "answered": None,
                "audience": "everyone",
            }
        ],
    }


def test_pages_lead_to_each_other_with_the_filters_kept(client, member):
    for number in range(41):
        make_post(member, title=f"Post {number}")
    slug = member.contributions.first().principles.get().slug
    first = as_json(client, f"/blog/?principle={slug}&format=json")
    assert (first["count"], len(first["items"]), first["previous"]) == (41, 20, None)
    second = as_json(client, first["next"].removeprefix(SITE))
    assert second["self"] == f"{SITE}/blog/?principle={slug}&page=2&format=json"
    assert second["previous"] == f"{SITE}/blog/?principle={slug}&format=json"
    third = as_json(client, second["next"].removeprefix(SITE))
    assert (third["items"][0]["title"], third["next"]) == ("Post 0", None)
    assert client.get("/blog/?format=json&page=4").status_code == 404
    # A table has all of them, whatever the page it was asked for from.
    assert len(as_table(client, "/blog/?format=csv&page=2")) == 42


def test_a_table_holds_as_many_rows_as_the_pages_of_a_list_and_no_more(client, member, monkeypatch):
    for number in range(4):
        make_post(member, title=f"Post {number}")
    monkeypatch.setattr(public_data, "MOST_ROWS", 3)
    assert [row[3] for row in as_table(client, "/blog/?format=csv")[1:]] == ["Post 3", "Post 2", "Post 1"]


def test_a_table_says_in_words_what_json_says_in_codes_and_starts_no_formula(client, member):
    study = make_case_study(
        member,
        title="=HYPERLINK(1)",
        summary="@here",
        region="wales",
        evidence_level=EvidenceLevel.BEFORE_AND_AFTER,
    )
    question = make_thread(member, title="+1", is_question=True)
    make_event(member, title="-2 degrees", keywords=["a", "b"])
    header, *rows = as_table(client, "/browse/?format=csv")
    assert header == [str(name) for name in public_data.COLUMNS]
    told = {int(row[0]): dict(zip(header, row, strict=True)) for row in rows}
    assert [row[3] for row in rows] == ["'-2 degrees", "'+1", "'=HYPERLINK(1)"]
    assert told[study.pk]["In short"] == "'@here"
    assert told[study.pk]["Region"] == "Wales"
    assert told[study.pk]["Level of evidence"] == "2. Compared before and after"
    assert told[question.pk]["Answered"] == "No"
    assert told[study.pk]["For whom"] == "Everyone"
    assert rows[0][11] == "a, b"


def test_what_is_pinned_has_its_own_place_in_the_list(client, member):
    pinned = make_thread(member, title="Pinned")
    make_thread(member, title="Later")
    Thread.objects.filter(pk=pinned.pk).update(pinned_at=timezone.now())
    assert [item["title"] for item in as_json(client, "/forum/?format=json")["items"]] == ["Later", "Pinned"]


@pytest.mark.parametrize("asked", ["", "xml", "JSON", "json,csv", "\x00", quote("json\r\nX: y")])
def test_any_other_format_is_the_page(client, member, asked):
    make_post(member)
    assert client.get(f"/blog/?format={asked}").headers["Content-Type"] in {"text/html; charset=utf-8"}


def test_a_visitors_may_be_kept_and_a_members_may_not(client, member):
    make_post(member)
    for name in ("json", "csv"):
        path = f"/blog/?format={name}"
        first = client.get(path)
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        assert first.headers["X-Robots-Tag"] == "noindex"
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        # The page itself is another thing.
        assert client.get("/blog/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    client.force_login(member)
    kept = client.get("/blog/?format=csv")
    assert kept.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in kept.headers


@pytest.mark.parametrize(("name", "more"), [("json", 0), ("csv", 1)])
def test_costs_the_same_however_many_there_are(client, member, name, more, django_assert_num_queries):
    for count in (1, 3, 30):
        while member.contributions.count() < count:
            make_post(member, keywords=["fruit"])
        for path, queries in (("/blog/", 3), ("/keywords/fruit/", 4)):
            client.get(f"{path}?format={name}")
            with django_assert_num_queries(queries + more):
                client.get(f"{path}?format={name}")


def test_pages_lead_to_their_lists_for_machines(client, member):
    make_post(member)
    html = client.get("/blog/?region=wales&page=1").content.decode()
    assert 'href="?region=wales&amp;format=json"' not in html  # nothing found, nothing to reuse
    html = client.get("/blog/").content.decode()
    assert 'href="?format=json" rel="nofollow"' in html
    assert 'href="?format=csv" rel="nofollow"' in html
