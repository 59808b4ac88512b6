"""The forum's lists: what each holds, in which order, what a row says, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from commons.contributions import conversation
from commons.contributions.facets import Facets
from commons.contributions.models import Contribution, ReadMark
from commons.tagging.models import Principle, ServiceSector
from forum.lists import ThreadList
from forum.models import Thread
from forum.rows import threads_listed_to
from tests.factories import make_comment, make_member, make_post, make_thread

pytestmark = pytest.mark.django_db


def titles(response, name="cards"):
    return [card.title for card in response.context[name]]


def page_of(client, address="/forum/"):
    return client.get(address).content.decode()


def current(html):
    """Return the words of the links that are marked as the ones one stands on, outside the navigation."""
    return re.findall(r'aria-current="true">([^<]+)</a>', html.partition("<main")[2])


def pin(thread):
    Thread.objects.filter(pk=thread.pk).update(pinned_at=timezone.now())
    thread.refresh_from_db()
    thread.refresh()


@pytest.fixture
def threads(member):
    """One thread of each sort, in the order in which they were begun."""
    made = {
        "answered": make_thread(member, title="Answered", is_question=True),
        "open": make_thread(member, title="Open", is_question=True),
        "silent": make_thread(member, title="Silent question", is_question=True),
        "talk": make_thread(member, title="Talk"),
        "quiet": make_thread(member, title="Quiet"),
    }
    make_comment(made["talk"])
    make_comment(made["open"])
    made["answered"].mark_best(make_comment(made["answered"]))
    return made


# --- what they hold ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Answered", "Open", "Talk", "Quiet", "Silent question"]),
        ("?sort=newest", ["Quiet", "Talk", "Silent question", "Open", "Answered"]),
        ("?show=unanswered", ["Quiet", "Silent question"]),
        ("?show=open", ["Open", "Silent question"]),
        ("?show=open&sort=newest", ["Silent question", "Open"]),
        ("?show=answered", ["Answered"]),
        ("?show=everything&sort=best", ["Answered", "Open", "Talk", "Quiet", "Silent question"]),
        ("?show=%F0%9F%92%A9&sort=%27", ["Answered", "Open", "Talk", "Quiet", "Silent question"]),
    ],
)
def test_each_list_holds_what_it_says(client, threads, query, expected):
    assert titles(client.get(f"/forum/{query}")) == expected


def test_the_most_helpful_first_and_then_the_newest(client, threads):
    Contribution.objects.filter(pk=threads["open"].pk).update(helpful_count=3)
    Contribution.objects.filter(pk=threads["talk"].pk).update(helpful_count=1)
    assert titles(client.get("/forum/?sort=helpful")) == [
        "Open",
        "Talk",
        "Quiet",
        "Silent question",
        "Answered",
    ]


def test_answered_threads_are_found_by_principle_and_sector(client, member):
    first, second = Principle.objects.all()[:2]
    sector, other = ServiceSector.objects.all()[:2]
    for title, principle, of in (
        ("Here", first, sector),
        ("Elsewhere", second, sector),
        ("Other", first, other),
    ):
        thread = make_thread(member, title=title, is_question=True, principles=[principle], sectors=[of])
        thread.mark_best(make_comment(thread))
    make_thread(member, title="Open", is_question=True, principles=[first], sectors=[sector])
    response = client.get(f"/forum/?show=answered&principle={first.slug}&sector={sector.slug}")
    assert titles(response) == ["Here"]
    html = response.content.decode()
    assert f"<title>Forum: Answered, {first.name}, {sector.name} –" in html
    assert f"chosen by whoever asked. {first.name}, {sector.name}." in html
    assert f'<option value="{first.slug}" selected>' in html
    assert '<input type="hidden" name="show" value="answered">' in html


def test_every_facet_narrows_and_what_is_not_there_is_ignored(client, member):
    make_thread(member, title="Rural", keywords=["rural"])
    make_thread(member, title="Town")
    assert titles(client.get("/forum/?keyword=rural")) == ["Rural"]
    assert titles(client.get(f"/forum/?year={timezone.now().year}")) == ["Town", "Rural"]
    assert titles(client.get("/forum/?year=1999")) == []
    assert titles(client.get("/forum/?principle=no-such&region=narnia&year=²²²²")) == ["Town", "Rural"]


def test_the_links_keep_what_else_was_chosen_and_mark_the_current_one(client, threads):
    principle = threads["talk"].principles.get()
    response = client.get(f"/forum/?show=open&sort=helpful&principle={principle.slug}&page=1")
    chosen = response.context["chosen"]
    assert [(link["url"], link["current"]) for link in chosen.show_links()] == [
        (f"/forum/?sort=helpful&principle={principle.slug}", False),
        (f"/forum/?show=unanswered&sort=helpful&principle={principle.slug}", False),
        (f"/forum/?show=open&sort=helpful&principle={principle.slug}", True),
        (f"/forum/?show=answered&sort=helpful&principle={principle.slug}", False),
    ]
    assert [link["url"] for link in chosen.sort_links()] == [
        f"/forum/?show=open&principle={principle.slug}",
        f"/forum/?show=open&sort=newest&principle={principle.slug}",
        f"/forum/?show=open&sort=helpful&principle={principle.slug}",
    ]
    assert current(response.content.decode()) == ["Open questions", "Most helpful"]
    assert f'href="/forum/feed/?show=open&amp;principle={principle.slug}"' in response.content.decode()


def test_pages_keep_what_was_chosen(client, member):
    for number in range(21):
        make_thread(member, title=f"Thread {number:02d}", is_question=True)
    first = client.get("/forum/?show=open")
    assert (len(first.context["cards"]), first.context["pager"].next_url) == (20, "?show=open&page=2")
    second = client.get("/forum/?show=open&page=2")
    assert titles(second) == ["Thread 00"]
    assert "<title>Forum: Open questions, page 2 –" in second.content.decode()


def test_an_archive_is_newest_first_whatever_is_asked_for(client, threads):
    now = timezone.now()
    for address in (f"/forum/archive/{now.year}/{now.month:02d}/", f"/forum/archive/{now.year}/?show=open"):
        assert titles(client.get(address)) == ["Quiet", "Talk", "Silent question", "Open", "Answered"]


def test_an_empty_list_says_what_to_do(client, threads, member):
    assert "No threads match this" in page_of(client, "/forum/?year=1999")
    Contribution.objects.update(reach=0)
    assert "Nobody has asked anything yet" in page_of(client)


# --- pinned -----------------------------------------------------------------------------------------


def test_what_is_pinned_stands_first_and_once(client, threads):
    pin(threads["quiet"])
    response = client.get("/forum/")
    assert titles(response, "pinned_cards") == ["Quiet"]
    assert titles(response) == ["Answered", "Open", "Talk", "Silent question"]
    narrowed = client.get("/forum/?show=unanswered")
    assert (titles(narrowed, "pinned_cards"), titles(narrowed)) == ([], ["Quiet", "Silent question"])


def test_what_is_pinned_is_not_on_the_second_page(client, member):
    made = [make_thread(member, title=f"Thread {number:02d}") for number in range(22)]
    pin(made[0])
    second = client.get("/forum/?page=2")
    assert (titles(second, "pinned_cards"), titles(second)) == ([], ["Thread 01"])


def test_a_pinned_one_for_members_is_not_shown_to_visitors(client, member):
    pin(make_thread(member, title="Inside", audience="members"))
    assert "Inside" not in page_of(client)
    client.force_login(member)
    assert titles(client.get("/forum/"), "pinned_cards") == ["Inside"]


# --- a row ------------------------------------------------------------------------------------------


def test_a_row_says_how_the_conversation_stands(client, member):
    thread = make_thread(member, title="How?", is_question=True)
    make_comment(thread)
    reply = make_comment(thread, make_member("Bola Ade"))
    thread.mark_best(reply)
    at = timezone.make_aware(timezone.datetime(2026, 7, 1, 0, 30))
    type(reply).objects.on(thread.pk).update(published_at=at)
    conversation.bring_up_to_date(Thread.objects.get(pk=thread.pk))
    Thread.objects.filter(pk=thread.pk).update(closed_at=at, closed_reason="It has run its course.")
    thread.refresh_from_db()
    thread.refresh()
    html = page_of(client)
    row = html.partition("<article")[2].partition("</article>")[0]
    for words in (
        "<span>Question</span>",
        '<span class="tag good">Answered</span>',
        '<span class="tag">Closed</span>',
        "<strong>2 replies</strong>",
        ">Bola Ade</a>",
        '<time datetime="2026-07-01T00:30:00+01:00" title="1 July 2026, 00:30">1 July 2026</time>',
    ):
        assert words in row
    assert f'href="/comments/{reply.pk}/"' in row


def test_a_discussion_without_replies_says_so(client, member):
    make_thread(member)
    html = page_of(client)
    assert "<span>Discussion</span>" in html
    assert "<strong>No replies yet</strong>" in html
    assert "Answered</span>" not in html


def test_a_kept_row_follows_its_last_reply(client, member):
    thread = make_thread(member)
    first, second = (
        make_comment(thread, make_member("Early Bird")),
        make_comment(thread, make_member("Late Owl")),
    )
    assert ("Late Owl" in page_of(client), "Early Bird" in page_of(client)) == (True, False)
    second.withdraw(second.author)
    assert ("Late Owl" in page_of(client), "Early Bird" in page_of(client)) == (False, True)
    first.author.write_profile({"display_name": "Renamed Bird"})
    assert "Renamed Bird" in page_of(client)


def test_a_member_sees_how_many_they_have_not_read(client, member, other_member):
    thread, new, read = (make_thread(member, title=title) for title in ("Begun", "Never opened", "Read"))
    for item in (thread, new, read):
        for _number in range(3):
            make_comment(item)
    ReadMark.objects.move(other_member, thread, 1)
    ReadMark.objects.move(other_member, read, 3)
    ReadMark.objects.move(member, new, 1)
    client.force_login(other_member)
    response = client.get("/forum/")
    assert {card.title: card.snippet for card in response.context["cards"]} == {
        "Begun": "2 unread",
        "Never opened": "",
        "Read": "",
    }
    assert response.content.decode().count("unread</span>") == 1


# --- what it costs ----------------------------------------------------------------------------------


def fill(number):
    author, replier = make_member(), make_member()
    for _ in range(number):
        thread = make_thread(author, is_question=True)
        make_comment(thread, replier)
    pin(thread)
    make_post(author)


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_list_costs_four_queries_for_a_visitor(client, queries, number, settings):
    settings.NETWORK_POST_RATE = "0"
    fill(number)
    client.get("/forum/")
    with queries(4):
        first = client.get("/forum/")
    with queries(3):
        client.get("/forum/?show=open")
    with queries(1):
        again = client.get("/forum/", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_list_costs_seven_queries_for_a_member(client, queries, number, settings, other_member):
    settings.NETWORK_POST_RATE = "0"
    fill(number)
    client.force_login(other_member)
    client.get("/forum/")
    with queries(7):
        client.get("/forum/")
    with queries(6):
        client.get("/forum/?show=open&sort=helpful")


@pytest.mark.parametrize(
    "query", ["", "sort=newest", "sort=helpful", "show=unanswered", "show=open", "show=answered"]
)
@pytest.mark.parametrize("reader", ["visitor", "member"])
def test_each_list_reads_its_page_in_the_order_of_an_index(query, reader, member):
    """Whatever else there is: no scan, and nothing put in order."""
    user = member if reader == "member" else AnonymousUser()
    asked = ThreadList.read(QueryDict(query), Facets())
    page = asked.order(asked.narrow(threads_listed_to(user))).for_conversations()[:20]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # tables as small as these are not worth an index
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
            )
    assert (
        re.findall(r"\bSCAN\b|TEMP B-TREE|\bSort\b|Seq Scan on contributions_contribution", page.explain())
        == []
    )


def test_a_reply_makes_a_visitors_page_new(client, member):
    thread = make_thread(member)
    Contribution.objects.filter(pk=thread.pk).update(changed_at=timezone.now() - timedelta(days=1))
    tag = client.get("/forum/").headers["ETag"]
    make_comment(thread)
    assert client.get("/forum/", headers={"if-none-match": tag}).status_code == 200
