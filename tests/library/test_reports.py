"""Reports: their list, archive, feed and pages."""

import pytest
from django.urls import reverse

from library.models import Report
from tests.factories import make_report
from tests.world import build_world

pytestmark = pytest.mark.django_db

LIST = "/library/reports/"


def titles(response):
    return [card.title for card in response.context["cards"]]


@pytest.mark.parametrize("reader", ["visitor", "stranger", "author", "administrator"])
@pytest.mark.parametrize("path", ["", "archive/2010/", "archive/2010/07/"])
def test_lists_show_exactly_what_may_be_seen(reader, path):
    world = build_world()
    response = world.client_for(reader).get(LIST + path)
    expected = {marker for marker in world.listed_to(reader) if marker.startswith("zqreport")}
    assert world.found_in(response) - set(world.people) == expected


@pytest.mark.parametrize("number", [1, 3, 50])
def test_number_of_queries(client, queries, number):
    for _number in range(number):
        make_report()
    for path, most in (("", 3), ("archive/", 2), ("archive/2010/", 3), ("archive/2010/07/", 3)):
        client.get(LIST + path)
        with queries(most):
            client.get(LIST + path)


def test_the_archive_goes_by_the_date_of_publication(client):
    make_report(title="December", year=2009, month=12)
    make_report(title="April", year=2010, month=4)
    make_report(title="Some time", year=2010, month=None)
    months = client.get(LIST + "archive/").context["months"]
    assert [(month["words"], month["url"], month["count"]) for month in months] == [
        ("April 2010", "/library/reports/archive/2010/04/", 1),
        ("2010", "/library/reports/archive/2010/", 1),
        ("December 2009", "/library/reports/archive/2009/12/", 1),
    ]
    assert titles(client.get(LIST + "archive/2010/")) == ["Some time", "April"]
    assert titles(client.get(LIST + "archive/2010/04/")) == ["April"]
    assert titles(client.get(LIST + "archive/2010/05/")) == []


@pytest.mark.parametrize("reader", ["visitor", "stranger"])
def test_the_archive_counts_only_what_may_be_seen(reader):
    world = build_world()
    months = world.client_for(reader).get(LIST + "archive/").context["months"]
    assert [(m["words"], m["count"]) for m in months] == [
        ("July 2010", {"visitor": 1, "stranger": 2}[reader])
    ]


def test_the_feed_has_what_is_public(client):
    world = build_world()
    assert world.found_in(client.get(LIST + "feed/")) == {"zqreport"}


def test_a_report_s_page_says_where_it_comes_from(client):
    report = make_report(
        title="The report", authors=["Ann Lee", "Bola Ade"], publishers=["nef", "NESTA"], identifier="ISBN 1"
    )
    response = client.get(report.get_absolute_url())
    page = response.content.decode()
    assert (response.context["citation_before"], response.context["citation_after"]) == (
        "Ann Lee and Bola Ade (July 2010)",
        "nef, NESTA. ISBN 1.",
    )
    assert '<time datetime="2010-07">July 2010</time>' in page
    assert "Tagged by the editors, in their own judgement." in page
    assert "<cite>The report</cite>" in page


@pytest.mark.parametrize(
    ("fields", "citation"),
    [
        ({"authors": [], "publishers": ["nef", "NESTA"]}, ("nef and NESTA (July 2010)", "")),
        ({"authors": [], "publishers": []}, ("nef and NESTA (July 2010)", "")),
        ({"authors": ["A"], "publishers": ["B"], "month": None}, ("A (2010)", "B.")),
        ({"authors": ["A", "B"], "publishers": ["A", "B"]}, ("A and B (July 2010)", "")),
    ],
)
def test_a_citation_says_only_what_is_known(fields, citation):
    assert Report(byline="nef and NESTA", **{"year": 2010, "month": 7, **fields}).citation() == citation


@pytest.mark.parametrize(
    ("year", "month", "words"), [(2010, 4, "April 2010"), (2010, None, "2010"), (None, None, "")]
)
def test_the_date_as_far_as_it_is_known(year, month, words):
    assert Report(year=year, month=month).published_words() == words


def test_a_wrong_title_in_the_address_leads_to_the_right_one(client):
    report = make_report(title="Right Here, Right Now")
    address = f"/library/reports/{report.pk}-right-here-right-now/"
    assert report.get_absolute_url() == address
    for wrong in (f"{report.pk}", f"{report.pk}-", f"{report.pk}-old-title"):
        response = client.get(f"{LIST}{wrong}/")
        assert (response.status_code, response["Location"]) == (301, address)


def test_the_gate_answers_before_the_address_is_put_right(client, administrator):
    draft, removed, members = make_report(publish=False), make_report(), make_report(audience="members")
    removed.remove(administrator, "Out of date.")
    answers = {client.get(f"{LIST}{item.pk}-wrong/").status_code for item in (draft, removed, members)}
    assert answers == {404}


@pytest.mark.parametrize(
    "path",
    [
        "0/",
        "99999999999999999999/",
        "999999999999999999/",
        "²/",
        "1%00/",
        "archive/0000/",
        "archive/2010/13/",
        "archive/99999/",
    ],
)
def test_a_hostile_address_is_no_server_error(client, path):
    assert client.get(LIST + path).status_code in {400, 404}


@pytest.mark.parametrize("query", ["page=abc", "page=0", "page=99999999999999999999", "page=²", "page=2"])
def test_a_page_that_is_not_there_is_404(client, query):
    make_report()
    assert client.get(f"{LIST}?{query}").status_code == 404


@pytest.mark.parametrize("query", ["sector=%ED%A0%80", "year=abc", "keyword=²", "region=x"])
def test_an_unknown_facet_is_no_server_error(client, query):
    assert client.get(f"{LIST}?{query}").status_code == 200


def test_a_report_is_found_by_author_and_publisher(client):
    report = make_report(authors=["Lucie Unusual"], publishers=["Strange Press"])
    assert report.search_text() == {"extra": "Lucie Unusual, Strange Press"}
    assert "Lucie Unusual, Strange Press" in report.search_entry.extra


def test_the_address_of_the_list_is_the_kind_s(client):
    assert reverse("library:report_list") == LIST
