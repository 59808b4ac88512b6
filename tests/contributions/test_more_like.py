"""More like this: what stands below an item because it is tagged alike."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from commons.contributions import more_like as module
from commons.contributions.cards import CardLine, cards_for
from commons.contributions.more_like import more_like
from commons.tagging import vocabulary
from commons.tagging.models import Principle, ServiceSector
from tests.factories import (
    make_case_study,
    make_comment,
    make_document,
    make_event,
    make_member,
    make_post,
    make_report,
    make_thread,
)

pytestmark = pytest.mark.django_db


def tags(principles=(), sectors=(), keywords=()):
    """Return terms by their place in the vocabulary."""
    every = list(Principle.objects.order_by("order")), list(ServiceSector.objects.order_by("order"))
    return {
        "principles": [every[0][place] for place in principles],
        "sectors": [every[1][place] for place in sectors],
        "keywords": list(keywords),
    }


def alike(item, reader=None):
    return [other.title for other in more_like(item, reader or AnonymousUser())]


def test_what_shares_most_comes_first_then_what_is_newest(member):
    make_post(member, title="Sector alone", **tags([1], [0]))
    make_report(title="All three", **tags([0], [0], ["rural"]))
    make_thread(member, title="Two", **tags([0], [0]))
    make_post(member, title="Nothing", **tags([2], [2], ["urban"]))
    make_document(member, title="Two, newer", **tags([0], [3], ["rural"]))
    make_post(member, title="One, the newest", **tags([0], [4]))
    item = make_post(member, title="Itself", **tags([0], [0], ["rural"]))
    assert alike(item) == ["All three", "Two, newer", "Two", "One, the newest"]


def test_nothing_alike_shows_nothing(client, member):
    item = make_post(member, **tags([0], [0]))
    make_post(member, **tags([1], [1]))
    assert alike(item) == []
    assert "More like this" not in client.get(item.get_absolute_url()).content.decode()


@pytest.mark.parametrize("make", [make_post, make_thread, make_document])
def test_every_kinds_page_shows_it(client, make):
    other = make_report(title="Alike")
    response = client.get(make().get_absolute_url())
    page = response.content.decode()
    assert [card.title for card in response.context["more_like"]] == ["Alike"]
    assert page.index("More like this") < page.index(other.get_absolute_url())


def test_a_reports_page_shows_it_too(client):
    make_post(title="Alike")
    context = client.get(make_report().get_absolute_url()).context
    assert [card.title for card in context["more_like"]] == ["Alike"]


def test_only_what_is_listed_to_the_reader_is_shown(member, administrator):
    make_post(member, title="Members", audience="members")
    make_post(member, title="Draft", publish=False)
    make_post(member, title="Removed").remove(administrator, "Spam.")
    make_post(member, title="Withdrawn").withdraw(member)
    hidden = make_member()
    make_post(hidden, title="Hidden")
    hidden.hide_contributions()
    item = make_post(member, title="Itself")
    assert alike(item) == []
    for reader in (member, administrator, make_member()):
        assert alike(item, reader) == ["Members"]


def test_it_goes_on_with_what_may_be_seen_at_once(client, member, administrator):
    """A browser that has the page asks again, and does not go on naming what was taken down."""
    item, other = make_post(member), make_post(member, title="Taken down")
    url = item.get_absolute_url()
    kept = client.get(url)
    assert "Taken down" in kept.content.decode()
    assert client.get(url, headers={"If-None-Match": kept["ETag"]}).status_code == 304
    other.remove(administrator, "Spam.")
    again = client.get(url, headers={"If-None-Match": kept["ETag"]})
    assert (again.status_code, "Taken down" in again.content.decode()) == (200, False)


def test_what_is_superseded_is_left_out(member):
    old = make_document(member, title="Old")
    make_document(member, title="New", replaces=old)
    item = make_post(member)
    assert alike(item) == ["New"]


def test_what_is_superseded_for_members_is_shown_to_everyone_else(member):
    old = make_document(member, title="Old")
    make_document(member, title="New", replaces=old, audience="members")
    item = make_post(member, title="Itself")
    assert (alike(item), alike(item, member)) == (["Old"], ["New"])


@pytest.mark.parametrize("number", [1, 3, 30])
def test_it_costs_one_query(queries, member, number):
    item = make_post(member)
    for _number in range(number):
        make_post(member)
    for reader in (member, AnonymousUser()):
        with queries(2):  # what there is to choose from is kept from now on
            more_like(item, reader)
        with queries(1):
            assert len(more_like(item, reader)) == min(number, 4)


def test_drawing_the_lines_asks_for_nothing_more(queries, member):
    item = make_post(member)
    for make in (make_event, make_case_study, make_document, make_thread):
        make(member)
    found = more_like(item, member)
    assert len(found) == 4
    vocabulary.current()
    with queries(0):
        lines = [line.html(3) for line in cards_for(found, drawn_as=CardLine)]
    assert len(set(lines)) == 4


def test_without_tags_it_costs_nothing(queries, member):
    item = make_post(member, publish=False, principles=[], sectors=[])
    with queries(0):
        assert more_like(item, member) == []


def test_only_the_newest_are_looked_at(member, monkeypatch):
    make_post(member, title="Alike, but long ago")
    for _number in range(2):
        make_post(member, title="Other", **tags([5], [5]))
    item = make_post(member, title="Itself", **tags([0], [0]))
    assert alike(item) == ["Alike, but long ago"]
    monkeypatch.setattr(module, "LOOKED_AT", 2)
    module._newest.cache_clear()
    cache.clear()
    assert alike(item) == []
    module._newest.cache_clear()


def test_what_is_kept_of_the_newest_is_asked_of_the_gate_and_of_the_rows(member, administrator):
    item = make_post(member, title="Itself", **tags([0], [0]))
    posts = [make_post(member, title=title, **tags([0], [0])) for title in ("Stays", "Goes", "Changes")]
    assert alike(item) == ["Changes", "Goes", "Stays"]
    posts[1].remove(administrator, "Spam.")
    posts[2].principles.set(tags([1])["principles"])
    posts[2].sectors.set(tags((), [1])["sectors"])
    posts[2].refresh()
    assert alike(item) == ["Stays"]


def test_what_is_new_is_there_after_a_minute_at_most(member):
    item = make_post(member, title="Itself")
    assert alike(item) == []
    make_post(member, title="New")
    cache.clear()  # as time does
    assert alike(item) == ["New"]


def test_later_pages_of_a_conversation_do_without(client, queries, settings):
    settings.NETWORK_POST_RATE = "0"
    thread, author = make_thread(), make_member()
    make_post(author)
    for _number in range(21):
        make_comment(thread, author)
    url = thread.get_absolute_url()
    assert "More like this" in client.get(url).content.decode()
    client.get(f"{url}?page=2")
    with queries(2):
        assert "More like this" not in client.get(f"{url}?page=2").content.decode()


def test_a_draft_shows_nothing_like_it(client, member):
    make_post(member)
    client.force_login(member)
    draft = make_post(member, publish=False)
    assert client.get(draft.get_absolute_url()).context["more_like"] == []
