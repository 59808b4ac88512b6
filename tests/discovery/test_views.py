"""Search and browse as pages: facets that combine, counts that keep the gate, pages, and any input."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from commons.contributions.models import Contribution
from commons.search.index import index_term
from commons.tagging.models import Principle, ServiceSector
from tests.factories import make_member, make_post, make_report

pytestmark = pytest.mark.django_db

SEARCH, BROWSE = "/search/", "/browse/"


def titles(response):
    return [card.title for card in response.context["cards"]]


def options(response, name):
    """Return {value: count} of one facet's options."""
    groups = {group["name"]: group["options"] for group in response.context["facets"]}
    return {option["value"]: option["count"] for option in groups.get(name, [])}


def principles(*slugs):
    return list(Principle.objects.filter(slug__in=slugs))


def sectors(*slugs):
    return list(ServiceSector.objects.filter(slug__in=slugs))


@pytest.fixture
def shelf():
    """Five items about gooseberries, differently tagged; one of them for members only, and a draft."""
    author = make_member("Ann Lee", in_directory=False)

    def add(title, principle, sector, **values):
        return make_post(
            author,
            title=title,
            body="About gooseberries.",
            principles=principles(*principle),
            sectors=sectors(*sector),
            **values,
        )

    add("One", ["peer-support-networks"], ["housing"], keywords=["fruit"])
    add("Two", ["peer-support-networks", "blurring-distinctions"], ["housing", "youth"], region="wales")
    add("Three", ["blurring-distinctions"], ["youth"], keywords=["fruit", "jam"], year=2009)
    add(
        "Members",
        ["blurring-distinctions"],
        ["youth"],
        keywords=["secret jam"],
        audience="members",
        year=2011,
    )
    add("Draft", ["blurring-distinctions"], ["youth"], keywords=["draft jam"], publish=False)
    make_report(
        title="Four",
        body="About gooseberries.",
        principles=principles("peer-support-networks"),
        sectors=sectors("youth"),
        year=2010,
    )
    return author


PAGES = [(BROWSE, {}), (SEARCH, {"q": "gooseberries"})]


@pytest.mark.parametrize(("path", "query"), PAGES)
@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, {"One", "Two", "Three", "Four"}),
        ({"kind": "report"}, {"Four"}),
        ({"kind": ["report", "blog"]}, {"One", "Two", "Three", "Four"}),
        ({"principle": "peer-support-networks"}, {"One", "Two", "Four"}),
        ({"principle": ["peer-support-networks", "blurring-distinctions"]}, {"One", "Two", "Three", "Four"}),
        ({"principle": "peer-support-networks", "sector": "youth"}, {"Two", "Four"}),
        ({"principle": "peer-support-networks", "sector": ["youth", "housing"]}, {"One", "Two", "Four"}),
        ({"principle": "peer-support-networks", "sector": "youth", "kind": "blog"}, {"Two"}),
        ({"keyword": "fruit"}, {"One", "Three"}),
        ({"keyword": "fruit", "sector": "youth"}, {"Three"}),
        ({"region": "wales"}, {"Two"}),
        ({"year": "2009"}, {"Three"}),
        ({"year": ["2009", "2010"]}, {"Three", "Four"}),
        ({"year": "2011"}, set()),
        (
            {"principle": "nonsense", "year": "abc", "kind": "²", "sector": "'", "region": "x"},
            {"One", "Two", "Three", "Four"},
        ),
        ({"keyword": "secret-jam"}, {"One", "Two", "Three", "Four"}),
    ],
)
def test_facets_combine(client, shelf, path, query, chosen, expected):
    response = client.get(path, {**query, **chosen})
    assert response.status_code == 200
    assert set(titles(response)) == expected
    assert len(titles(response)) == len(expected)


@pytest.mark.parametrize(("path", "query"), PAGES)
def test_counts_keep_the_gate(client, shelf, path, query):
    response = client.get(path, query)
    assert options(response, "kind") == {"blog": "3", "report": "1"}
    assert options(response, "principle") == {"peer-support-networks": "3", "blurring-distinctions": "2"}
    assert options(response, "sector") == {"housing": "2", "youth": "3"}
    assert options(response, "keyword") == {"fruit": "2", "jam": "1"}
    assert options(response, "region") == {"wales": "1"}
    client.force_login(shelf)
    response = client.get(path, query)
    assert options(response, "kind") == {"blog": "4", "report": "1"}
    assert options(response, "keyword") == {"fruit": "2", "jam": "1", "secret-jam": "1"}
    assert {"2009", "2010", "2011"} < options(response, "year").keys()


@pytest.mark.parametrize(("path", "query"), PAGES)
def test_a_count_says_what_choosing_the_option_shows(client, shelf, path, query):
    chosen = {"principle": "peer-support-networks", "sector": "youth"}
    response = client.get(path, {**query, **chosen})
    for name in ("kind", "principle", "sector", "region", "year"):
        assert options(response, name)
        for value, count in options(response, name).items():
            narrower = client.get(path, {**query, **chosen, name: value})
            assert len(titles(narrower)) == int(count), (name, value)


def test_counts_of_an_or_are_within_the_others(client, shelf):
    response = client.get(BROWSE, {"principle": "blurring-distinctions", "sector": "housing"})
    assert options(response, "principle") == {"peer-support-networks": "2", "blurring-distinctions": "1"}
    assert options(response, "sector") == {"housing": "1", "youth": "2"}


def test_what_was_chosen_is_offered_even_when_it_finds_nothing(client, shelf):
    response = client.get(BROWSE, {"sector": "housing", "region": "scotland"})
    assert titles(response) == []
    assert options(response, "sector") == {"housing": "0"}
    assert options(response, "region") == {"scotland": "0", "wales": "1"}
    content = response.content.decode()
    assert "<h3>Nothing was found</h3>" in content
    assert "Nothing here yet" not in content


def test_chips_take_one_choice_away(client, shelf):
    chosen = {
        "principle": ["peer-support-networks", "blurring-distinctions"],
        "sector": "youth",
        "kind": "blog",
    }
    response = client.get(BROWSE, {**chosen, "page": "1"})
    chips = {chip["label"]: chip["remove_url"] for chip in response.context["active_facets"]}
    assert set(chips) == {"Peer support networks", "Blurring distinctions", "Youth", "Blog posts"}
    fewer = client.get(BROWSE + chips["Peer support networks"])
    assert {chip["label"] for chip in fewer.context["active_facets"]} == {
        "Blurring distinctions",
        "Youth",
        "Blog posts",
    }


def test_browse_is_newest_first(client, shelf):
    assert titles(client.get(BROWSE)) == ["Four", "Three", "Two", "One"]


def test_members_principles_and_sectors_are_found_and_counted(client):
    member = make_member("Blurring Member")
    member.principles.set(principles("blurring-distinctions"))
    member.sectors.set(sectors("housing"))
    member.reindex()
    response = client.get(SEARCH, {"q": "blurring"})
    assert set(titles(response)) == {"Blurring distinctions", "Blurring Member"}
    assert options(response, "kind") == {"principle": "1", "member": "1"}
    assert options(response, "principle") == {"blurring-distinctions": "1"}
    assert options(response, "sector") == {"housing": "1"}
    assert titles(client.get(SEARCH, {"q": "blurring", "kind": "member", "sector": "housing"})) == [
        "Blurring Member"
    ]
    assert titles(client.get(SEARCH, {"q": "blurring", "sector": "youth"})) == []
    assert titles(client.get(SEARCH, {"q": "blurring", "year": "2010"})) == []
    assert titles(client.get(BROWSE, {"kind": "member"})) == []
    type(member).objects.filter(pk=member.pk).update(hidden=True)
    response = client.get(SEARCH, {"q": "blurring"})
    assert titles(response) == ["Blurring distinctions"]
    assert options(response, "kind") == {"principle": "1"}
    assert options(response, "principle") == {}


def test_a_renamed_sector_is_found_by_its_new_name(client):
    sector = ServiceSector.objects.get(slug="youth")
    sector.name = "Young damsons"
    sector.save()
    index_term(sector)
    response = client.get(SEARCH, {"q": "damson"})
    assert [card.url for card in response.context["cards"]] == [sector.get_absolute_url()]


# --- pages ------------------------------------------------------------------------------------------


def test_pages_are_numbered_and_named_in_the_title(client, member):
    for n in range(23):
        make_post(member, title=f"Numbered {n}", body="gooseberry")
    for path, query in ((BROWSE, {}), (SEARCH, {"q": "gooseberry"})):
        first, second = client.get(path, query), client.get(path, {**query, "page": 2})
        assert (len(titles(first)), len(titles(second))) == (20, 3)
        assert not set(titles(first)) & set(titles(second))
        assert ", page 2 –" in second.content.decode()
        assert "23 results" in first.content.decode()
        assert client.get(path, {**query, "page": 3}).status_code == 404


@pytest.mark.parametrize(("path", "query"), PAGES)
def test_a_silly_page_is_not_there(client, shelf, path, query):
    for number in ("0", "-1", "abc", "²", "99999999999999999999", "51", "1.0", "", "\u0661"):
        assert client.get(path, {**query, "page": number}).status_code == 404, number


def test_counts_are_exact_to_a_thousand(client, shelf, monkeypatch):
    monkeypatch.setattr("commons.contributions.paging.COUNT_TO", 3)
    monkeypatch.setattr("discovery.facets.COUNT_TO", 2)
    for path, query in PAGES:
        response = client.get(path, query)
        assert "Over 3" in response.content.decode()
        assert options(response, "kind") == {"blog": "over 2", "report": "1"}


def test_where_a_search_reads_no_further_a_count_says_or_more(client, shelf, monkeypatch):
    monkeypatch.setattr("commons.search.find.MOST_RANKED", 2)
    response = client.get(SEARCH, {"q": "gooseberry"})
    assert (len(titles(response)), sum(int(n.split()[0]) for n in options(response, "kind").values())) == (
        2,
        2,
    )
    assert {count.partition(" ")[2] for count in options(response, "kind").values()} == {"or more"}
    # Choosing shows no fewer than that, for what is chosen is looked for among all.
    for value, count in options(response, "kind").items():
        assert len(titles(client.get(SEARCH, {"q": "gooseberry", "kind": value}))) >= int(count.split()[0])
    monkeypatch.setattr("commons.search.find.MOST_RANKED", 5)
    assert options(client.get(SEARCH, {"q": "gooseberry"}), "kind") == {"blog": "3", "report": "1"}


def test_no_word_to_look_for_is_answered_calmly(client, shelf):
    for query in ({}, *({"q": typed} for typed in ("", "   ", "!!!", "“”"))):
        response = client.get(SEARCH, query)
        assert response.status_code == 200
        assert "cards" not in response.context
        assert 'href="/browse/?kind=blog"' in response.content.decode()


def test_nothing_found_suggests_kinds(client, shelf):
    response = client.get(SEARCH, {"q": "xylophone"})
    content = response.content.decode()
    assert "Nothing was found" in content
    assert 'href="/browse/?kind=report"' in content


def test_without_anything_to_filter_there_are_no_filters(client):
    for path, query in ((BROWSE, {}), (SEARCH, {"q": "xylophone"})):
        content = client.get(path, query).content.decode()
        assert "Apply filters" not in content
        assert "Skip filters" not in content


def test_search_pages_are_kept_out_of_search_engines(client, shelf):
    for query in ({}, {"q": "gooseberry"}):
        assert '<meta name="robots" content="noindex, follow">' in client.get(SEARCH, query).content.decode()
    assert "noindex" not in client.get(BROWSE).content.decode()


def test_what_was_found_is_marked_and_what_was_typed_is_escaped(client, shelf):
    content = client.get(SEARCH, {"q": "gooseberries"}).content.decode()
    assert "About <mark>gooseberries</mark>." in content
    content = client.get(SEARCH, {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in content


HOSTILE = ["'", '"', "\\", "x" * 400, "%", "{}", "日本", "²", "\u202e", "-1", "1e9", "../..", "<b>"]


def test_any_input_is_safe(client, shelf):
    names = ("kind", "principle", "sector", "keyword", "region", "year", "nonsense")
    for value in HOSTILE:
        for path in (SEARCH, BROWSE, "/browse/feed/"):
            query = {"q": f"gooseberry {value}", **dict.fromkeys(names, value)}
            assert client.get(path, query).status_code == 200, (path, value)


def test_bytes_that_are_no_text_are_safe(client, shelf):
    for page in (SEARCH, BROWSE, "/browse/feed/", "/keywords/suggest/"):
        for raw in ("q=%ED%A0%80&keyword=%ff", "q=%C0%AF", "year=%F0%9F"):
            assert client.get(f"{page}?{raw}").status_code == 200
        assert client.get(f"{page}?q=%00").status_code == 400


def test_many_values_are_safe(client, shelf):
    query = "&".join(f"principle=p{n}&keyword=k{n}&year={n:04d}" for n in range(90))
    assert client.get(f"{BROWSE}?{query}").status_code == 200


# --- cost -------------------------------------------------------------------------------------------

EVERY_FACET = (
    "kind=blog&principle=peer-support-networks&sector=youth&keyword=fruit&region=wales&year=2010"
    "&evidence=3&language=en-gb&answered=no"
)
COSTS = [
    ("/search/?q=gooseberry", 9, 12),
    ("/search/?q=gooseberry+bush", 9, 12),
    ("/search/?q=gooseberry+bush&sort=helpful", 9, 12),
    ("/search/?q=gooseberry&principle=peer-support-networks&sector=youth&kind=blog&year=2010", 10, 13),
    ("/search/?q=gooseberry&keyword=fruit", 11, 14),
    (f"/search/?q=gooseberry+bush&{EVERY_FACET}", 11, 14),
    (f"/search/?q=gooseberry+bush&{EVERY_FACET}&sort=active", 11, 14),
    ("/browse/", 7, 10),
    ("/browse/?sort=helpful", 7, 10),
    ("/browse/?principle=peer-support-networks&sector=youth&kind=blog&year=2010", 7, 10),
    ("/browse/?keyword=fruit", 8, 11),
    (f"/browse/?{EVERY_FACET}", 8, 11),
    (f"/browse/?{EVERY_FACET}&sort=active", 8, 11),
    ("/keywords/fruit/", 9, 13),
]


def test_the_number_of_queries_is_the_same_for_1_3_and_50_items(client, member, django_assert_num_queries):
    tags = {
        "principles": principles("peer-support-networks"),
        "sectors": sectors("youth"),
        "keywords": ["fruit"],
    }
    made = 0
    for wanted in (1, 3, 50):
        for _ in range(wanted - made):
            make_post(member, body="gooseberry bush", year=2010, region="wales", **tags)
        Contribution.objects.update(evidence_level=3, answered=False)  # so that all facets together find them
        made = wanted
        for reader in ("visitor", "member"):
            client.force_login(member) if reader == "member" else client.logout()
            for address, *expected in COSTS:
                cache.clear()
                with django_assert_num_queries(
                    expected[reader == "member"], info=f"{address} {reader} {wanted}"
                ):
                    assert client.get(address).status_code == 200


def test_counts_of_everything_are_kept_until_something_changes(client, member, django_assert_num_queries):
    kept = make_post(member, keywords=["kept key"])
    client.get(BROWSE)
    with django_assert_num_queries(3):  # the last change, the rows, the keywords’ names
        assert b"kept key" in client.get(BROWSE).content
    added = make_post(member, keywords=["added key"])
    assert b"added key" in client.get(BROWSE).content
    added.withdraw(member)
    assert b"added key" not in client.get(BROWSE).content
    # Even where the counts are of a moment ago, no keyword is named that stands on nothing the reader may see.
    Contribution.objects.filter(pk=kept.pk).update(reach=0)
    assert b"kept key" not in client.get(BROWSE).content


def test_a_visitor_s_unchanged_page_is_not_sent_again(client, shelf, django_assert_num_queries):
    for page in (BROWSE, "/keywords/fruit/", "/feed/", "/browse/feed/"):
        first = client.get(page)
        assert first.headers["ETag"]
        with django_assert_num_queries(2 if page.startswith("/keywords") else 1):
            again = client.get(page, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    tag = client.get(BROWSE).headers["ETag"]
    make_post(shelf, title="Newer")
    assert client.get(BROWSE, headers={"If-None-Match": tag}).status_code == 200


def test_a_member_s_page_has_no_tag_and_is_not_stored(client, member):
    client.force_login(member)
    response = client.get(BROWSE)
    assert "ETag" not in response.headers
    assert "no-store" in response.headers["Cache-Control"]


def test_visitors_get_no_cookie_and_no_token(client, shelf):
    for path, query in PAGES:
        response = client.get(path, query)
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in response.content.decode()


def test_changes_are_refused(client):
    for page in (SEARCH, BROWSE, "/keywords/suggest/", reverse("discovery:keyword", args=["fruit"])):
        assert client.post(page).status_code == 405


def test_links_keep_the_words_and_the_choices(client, member):
    for n in range(23):
        make_post(member, title=f"Numbered {n}", body="gooseberry")
    content = client.get(SEARCH, {"q": "gooseberry", "kind": "blog"}).content.decode()
    assert re.search(r'href="\?q=gooseberry&amp;kind=blog&amp;page=2"', content)
