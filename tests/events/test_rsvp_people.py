"""For the organiser alone: who comes, as a page and as a table, and writing to them."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from commons.notifications.models import Notice
from events import changes
from events.models import Answer
from events.rsvps import answer
from tests.factories import make_administrator, make_event, make_member, make_moderator

pytestmark = pytest.mark.django_db
BELOW = ("", "table.csv", "write/")
COSTS = {"": 7, "table.csv": 6, "write/": 6}


def people_path(event, below=""):
    return event.url_below(f"people/{event.occurrences.get().pk}/{below}")


@pytest.fixture
def event(member):
    """One goes, one waits, one may come, one can't."""
    event = make_event(member, capacity=1, title="Open day")
    date = event.occurrences.get()
    for name, said, needs in (
        ("=Going()", Answer.GOING, "+44 is my phone"),
        ("Wendy Waits", Answer.GOING, "A quiet room.\nNo nuts."),
        ("May B", Answer.MAYBE, ""),
        ("Nobody Comes", Answer.NO, ""),
    ):
        answer(date, make_member(name), said, needs)
    return event


@pytest.mark.parametrize("below", BELOW)
def test_for_its_organiser_alone(client, event, below):
    path, found = people_path(event, below), []
    for reader in (make_member(), make_moderator(), make_administrator(), event.author):
        client.force_login(reader)
        found.append(client.get(path).status_code)
    assert found == [404, 404, 404, 200]
    client.logout()
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"


def test_what_people_need_is_seen_by_the_organiser_alone(client, event):
    """Not on the event's page, nor by moderators and administrators anywhere in the admin."""
    seen = {}
    for reader in (make_moderator(), make_administrator(), make_member(), event.author):
        client.force_login(reader)
        pages = [event.get_absolute_url(), "/admin/", f"/admin/events/event/{event.pk}/change/"]
        seen[reader.pk] = [path for path in pages if "quiet room" in client.get(path).content.decode()]
    assert set(map(tuple, seen.values())) == {()}
    assert "A quiet room.<br>No nuts." in client.get(people_path(event)).content.decode()


def test_who_comes_stands_in_the_order_of_places(client, event):
    client.force_login(event.author)
    people = client.get(people_path(event)).context["people"]
    assert [(each["name"], each["answer"]) for each in people] == [
        ("=Going()", "Going"),
        ("Wendy Waits", "Waiting for a place"),
        ("May B", "Maybe"),
        ("Nobody Comes", "Can’t come"),
    ]


def test_a_hidden_profile_is_not_linked(client, event):
    hidden = make_member("Hidden Person", hidden=True)
    answer(event.occurrences.get(), hidden, Answer.MAYBE)
    client.force_login(event.author)
    people = client.get(people_path(event)).context["people"]
    assert [each["name"] for each in people if not each["url"]] == ["Hidden Person"]


def test_the_table_holds_no_formula_and_no_address(client, event):
    client.force_login(event.author)
    response = client.get(people_path(event, "table.csv"))
    text = b"".join(response.streaming_content).decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    now = f"{timezone.now():%Y-%m-%d}"
    assert rows[0] == ["Name", "Answer", "Answered", "What they need to take part"]
    assert [(name, said, at[:10], needs) for name, said, at, needs in rows[1:3]] == [
        ("'=Going()", "Going", now, "'+44 is my phone"),
        ("Wendy Waits", "Waiting for a place", now, "A quiet room.\nNo nuts."),
    ]
    assert "@" not in text
    day = event.starts_on.isoformat()
    assert response.headers["Content-Disposition"] == f'attachment; filename="open-day-{day}.csv"'
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_nobody_has_answered_yet(client, member):
    event = make_event(member)
    client.force_login(member)
    assert "Nobody has answered yet" in client.get(people_path(event)).content.decode()


@pytest.mark.parametrize(
    ("to", "names"), [("going", ["=Going()"]), ("everybody", ["=Going()", "Wendy Waits", "May B"])]
)
def test_the_organiser_writes_to_those_who_come(client, event, to, names):
    client.force_login(event.author)
    sent = client.post(
        people_path(event, "write/"), {"to": to, "subject": " Bring\na  chair ", "text": "We have too few."}
    )
    assert (sent.status_code, sent.headers["Location"]) == (302, people_path(event))
    notices = Notice.objects.filter(kind="event.word").order_by("pk")
    assert [notice.member.display_name for notice in notices] == names
    assert (notices[0].subject, notices[0].text, notices[0].url) == (
        "Bring a chair",
        "Ann Lee, who organises “Open day”, writes:\n\nWe have too few.",
        event.get_absolute_url(),
    )


def test_who_is_suspended_is_not_written_to(client, event):
    event.occurrences.get().rsvps.get(member__display_name="May B").member.suspend(
        timezone.now() + timedelta(days=3), make_administrator(), "Advertising."
    )
    client.force_login(event.author)
    client.post(people_path(event, "write/"), {"to": "everybody", "subject": "Hello", "text": "All."})
    told = Notice.objects.filter(kind="event.word").values_list("member__display_name", flat=True)
    assert set(told) == {"=Going()", "Wendy Waits"}


def test_five_letters_a_day_and_the_sixth_is_kept_in_the_form(client, event):
    client.force_login(event.author)
    letter = {"to": "going", "subject": "Hello", "text": "One more thing."}
    statuses = [client.post(people_path(event, "write/"), letter).status_code for _ in range(5)]
    refused = client.post(people_path(event, "write/"), letter)
    assert (statuses, refused.status_code) == ([302] * 5, 429)
    assert "One more thing." in refused.content.decode()
    cache.clear()
    assert client.post(people_path(event, "write/"), letter).status_code == 302


@pytest.mark.parametrize(
    ("posted", "fields"),
    [
        ({}, ["to", "subject", "text"]),
        ({"to": "all", "subject": "x" * 151, "text": "x" * 5001}, ["to", "subject", "text"]),
    ],
)
def test_a_letter_that_says_nothing_is_not_sent(client, event, posted, fields):
    client.force_login(event.author)
    sent = client.post(people_path(event, "write/"), posted)
    assert (sent.status_code, list(sent.context["form"].errors)) == (200, fields)
    assert not Notice.objects.filter(kind="event.word").exists()


def test_what_is_cancelled_or_over_still_leads_its_organiser_to_who_came(client, event):
    changes.cancel(event, event.author, "Ill.")
    link = f'href="{people_path(event)}"'
    client.force_login(event.author)
    assert link in client.get(event.get_absolute_url()).content.decode()
    client.force_login(make_member())
    assert link not in client.get(event.get_absolute_url()).content.decode()


@pytest.mark.parametrize("people", [1, 50])
@pytest.mark.parametrize("below", BELOW)
def test_the_page_and_the_table_cost_the_same_for_many(client, member, queries, people, below):
    event = make_event(member)
    date = event.occurrences.get()
    for number in range(people):
        date.rsvps.create(member=make_member(f"Person {number}"), answer="going")
    client.force_login(member)
    client.get(people_path(event, below))
    with queries(COSTS[below]):
        response = client.get(people_path(event, below))
        if response.streaming:
            assert len(b"".join(response.streaming_content).splitlines()) == people + 1
