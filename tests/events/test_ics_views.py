"""Calendar files at their addresses: behind the gate, narrowed by the address, cheap to ask for again."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_administrator, make_member

from . import rfc5545
from .test_ics import make_event

pytestmark = pytest.mark.django_db


def soon(days=7):
    return timezone.localdate() + timedelta(days=days)


def titles(response):
    assert response.status_code == 200
    rfc5545.read(response.content)
    return {str(entry["SUMMARY"]) for entry in icalendar.Calendar.from_ical(response.content).walk("VEVENT")}


def test_a_list_has_what_is_listed_to_who_asks(client):
    make_event(title="Open", first=soon())
    make_event(title="Members", first=soon(), audience="members")
    make_event(title="Hidden", first=soon()).remove(make_administrator(), "Off topic.")
    path = reverse("events:calendar_file")

    assert titles(client.get(path)) == {"Open"}
    client.force_login(make_member())
    response = client.get(path)
    assert titles(response) == {"Open", "Members"}
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_list_is_narrowed_by_its_address(client):
    make_event(title="Cardiff", first=soon(), region="wales")
    make_event(title="London", first=soon(), region="london")
    response = client.get(reverse("events:calendar_file"), {"region": "wales"})

    assert titles(response) == {"Cardiff"}
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Wales" in str(icalendar.Calendar.from_ical(response.content)["NAME"])


def test_what_is_over_for_long_leaves_the_list(client):
    make_event(title="Last week", first=soon(-7))
    make_event(title="Last year", first=soon(-365))

    assert titles(client.get(reverse("events:calendar_file"))) == {"Last week"}


def test_a_calendar_that_asks_again_is_told_that_nothing_changed(client, django_assert_num_queries):
    event = make_event(first=soon())
    path = reverse("events:calendar_file")
    etag = client.get(path).headers["ETag"]

    with django_assert_num_queries(1):
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    event.refresh_from_db()
    event.withdraw(event.author)
    assert titles(client.get(path, headers={"If-None-Match": etag})) == set()


@pytest.mark.parametrize("number", [1, 3, 12])
def test_a_list_costs_the_same_whatever_is_in_it(client, django_assert_num_queries, number):
    for _ in range(number):
        make_event([soon(14), soon(21)], first=soon(), repeats="weekly", repeats_until=soon(21))
    client.get("/")

    with django_assert_num_queries(3):
        assert len(titles(client.get(reverse("events:calendar_file")))) == number


def test_one_event_is_for_whoever_may_see_it(client):
    event = make_event(title="For members", first=soon(), audience="members")
    path = event.url_below("event.ics")

    assert client.get(path).status_code == 404
    client.force_login(make_member())
    assert titles(client.get(path)) == {"For members"}


def test_a_withdrawn_event_is_gone_from_its_address(client):
    event = make_event(first=soon())
    path = event.url_below("event.ics")
    assert client.get(path).status_code == 200

    event.withdraw(event.author)
    assert client.get(path).status_code == 404


def test_an_event_without_a_day_has_no_file(client):
    event = make_event(first=soon())
    event.occurrences.all().delete()

    assert client.get(event.url_below("event.ics")).status_code == 404
