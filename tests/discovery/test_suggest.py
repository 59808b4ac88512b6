"""What the search box suggests: names and titles that the asker may see, as JSON, or a plain search."""

import pytest
from django.core.cache import cache

from tests.factories import make_member, make_post

pytestmark = pytest.mark.django_db
SUGGEST = "/search/suggest/"


def suggested(client, text):
    return client.get(SUGGEST, {"q": text}).json()


@pytest.fixture
def shelf():
    author = make_member("Ann Lee", in_directory=False)
    make_post(author, title="On blurred gooseberries", body="Some words.")
    make_post(author, title="Blur", body="gooseberry")
    make_post(author, title="Blurred for members", audience="members")
    make_post(author, title="Blurred draft", publish=False)
    make_post(author, title="Blurred and gone").withdraw(author)
    make_member("Blurra Person").reindex()
    make_member("Blurra Hidden", in_directory=False).reindex()
    return author


def test_titles_members_principles_and_sectors_are_suggested(client, shelf):
    assert suggested(client, "blur") == {
        "principles": ["Blurring distinctions"],
        "sectors": [],
        "members": ["Blurra Person"],
        "titles": ["Blur", "On blurred gooseberries"],
    }
    assert suggested(client, "supp hous") == {
        "principles": [], "sectors": ["Housing and supported housing"], "members": [], "titles": [],
    }  # fmt: skip
    client.force_login(shelf)
    assert suggested(client, "blur")["titles"] == ["Blurred for members", "Blur", "On blurred gooseberries"]
    assert suggested(client, "blur")["members"] == ["Blurra Person"]


def test_every_word_is_wanted_and_the_last_may_be_unfinished(client, shelf):
    assert suggested(client, "gooseb blurr")["titles"] == ["On blurred gooseberries"]
    assert suggested(client, "gooseb nothing")["titles"] == []
    assert suggested(client, "some words")["titles"] == []


def test_a_member_who_left_the_directory_is_no_longer_suggested(client, shelf):
    person = make_member("Blurbelle Person")
    person.reindex()
    type(person).objects.filter(pk=person.pk).update(in_directory=False)
    assert suggested(client, "blurbelle")["members"] == []


NOTHING = {"principles": [], "sectors": [], "members": [], "titles": []}


def test_a_letter_or_nothing_suggests_nothing(client, shelf):
    for text in ("", " ", "b", "!!", "“”"):
        assert suggested(client, text) == NOTHING


def test_only_a_few_are_suggested_at_the_same_cost(client, shelf, django_assert_num_queries):
    for number in range(30):
        make_post(shelf, title=f"Damson {number:02d}")
        make_member(f"Damson {number:02d}").reindex()
    for text in ("blur", "damso", "xylophone"):
        cache.clear()
        # Both vocabularies and the joined spellings, which are kept from now on; and two.
        with django_assert_num_queries(5):
            answer = suggested(client, text)
        with django_assert_num_queries(2):
            assert suggested(client, text) == answer
    assert suggested(client, "damso") == {
        **NOTHING,
        "members": ["Damson 29", "Damson 28", "Damson 27"],
        "titles": [f"Damson {number}" for number in range(29, 23, -1)],
    }


def test_a_browser_that_asks_for_a_page_is_led_to_the_search(client, shelf):
    page = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    response = client.get(SUGGEST, {"q": "a & b"}, headers=page)
    assert (response.status_code, response.headers["Location"]) == (302, "/search/?q=a+%26+b")
    assert "Accept" in response.headers["Vary"]
    response = client.get(SUGGEST, {"q": "blur"}, headers={"Accept": "*/*"})
    assert response.headers["Content-Type"] == "application/json"


def test_an_answer_to_a_member_is_not_stored_and_a_visitor_gets_no_cookie(client, shelf):
    assert not client.get(SUGGEST, {"q": "blur"}).cookies
    client.force_login(shelf)
    assert "no-store" in client.get(SUGGEST, {"q": "blur"}).headers["Cache-Control"]


def test_the_search_box_names_the_address_and_leads_to_the_search_without_it(client, shelf):
    content = client.get("/search/").content.decode()
    assert 'data-suggest="/search/suggest/"' in content
    assert '<form class="searchbar" action="/search/" method="get">' in content
