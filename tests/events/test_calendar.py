"""The month calendar: a table whose days hold what takes place on them."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from events import changes, month
from events.lists import events_listed_to
from events.month import Month
from tests.events.test_series import weekly
from tests.factories import make_event

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 10)


def march():
    return Month(2027, 3, events_listed_to(AnonymousUser()), TODAY)


def on_days(shown):
    """Return {day of the month: [words of each entry]} of the days that have any."""
    return {
        day.date.day: [f"{entry.time} {entry.title}".strip() for entry in day.entries]
        for week in shown.weeks
        for day in week
        if day.entries
    }


def test_dates_stand_on_their_days_in_the_zone_of_the_event(member):
    weekly(member, title="Circle", starts_on=date(2027, 2, 23), times=4)
    make_event(member, title="Late in Tokyo", starts_on=date(2027, 3, 2), zone="Asia/Tokyo")
    make_event(member, title="Members", starts_on=date(2027, 3, 3), audience="members")
    make_event(member, title="Draft", starts_on=date(2027, 3, 3), publish=False)
    assert on_days(march()) == {
        2: ["10am (Tokyo time) Late in Tokyo", "10am Circle"],
        9: ["10am Circle"],
        16: ["10am Circle"],
    }


def test_what_goes_on_for_days_stands_on_each_of_them(member):
    make_event(member, title="School", starts_on=date(2027, 2, 27), ends_on=date(2027, 3, 2))
    make_event(member, title="Fair", starts_on=date(2027, 3, 31), ends_on=date(2027, 4, 2))
    shown = march()
    assert on_days(shown) == {1: ["School"], 2: ["School"], 31: ["10am Fair"]}
    assert [day.entries[0].goes_on for week in shown.weeks for day in week if day.entries] == [
        True,
        True,
        False,
    ]


def test_weeks_begin_on_monday_and_are_whole():
    shown = march()
    assert [(week[0].date, len(week)) for week in shown.weeks] == [
        (date(2027, 3, day), 7) for day in (1, 8, 15, 22, 29)
    ]
    assert [day.date for week in shown.weeks for day in week if day.is_today] == [TODAY]
    assert [day.in_month for day in shown.weeks[-1]] == [True, True, True, False, False, False, False]


def test_it_is_a_table_with_a_caption_heads_and_dates(client, member):
    event = make_event(member, title="Circle", starts_on=date(2027, 3, 9))
    changes.cancel(event, member, "Our speaker is ill.")
    html = client.get("/events/calendar/2027/03/").content.decode()
    assert "<caption>March 2027</caption>" in html
    assert re.findall(r'<th scope="col" role="columnheader"><abbr title="(\w+)">', html) == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]  # fmt: skip
    cell = re.search(r"<td[^>]*><p><time datetime=\"2027-03-09\">.*?</td>", html, re.DOTALL)[0]
    assert ("Tuesday " in cell, f'href="{event.get_absolute_url()}"' in cell, "Cancelled:" in cell) == (
        True, True, True,
    )  # fmt: skip


def test_today_is_said_in_words(client):
    html = client.get("/events/calendar/").content.decode()
    assert html.count("<strong>Today</strong>") == 1
    assert "<strong>Today</strong>" not in client.get("/events/calendar/2011/05/").content.decode()


@pytest.mark.parametrize(
    ("address", "before", "after"),
    [
        ("2027/01/", "/events/calendar/2026/12/", "/events/calendar/2027/02/"),
        (
            "2026/12/?region=wales",
            "/events/calendar/2026/11/?region=wales",
            "/events/calendar/2027/01/?region=wales",
        ),
        ("1900/01/", "", "/events/calendar/1900/02/"),
        ("2199/12/", "/events/calendar/2199/11/", ""),
    ],
)
def test_the_months_before_and_after_keep_what_was_chosen(client, address, before, after):
    context = client.get(f"/events/calendar/{address}").context
    assert (context["before_url"], context["after_url"]) == (before, after)


@pytest.mark.parametrize("address", ["1899/12/", "2200/01/", "2027/13/", "2027/3/", "9999/12/"])
def test_months_that_no_calendar_has_are_not_found(client, address):
    assert client.get(f"/events/calendar/{address}").status_code == 404


def test_a_month_with_more_than_fits_says_so(client, member, monkeypatch):
    monkeypatch.setattr(month, "MOST_DATES", 2)
    for day in (3, 4, 5):
        make_event(member, starts_on=date(2027, 3, day))
    shown = client.get("/events/calendar/2027/03/")
    assert (shown.context["month"].count, "more in this month than fits" in shown.content.decode()) == (
        2,
        True,
    )
