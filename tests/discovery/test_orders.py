"""?sort= of search and browse: the best first, the newest, the most helpful, what was last talked about."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from commons.contributions.models import Contribution, Helpful
from discovery.orders import ACTIVE, HELPFUL, NEWEST, in_order
from tests.factories import make_comment, make_member, make_post

from .test_views import BROWSE, PAGES, SEARCH, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(member):
    """Four items, the oldest first: each other order has another one in front."""
    made = {
        title: make_post(member, title=title, body=body)
        for title, body in (
            ("Gooseberry", "Some words."),
            ("Helped", "gooseberry"),
            ("Talked about", "gooseberry"),
            ("Last", "gooseberry"),
        )
    }
    for helped in ("Helped", "Helped", "Gooseberry"):
        Helpful.objects.set(make_member(), made[helped], helpful=True)
    make_comment(made["Gooseberry"])
    make_comment(made["Talked about"])
    return made


ORDERED = {
    "newest": ["Last", "Talked about", "Helped", "Gooseberry"],
    "helpful": ["Helped", "Gooseberry", "Last", "Talked about"],
    "active": ["Talked about", "Gooseberry", "Last", "Helped"],
}


@pytest.mark.parametrize(("path", "query"), PAGES)
@pytest.mark.parametrize("order", ORDERED)
def test_a_list_can_be_put_in_another_order(client, shelf, member, path, query, order):
    assert titles(client.get(path, {**query, "sort": order})) == ORDERED[order]
    assert titles(client.get(path, {**query, "sort": order, "kind": "blog"})) == ORDERED[order]
    client.force_login(member)
    assert titles(client.get(path, {**query, "sort": order})) == ORDERED[order]


def test_search_shows_the_best_first_and_browse_the_newest(client, shelf):
    assert titles(client.get(SEARCH, {"q": "gooseberry"}))[0] == "Gooseberry"
    best = titles(client.get(SEARCH, {"q": "gooseberry"}))
    for order in ("relevance", "nonsense", "'", "\u202e", ""):
        assert titles(client.get(SEARCH, {"q": "gooseberry", "sort": order})) == best
        assert titles(client.get(BROWSE, {"sort": order})) == ORDERED["newest"]


def test_the_orders_are_links_that_keep_the_words_and_the_choices(client, shelf):
    response = client.get(SEARCH, {"q": "gooseberry", "kind": "blog", "sort": "active", "page": 1})
    assert [
        (str(link["label"]), link["url"], link["current"]) for link in response.context["sort_links"]
    ] == [
        ("Best match", "?q=gooseberry&kind=blog", False),
        ("Newest", "?q=gooseberry&kind=blog&sort=newest", False),
        ("Most helpful", "?q=gooseberry&kind=blog&sort=helpful", False),
        ("Recent activity", "?q=gooseberry&kind=blog&sort=active", True),
    ]
    assert '<input type="hidden" name="sort" value="active">' in response.content.decode()
    links = client.get(BROWSE).context["sort_links"]
    assert [(str(link["label"]), link["url"], link["current"]) for link in links] == [
        ("Newest", "?", True),
        ("Most helpful", "?sort=helpful", False),
        ("Recent activity", "?sort=active", False),
    ]
    assert 'name="sort"' not in client.get(BROWSE).content.decode()


def test_what_is_no_contribution_comes_last_in_every_order_but_the_best(client, shelf):
    person = make_member("Gooseberry Person")
    person.reindex()
    for order in ORDERED:
        shown = titles(client.get(SEARCH, {"q": "gooseberry", "sort": order}))
        assert shown == [*ORDERED[order], "Gooseberry Person"]


def test_a_visitor_s_page_in_another_order_is_sent_again_once_that_changed(client, shelf):
    for order, change in (
        ("helpful", lambda: Helpful.objects.set(make_member(), shelf["Last"], helpful=True)),
        ("active", lambda: make_comment(shelf["Helped"])),
    ):
        address = f"{BROWSE}?sort={order}"
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        change()
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


INDEXES = {NEWEST: "contribution_newest", HELPFUL: "contribution_most_helpful", ACTIVE: "contribution_active"}


@pytest.mark.parametrize("order", INDEXES)
@pytest.mark.parametrize("reader", ["visitor", "member"])
def test_each_order_is_read_from_its_own_index(shelf, member, reader, order):
    """So that a list costs the same however much there is: on SQLite, which counts no rows, from the beginning."""
    first = shelf["Last"]
    copies = []
    for _number in range(3_000):
        copy = Contribution(
            author_id=first.author_id, kind="blog", status=first.status, title="Copy", card=first.card
        )
        copy.reach, copy.published_at, copy.last_activity_at = 2, first.published_at, first.last_activity_at
        copies.append(copy)
    Contribution.objects.bulk_create(copies)
    part = in_order(member if reader == "member" else AnonymousUser(), order)[:20]
    if connection.vendor == "sqlite":
        assert f"USING INDEX {INDEXES[order]}" in part.explain()
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Contribution._meta.db_table}")
    plan = part.explain()
    assert INDEXES[order] in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_no_order_leaves_anything_out(shelf, member):
    for order in INDEXES:
        assert {item.title for item in in_order(member, order)} == set(shelf)
