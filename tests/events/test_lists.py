"""The lists of events: each event once, by its next date; what is over, by year; and what they cost."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from commons.tagging.models import Principle, ServiceSector
from events import changes
from events.lists import Past, Upcoming, events_listed_to
from events.models import Event
from tests.events.test_series import WEEK, weekly
from tests.factories import make_event, make_member, make_moderator

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def titles(response):
    return [card.title for card in response.context["cards"]]


def rough(member, **values):
    return make_event(member, starts_on=None, starts_time=None, ends_time=None, **values)


@pytest.fixture
def events(member):
    today = timezone.localdate()
    return {
        "series": weekly(member, title="Series", starts_on=today - 3 * WEEK + DAY, times=6),
        "soon": make_event(member, title="Soon", days=3),
        "members": make_event(member, title="Members", days=2, audience="members"),
        "draft": make_event(member, title="Draft", days=1, publish=False),
        "over": make_event(member, title="Over", starts_on=date(2025, 6, 3)),
        "newyear": weekly(member, title="Over New Year", starts_on=date(2024, 12, 30), times=2),
        "season": rough(member, title="Launch", known_to="season", season="spring", year=2010),
        "year": rough(member, title="Roadshow", known_to="year", year=2011),
        "month": rough(member, title="First meeting", known_to="month", month=10, year=2009),
    }


def test_what_is_to_come_stands_once_the_next_first(client, events):
    response = client.get("/events/")
    rows = response.context["cards"]
    assert [(row.title, row.more) for row in rows] == [("Series", "and 2 more dates"), ("Soon", 0)]
    assert rows[0].day == (timezone.localdate() + DAY).isoformat()


def test_members_are_shown_theirs_too(client, events):
    client.force_login(make_member())
    assert titles(client.get("/events/")) == ["Series", "Members", "Soon"]


def test_a_cancelled_date_is_no_next_date_unless_there_is_no_other(client, member, events):
    series = events["series"]
    for number, date_ in enumerate(series.occurrences.upcoming()):
        changes.cancel_date(date_, member, "The hall is closed.")
        row = next(row for row in client.get("/events/").context["cards"] if row.title == "Series")
        expected = min(number + 1, 2) if number < 2 else 0
        assert (row.day, bool(row.cancelled)) == (
            (timezone.localdate() + DAY + expected * WEEK).isoformat(), number == 2,
        )  # fmt: skip


def test_what_takes_place_now_is_still_to_come(member):
    event = make_event(member, starts_on=timezone.localdate() - DAY, ends_on=timezone.localdate() + DAY)
    found = Upcoming(events_listed_to(AnonymousUser()))
    assert [row.pk for row in found.part(0, 5)] == [event.pk]
    now = event.occurrences.get().ends_at
    later = [Upcoming(events_listed_to(AnonymousUser()), now + n * timedelta(seconds=1)) for n in (0, 1)]
    assert [found.count_to(5) for found in later] == [1, 0]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["Over", "Over New Year", "Roadshow", "Launch", "First meeting"]),
        ("2025/", ["Over", "Over New Year"]),
        ("2024/", ["Over New Year"]),
        ("2011/", ["Roadshow"]),
        ("2010/", ["Launch"]),
        ("2009/", ["First meeting"]),
        ("2008/", []),
    ],
)
def test_what_is_over_by_year(client, events, address, expected):
    response = client.get(f"/events/past/{address}")
    assert titles(response) == expected
    assert [year["label"] for year in response.context["years"]] == [
        *sorted({(timezone.localdate() - n * WEEK + DAY).year for n in (1, 2, 3)} | {2025, 2024}, reverse=True),
        2011, 2010, 2009,
    ]  # fmt: skip


def test_dates_known_roughly_are_said_roughly(client, events):
    said = [row.when for row in client.get("/events/past/").context["cards"]]
    assert said[2:] == ["2011", "spring 2010", "October 2009"]


@pytest.mark.parametrize("address", ["/events/", "/events/past/", "/events/calendar/"])
def test_every_list_is_narrowed_by_its_address_and_says_so(client, member, address):
    principles, sectors = Principle.objects.order_by("order"), ServiceSector.objects.order_by("order")
    days = -400 if "past" in address else 0
    today = timezone.localdate()
    chosen = {"principles": [principles[1]], "sectors": [sectors[2]], "region": "wales"}
    for title, other in (
        ("Ours", {}),
        ("Another region", {"region": "london"}),
        ("Another principle", {"principles": [principles[0]]}),
        ("Another sector", {"sectors": [sectors[0]]}),
    ):
        starts_on = today + timedelta(days=days)
        when = {"starts_on": starts_on, "starts_time": None, "ends_time": None, "all_day": True}
        make_event(member, title=title, **when, **chosen | other)
    query = f"?region=wales&principle={principles[1].slug}&sector={sectors[2].slug}"
    response = client.get(address + query)
    html = response.content.decode().partition("<main")[2]
    assert [title in html for title in ("Ours", "Another region", "Another principle", "Another sector")] == [
        True, False, False, False,
    ]  # fmt: skip
    assert [chip["label"] for chip in response.context["chips"]] == [
        principles[1].name,
        sectors[2].name,
        "Wales",
    ]
    assert "/events/calendar.ics?" in html
    assert 'value="wales" selected' in html
    assert all("region=wales" in place["url"] for place in response.context["places"])


@pytest.mark.parametrize("number", [1, 3, 30])
def test_what_the_lists_cost(client, member, queries, number):
    for _ in range(number):
        weekly(member, times=2)
        make_event(member, days=-400)
    for address, cost in (("/events/", 6), ("/events/past/", 7), ("/events/calendar/", 3)):
        client.get(address)
        with queries(cost):
            client.get(address)


def test_a_visitor_is_told_that_nothing_changed_until_something_is_over(client, member):
    make_event(member, days=1)
    last = make_event(member, days=3)
    first = client.get("/events/")
    again = client.get("/events/", headers={"If-None-Match": first.headers["ETag"]})
    moved = last.occurrences.get()
    moved.set_wall_time(moved.wall_time.on(timezone.localdate() - DAY), last.zone)
    moved.save()
    after = client.get("/events/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, after.status_code, len(after.context["cards"])) == (304, 200, 1)


def test_there_are_pages(client, member):
    for number in range(21):
        make_event(member, title=f"Number {number}", days=number + 1)
    assert titles(client.get("/events/?page=2")) == ["Number 20"]
    assert client.get("/events/?page=3").status_code == 404


def test_the_feed_says_when_and_where(client, member):
    make_event(member, starts_on=date(2027, 1, 12), summary="A <kitchen>.")
    feed = client.get("/events/feed/").content.decode()
    assert (
        "Tuesday 12 January 2027, 10am to 12 noon (UK time). Central Library. A &amp;lt;kitchen&amp;gt;."
        in feed
    )


def test_a_card_says_when_and_where_in_any_list(client, member):
    event = make_event(member, starts_on=date(2027, 1, 12))
    changes.cancel(event, member, "Our speaker is ill.")
    card = client.get("/browse/?kind=event").context["cards"][0]
    assert card.facts == [
        "Cancelled",
        "Tuesday 12 January 2027, 10am to 12 noon (UK time)",
        "Central Library",
    ]


def test_this_week_stands_on_the_home_pages(client, member):
    make_event(member, title="In six days", days=6)
    make_event(member, title="In seven days", days=7)
    make_event(member, title="Today", days=0)
    make_event(
        member, title="Since yesterday", starts_on=timezone.localdate() - DAY, ends_on=timezone.localdate()
    )
    make_event(member, title="Members", days=2, audience="members")
    make_event(member, title="Removed", days=2).remove(make_moderator(), "Off topic.")
    changes.cancel(make_event(member, title="Called off", days=1), member, "Our speaker is ill.")
    expected = ["Since yesterday", "Today", "In six days"]
    assert [line.title for line in client.get("/").context["this_week"]] == expected
    client.force_login(member)
    assert [line.title for line in client.get("/").context["this_week"]] == [
        *expected[:2],
        "Members",
        expected[2],
    ]


def test_past_is_counted_as_it_is_listed(events):
    found = Past(events_listed_to(AnonymousUser()))
    assert found.count_to(100) == len(found.part(0, 100)) == 5
    assert Event.objects.count() == len(events)
