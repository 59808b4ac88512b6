"""Where a search finds nothing: the nearest spelling, fewer filters, and asking it as a question."""

import pytest
from django.core.cache import cache

from commons.contributions.models import Contribution
from tests.factories import make_member, make_post

from .test_views import BROWSE, SEARCH, principles, sectors, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(member):
    tags = {"principles": principles("peer-support-networks"), "sectors": sectors("housing")}
    make_post(member, title="Gooseberry bush", region="wales", **tags)
    make_post(member, title="Gooseberry", year=2010, **tags)
    make_post(member, title="Gooseberries", audience="members", **tags)
    return member


def test_the_nearest_spelling_is_a_link_that_finds(client, shelf):
    response = client.get(SEARCH, {"q": "goosebery"})
    assert titles(response) == []
    assert 'Did you mean <a href="?q=gooseberry">gooseberry</a>?' in response.content.decode()
    assert set(titles(client.get(SEARCH + response.context["meant"]["url"]))) == {
        "Gooseberry",
        "Gooseberry bush",
    }


def test_it_is_offered_above_what_only_some_of_the_words_found(client, shelf):
    response = client.get(SEARCH, {"q": "goosebery bush"})
    assert titles(response) == ["Gooseberry bush"]
    assert response.context["meant"] == {"words": "gooseberry bush", "url": "?q=gooseberry+bush"}


def test_it_is_not_offered_where_the_words_are_found(client, shelf):
    for text in ("gooseberry", "gooseberr", "bush"):
        assert client.get(SEARCH, {"q": text}).context["meant"] == "", text
    assert "Did you mean" not in client.get(SEARCH, {"q": "xylophone"}).content.decode()


def fewer(response):
    return [(each["words"], each["url"], each["count"]) for each in response.context["fewer"]]


@pytest.mark.parametrize(("path", "start"), [(SEARCH, "q=gooseberry&"), (BROWSE, "")])
def test_each_filter_can_be_taken_away_where_that_finds_something(client, shelf, path, start):
    chosen = {"region": ["wales", "scotland"], "year": "2010", "sort": "helpful"}
    query = {"q": "gooseberry", **chosen} if start else chosen
    response = client.get(path, query)
    assert titles(response) == []
    assert fewer(response) == [
        ("Wales, Scotland", f"?{start}year=2010&sort=helpful", "1"),
        ("2010", f"?{start}region=wales&region=scotland&sort=helpful", "1"),
    ]
    for _words, url, count in fewer(response):
        assert len(titles(client.get(path + url))) == int(count)
    client.force_login(shelf)
    assert fewer(client.get(path, query)) == fewer(response)
    assert "Without “2010” (1)" in client.get(path, query).content.decode()


def test_a_filter_without_which_nothing_is_found_either_is_not_offered(client, shelf):
    query = {"q": "gooseberry", "region": "scotland", "year": "2010", "principle": "blurring-distinctions"}
    response = client.get(SEARCH, query)
    assert fewer(response) == []
    assert "With fewer filters" not in response.content.decode()
    assert [
        words for words, _url, _count in fewer(client.get(SEARCH, {"q": "gooseberry", "region": "scotland"}))
    ] == ["Scotland"]


def test_how_many_is_exact_to_a_thousand_and_keeps_the_gate(client, shelf, monkeypatch):
    monkeypatch.setattr("discovery.facets.COUNT_TO", 1)
    monkeypatch.setattr("discovery.counting.COUNT_TO", 1)
    assert fewer(client.get(BROWSE, {"region": "scotland"})) == [("Scotland", "?", "over 1")]
    Contribution.objects.filter(title="Gooseberry").update(reach=0)
    assert fewer(client.get(BROWSE, {"region": "scotland"})) == [("Scotland", "?", "1")]


def test_members_count_too(client):
    make_member("Gooseberry Person").reindex()
    assert fewer(client.get(SEARCH, {"q": "gooseberry", "year": "2010"})) == [("2010", "?q=gooseberry", "1")]


def test_it_can_be_asked_as_a_question(client, shelf):
    response = client.get(SEARCH, {"q": "xylophone & <b>"})
    ask = response.context["ask_url"]
    assert ask == "/forum/new/?question=1&title=xylophone+%26+%3Cb%3E"
    assert 'href="/forum/new/?question=1&amp;title=xylophone+%26+%3Cb%3E"' in response.content.decode()
    client.force_login(shelf)
    form = client.get(ask).context["form"]
    assert (form["title"].value(), form["is_question"].value()) == ("xylophone & <b>", True)
    assert client.get("/forum/new/?title=%ED%A0%80" + "x" * 500).status_code == 200


COSTS = [
    ("/search/?q=xylophone", 8, 11),
    ("/search/?q=goosebery", 9, 12),
    ("/search/?q=goosebery+bush", 11, 14),
    ("/search/?q=gooseberry+bush&keyword=fruit&kind=blog&year=1999&region=wales", 9, 12),
    ("/browse/?keyword=fruit&kind=blog&year=1999&region=wales", 9, 12),
]


def test_a_page_with_help_costs_the_same_for_1_3_and_50_items(client, member, django_assert_num_queries):
    made = 0
    for wanted in (1, 3, 50):
        for _number in range(wanted - made):
            make_post(member, title="Gooseberry bush", keywords=["fruit"], region="wales")
        made = wanted
        for reader in ("visitor", "member"):
            client.force_login(member) if reader == "member" else client.logout()
            for address, *expected in COSTS:
                cache.clear()
                with django_assert_num_queries(
                    expected[reader == "member"], info=f"{address} {reader} {wanted}"
                ):
                    assert client.get(address).status_code == 200
