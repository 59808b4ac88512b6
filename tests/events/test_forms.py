"""The form of an event: what it asks for, what it refuses, and how it is filled in from a calendar file."""

import uuid
from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from commons.contributions.models import Contribution, KeptText
from commons.tagging.models import Principle, ServiceSector
from events.models import Event
from tests.factories import make_event

pytestmark = pytest.mark.django_db

CALENDAR = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20260101T000000Z
SUMMARY:Co-design cafe
LOCATION:Town hall
DTSTART;TZID=Europe/Paris:20270112T143000
DTEND;TZID=Europe/Paris:20270112T160000
END:VEVENT
END:VCALENDAR
"""


def typed(**values):
    return {
        "title": "Co-design café",
        "body": "We plan a kitchen.",
        "starts_on": "2027-01-12",
        "starts_time": "10:00",
        "ends_time": "12:00",
        "zone": "Europe/London",
        "known_to": "day",
        "venue": "Central Library",
        "principles": [Principle.objects.first().pk],
        "sectors": [ServiceSector.objects.first().pk],
        "audience": "everyone",
        "form_key": str(uuid.uuid4()),
        "do": "publish",
        **values,
    }


def errors_of(response):
    return {name: found[0].code for name, found in response.context["form"].errors.as_data().items()}


@pytest.fixture
def client(client, member):
    client.force_login(member)
    return client


def test_all_that_is_typed_is_kept(client):
    access = {"access": ["bsl", "step-free"], "access_words": "The lift is by the side door."}
    values = {
        "region": "wales", "organiser": "Cardiff  Together", "cost": "Free", "capacity": "40",
        "booking_url": "https://book.example/x", "online_url": "meet.example/room", "address": "2 High Street\nCardiff",
        "zone": "Europe/Paris", "repeats": "monthly", "repeats_until": "2027-03-31", **access,
    }  # fmt: skip
    sent = client.post("/events/new/", typed(**values))
    event = Event.objects.get()
    assert sent.headers["Location"] == event.get_absolute_url() == f"/events/{event.pk}-co-design-cafe/"
    assert (event.starts_on, event.ends_on, event.starts_time, event.ends_time, event.year) == (
        date(2027, 1, 12), date(2027, 1, 12), time(10), time(12), 2027,
    )  # fmt: skip
    assert (event.organiser, event.capacity, event.online_url, event.access) == (
        "Cardiff Together", 40, "https://meet.example/room", ["bsl", "step-free"],
    )  # fmt: skip
    assert [day.starts_on for day in event.occurrences.all()] == [
        date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9),
    ]  # fmt: skip


def test_a_draft_needs_a_title_alone(client):
    client.post("/events/new/", {"title": "Perhaps", "audience": "everyone", "do": "draft"})
    event = Event.objects.get()
    assert (event.starts_on, event.year, event.occurrences.count(), event.status) == (None, None, 0, "draft")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"starts_on": ""}, {"starts_on": "no_start"}),
        ({"starts_time": ""}, {"starts_time": "no_start_time"}),
        ({"venue": ""}, {"venue": "no_place"}),
        ({"body": ""}, {"body": "required"}),
        ({"starts_on": "2027-02-30"}, {"starts_on": "invalid"}),
        ({"starts_time": "ten"}, {"starts_time": "invalid"}),
        ({"starts_on": "1899-12-31"}, {"starts_on": "unlikely_day"}),
        ({"starts_on": "2226-01-01"}, {"starts_on": "unlikely_day"}),
        ({"ends_on": "2027-01-11"}, {"ends_on": "end_before_start"}),
        ({"ends_time": "09:59"}, {"ends_time": "end_before_start"}),
        ({"ends_time": "10:00"}, {"ends_time": "end_before_start"}),
        ({"ends_on": "2028-01-13"}, {"ends_on": "lasts_too_long"}),
        ({"repeats": "weekly"}, {"repeats_until": "no_until"}),
        ({"repeats": "weekly", "repeats_until": "2027-01-12"}, {"repeats_until": "until_before_start"}),
        ({"repeats": "weekly", "repeats_until": "2031-01-12"}, {"repeats_until": "too_long"}),
        ({"repeats": "daily"}, {"repeats": "invalid_choice"}),
        ({"zone": "Mars/Olympus"}, {"zone": "invalid_choice"}),
        ({"online_url": "javascript:alert(1)"}, {"online_url": "invalid"}),
        ({"online_url": "ftp://example.org/x"}, {"online_url": "invalid"}),
        ({"booking_url": "mailto:a@example.org"}, {"booking_url": "invalid"}),
        ({"capacity": "0"}, {"capacity": "min_value"}),
        ({"capacity": "100001"}, {"capacity": "max_value"}),
        ({"capacity": "many"}, {"capacity": "invalid"}),
        ({"access": ["teleport"]}, {"access": "invalid_choice"}),
        ({"known_to": "year"}, {"year": "no_year"}),
        ({"known_to": "year", "year": "9999"}, {"year": "not_past"}),
        ({"known_to": "month", "year": "2011"}, {"month": "no_month"}),
        ({"known_to": "season", "year": "2011"}, {"season": "no_season"}),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(client, values, expected):
    answer = client.post("/events/new/", typed(**values))
    assert (answer.status_code, errors_of(answer), Event.objects.count()) == (200, expected, 0)
    assert answer.context["form"]["title"].value() == "Co-design café"


def test_no_more_than_156_dates_are_told_before_they_are_made(client):
    """Three years of weeks from a Tuesday would be one date more."""
    answer = client.post("/events/new/", typed(repeats="weekly", repeats_until="2030-01-12"))
    assert errors_of(answer) == {"repeats_until": "too_long"}
    client.post("/events/new/", typed(repeats="weekly", repeats_until="2030-01-07"))
    assert Event.objects.get().occurrences.count() == 156


@pytest.mark.parametrize(
    "place", [{"address": "2 High Street"}, {"online_url": "https://meet.example"}, {"venue": "Town hall"}]
)
def test_one_place_is_enough(client, place):
    client.post("/events/new/", typed(**{"venue": "", **place}))
    assert Event.objects.get().status in {"published", "awaiting"}  # a new member's link is looked at first


def test_all_day_asks_for_no_time_and_keeps_none(client):
    client.post("/events/new/", typed(all_day="on", ends_on="2027-01-14"))
    event = Event.objects.get()
    assert (event.all_day, event.starts_time, event.ends_time, event.when()) == (
        True, None, None, "Tuesday 12 January 2027 to Thursday 14 January 2027",
    )  # fmt: skip


def test_a_day_may_be_typed_as_people_write_it(client):
    client.post("/events/new/", typed(starts_on="12/01/2027"))
    assert Event.objects.get().starts_on == date(2027, 1, 12)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"known_to": "year", "year": "2011"}, "2011"),
        ({"known_to": "season", "year": "2010", "season": "spring", "month": "3"}, "spring 2010"),
        ({"known_to": "month", "year": "2009", "month": "10"}, "October 2009"),
    ],
)
def test_of_a_past_event_the_day_need_not_be_known(client, values, words):
    client.post("/events/new/", typed(starts_on="", starts_time="", ends_time="", **values))
    event = Event.objects.get()
    assert (event.when(), event.year, event.starts_on, event.occurrences.count()) == (
        words, int(values["year"]), None, 0,
    )  # fmt: skip


def test_a_day_in_the_past_is_taken_and_said(client):
    shown = client.post("/events/new/", typed(starts_on="2020-01-14"), follow=True).content.decode()
    assert "Its date has passed" in shown
    assert Event.objects.get().is_published
    later = client.post(
        "/events/new/", typed(starts_on=timezone.localdate() + timedelta(days=9)), follow=True
    )
    assert "Its date has passed" not in later.content.decode()


def test_a_preview_says_when_and_where_and_saves_nothing(client):
    shown = client.post("/events/new/", typed(do="preview"))
    assert shown.context["preview_facts"] == [
        "Tuesday 12 January 2027, 10am to 12 noon (UK time)", "Central Library",
    ]  # fmt: skip
    assert Event.objects.count() == 0


def test_editing_begins_with_what_stands(client, member):
    event = make_event(member, starts_on=date(2027, 1, 12), access=["bsl"], zone="Europe/Paris")
    page = client.get(event.url_below("edit/"))
    html = page.content.decode()
    for kept in ('name="starts_on" value="2027-01-12"', 'name="starts_time" value="10:00"', "<details open>"):
        assert kept in html
    form = page.context["form"]
    assert (form["access"].value(), form["year"].value(), "calendar" in form.fields) == (["bsl"], None, False)


def test_whoever_saves_second_is_shown_the_other_date(client, member):
    event = make_event(member, starts_on=date(2027, 1, 12))
    event.revise(member, {"starts_on": date(2027, 1, 19), "ends_on": date(2027, 1, 19)}, version=1)
    answer = client.post(event.url_below("edit/"), typed(version=1))
    assert answer.status_code == 409
    assert "Tuesday 19 January 2027, 10am to 12 noon (UK time)" in answer.content.decode()
    assert Event.objects.get().starts_on == date(2027, 1, 19)


def test_what_was_typed_comes_back_after_signing_in(client, member):
    event = make_event(member, all_day=True, starts_time=None, ends_time=None)
    path = event.url_below("edit/")
    kept = KeptText.objects.create(
        member=member,
        path=path,
        fields={
            name: value if isinstance(value, list) else [value]
            for name, value in typed(access=["bsl", "breaks"], starts_on="2027-02-09").items()
        },
    )
    form = client.get(f"{path}?kept={kept.token}").context["form"]
    assert (form["starts_on"].value(), form["access"].value(), form["all_day"].value()) == (
        "2027-02-09", ["bsl", "breaks"], False,
    )  # fmt: skip


def test_the_history_says_what_changed_in_words(client, member):
    event = make_event(member, starts_on=date(2027, 1, 12), access=["bsl"])
    event.revise(member, {"access": ["bsl", "breaks"], "starts_time": time(11)}, version=1)
    changes = {
        label: "".join(piece.text for piece in pieces if piece.what != "removed")
        for label, pieces in client.get(f"/contributions/{event.pk}/history/").context["entries"][0].changes
    }
    assert changes == {
        "Access": "British Sign Language interpreter, Regular breaks",
        "Starts at": "11:00",
    }


# --- a calendar file --------------------------------------------------------------------------------


def fill(client, content=CALENDAR, **values):
    upload = {"calendar": SimpleUploadedFile("event.ics", content)} if content is not None else {}
    return client.post("/events/new/", {"do": "fill", **values, **upload})


def test_a_calendar_file_fills_in_the_form_and_saves_nothing(client):
    answer = fill(client, title="Typed before", cost="Free", access=["bsl"])
    form = answer.context["form"]
    said = {name: form[name].value() for name in ("title", "venue", "zone", "cost", "access")}
    assert said == {
        "title": "Co-design cafe", "venue": "Town hall", "zone": "Europe/Paris", "cost": "Free", "access": ["bsl"],
    }  # fmt: skip
    html = answer.content.decode()
    assert 'name="starts_on" value="2027-01-12"' in html
    assert 'name="starts_time" value="14:30"' in html
    assert "The form is filled in" in html
    assert Contribution.objects.of_kind("event").count() == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "no_calendar"), (b"no calendar", "calendar_unreadable"), (b"x" * 300_000, "calendar_too_large")],
)
def test_what_is_no_calendar_file_is_refused_kindly_and_nothing_is_lost(client, content, code):
    answer = fill(client, content, title="Typed before")
    assert (answer.status_code, errors_of(answer)) == (200, {"calendar": code})
    assert answer.context["form"]["title"].value() == "Typed before"


def test_only_who_is_signed_in_fills_in_a_form(client):
    client.logout()
    assert fill(client).status_code == 302
