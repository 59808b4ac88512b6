"""Calendar files: right by the letter of RFC 5545, read back by two libraries, and true to what changes."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from dateutil.rrule import rrulestr
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.markup.render import clean_text
from events.ics import calendar_of
from events.models import Event, Occurrence, Repeats
from tests.factories import make_member, values_for

from . import rfc5545

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def make_event(days=(), *, first=date(2026, 10, 4), start=time(10), end=time(12), author=None, **values):
    """A published event with an occurrence on its first day and on each of `days`."""
    whole = values.get("all_day", False)
    fields = {
        "starts_on": first,
        "ends_on": values.pop("ends_on", first),
        "starts_time": None if whole else start,
        "ends_time": None if whole else end,
        "venue": "Holy Cross Centre",
        "region": "london",
        "zone": "Europe/London",
        **values,
    }
    event = Event.begin(author or make_member(), values_for(**fields), form_key=uuid.uuid4())
    event.submit(event.author)
    event.occurrences.all().delete()
    length = event.ends_on - event.starts_on
    for day in (first, *days):
        make_date(event, day, length)
    return event


def make_date(event, day, length=timedelta()):
    zone = ZoneInfo(event.zone)
    begins = datetime.combine(day, event.starts_time or time(), tzinfo=zone)
    ends = datetime.combine(day + length, event.ends_time or time(23, 59), tzinfo=zone)
    return Occurrence.objects.create(
        event=event, original_on=day, starts_on=day, ends_on=day + length, starts_time=event.starts_time,
        ends_time=event.ends_time, starts_at=begins.astimezone(UTC), ends_at=ends.astimezone(UTC),
    )  # fmt: skip


def weekly(times=5, **values):
    first = date(2026, 10, 4)
    days = [first + timedelta(weeks=number) for number in range(1, times)]
    return make_event(days, repeats=Repeats.WEEKLY, repeats_until=days[-1], **values)


def file_of(*events, name="Events"):
    return calendar_of(Event.objects.filter(pk__in=[event.pk for event in events]).order_by("pk"), name)


def seen_by_a_subscriber(content):
    """Return {start: (end, summary, status)} as a calendar works it out that knows rules and what differs from them."""
    seen = {}
    calendar = icalendar.Calendar.from_ical(content)
    entries = calendar.walk("VEVENT")
    for entry in (e for e in entries if "RECURRENCE-ID" not in e):
        start, end = entry.decoded("DTSTART"), entry.decoded("DTEND")
        starts = {start}
        if "RRULE" in entry:
            rule = rrulestr(entry["RRULE"].to_ical().decode(), dtstart=start)
            starts = {each if isinstance(start, datetime) else each.date() for each in rule}
        for name, change in (("RDATE", starts.update), ("EXDATE", starts.difference_update)):
            if name in entry:
                lists = entry[name] if isinstance(entry[name], list) else [entry[name]]
                change(each.dt for one in lists for each in one.dts)
        for each in starts:
            seen[entry["UID"], each] = (
                each,
                each + (end - start),
                str(entry["SUMMARY"]),
                str(entry["STATUS"]),
            )
    for entry in (e for e in entries if "RECURRENCE-ID" in e):
        key = entry["UID"], entry.decoded("RECURRENCE-ID")
        assert key in seen, "it differs from a date that the series does not have"
        seen[key] = (
            entry.decoded("DTSTART"), entry.decoded("DTEND"), str(entry["SUMMARY"]), str(entry["STATUS"]),
        )  # fmt: skip
    return {start: rest for start, *rest in sorted(seen.values(), key=lambda each: each[0].isoformat())}


def test_one_event_is_right_by_the_letter_and_reads_back():
    event = make_event(title="Lunch; talk, and “more”", summary="Come — a long line, " * 15)
    content = file_of(event)
    (entry,) = [part for part in rfc5545.read(content).parts if part.name == "VEVENT"]

    assert entry.one("SUMMARY") == "Lunch\\; talk\\, and “more”"
    assert entry.one("UID") == f"event-{event.pk}@127.0.0.1"
    assert entry.params("DTSTART") == {"TZID": "Europe/London"}
    read = icalendar.Calendar.from_ical(content)
    assert read.to_ical() == content
    assert read.walk("VEVENT")[0].decoded("DTSTART") == datetime(2026, 10, 4, 10, tzinfo=LONDON)
    other = vobject.readOne(content.decode())
    other.validate(raiseException=True)
    assert other.vevent.summary.value == "Lunch; talk, and “more”"
    assert other.vevent.dtend.value.astimezone(UTC) == datetime(2026, 10, 4, 11, tzinfo=UTC)


def test_a_weekly_ten_o_clock_stays_ten_o_clock_when_the_clocks_go_back():
    content = file_of(weekly())
    rfc5545.read(content)
    starts = list(seen_by_a_subscriber(content))

    assert [start.astimezone(LONDON).strftime("%d %b %H:%M") for start in starts] == [
        "04 Oct 10:00", "11 Oct 10:00", "18 Oct 10:00", "25 Oct 10:00", "01 Nov 10:00",
    ]  # fmt: skip
    assert [start.astimezone(UTC).hour for start in starts] == [9, 9, 9, 10, 10]
    # Under a name that vobject doesn't know, so that it reads the zone in the file.
    other = vobject.readOne(content.decode().replace("Europe/London", "Ours/London"))
    rules = other.vevent.getrruleset(addRDate=True)
    assert [moment.astimezone(UTC).hour for moment in rules] == [9, 9, 9, 10, 10]


def test_a_subscriber_sees_a_date_that_moved():
    event = weekly()
    moved = event.occurrences.get(original_on=date(2026, 10, 11))
    moved.starts_on = moved.ends_on = date(2026, 10, 13)
    moved.starts_time, moved.ends_time = time(14), time(15)
    moved.changed, moved.sequence, moved.note = True, 1, "In the afternoon this time."
    moved.save()
    content = file_of(event)
    calendar = rfc5545.read(content)

    assert [start.strftime("%d %H:%M") for start in seen_by_a_subscriber(content)] == [
        "04 10:00", "13 14:00", "18 10:00", "25 10:00", "01 10:00",
    ]  # fmt: skip
    differing = calendar.parts[-1]
    assert differing.one("RECURRENCE-ID") == "20261011T100000"
    assert differing.one("SEQUENCE") == "1"
    assert differing.one("DESCRIPTION").startswith("In the afternoon this time.")


def test_a_subscriber_sees_a_date_that_is_cancelled():
    event = weekly()
    event.occurrences.filter(original_on=date(2026, 10, 18)).update(
        cancelled_at=timezone.now(), cancelled_reason="The hall is flooded."
    )
    content = file_of(event)
    rfc5545.read(content)
    seen = {
        start.day: (summary, status)
        for start, (_end, summary, status) in seen_by_a_subscriber(content).items()
    }

    assert seen[18] == (f"Cancelled: {event.title}", "CANCELLED")
    assert {day: status for day, (_summary, status) in seen.items() if day != 18} == dict.fromkeys(
        (4, 11, 25, 1), "CONFIRMED"
    )
    assert b"The hall is flooded." in content


def test_a_date_that_is_no_more_is_taken_out_of_the_rule():
    event = weekly()
    event.occurrences.filter(original_on=date(2026, 10, 18)).delete()
    content = file_of(event)
    calendar = rfc5545.read(content)

    assert [start.day for start in seen_by_a_subscriber(content)] == [4, 11, 25, 1]
    assert calendar.parts[-1].values("EXDATE") == ["20261018T100000"]


def test_a_cancelled_event_keeps_its_entries_and_says_so():
    event = weekly(times=3)
    Event.objects.filter(pk=event.pk).update(
        cancelled_at=timezone.now(), cancelled_reason="Too few of us.", sequence=4
    )
    content = file_of(event)
    calendar = rfc5545.read(content)

    assert {status for _end, _summary, status in seen_by_a_subscriber(content).values()} == {"CANCELLED"}
    assert calendar.parts[-1].one("SEQUENCE") == "4"


def test_the_second_tuesday_and_the_last_sunday_of_each_month():
    second = [date(2026, 9, 8), date(2026, 10, 13), date(2026, 11, 10)]
    last = [date(2026, 3, 29), date(2026, 4, 26), date(2026, 5, 31)]
    for first, *days in (second, last):
        event = make_event(days, first=first, repeats=Repeats.MONTHLY, repeats_until=days[-1])
        content = file_of(event)
        calendar = rfc5545.read(content)

        assert [start.date() for start in seen_by_a_subscriber(content)] == [first, *days]
        assert calendar.parts[-1].values("RDATE") == []


def test_days_that_no_rule_gives_are_listed():
    days = [date(2026, 10, 11), date(2026, 10, 20)]
    event = make_event(days, repeats=Repeats.WEEKLY, repeats_until=days[-1])
    content = file_of(event)
    rfc5545.read(content)

    assert [start.day for start in seen_by_a_subscriber(content)] == [4, 11, 20]


def test_all_day_ends_on_the_day_after_as_calendars_count():
    event = make_event(all_day=True, ends_on=date(2026, 10, 5))
    calendar = rfc5545.read(file_of(event))
    (entry,) = calendar.parts

    assert (entry.one("DTSTART"), entry.one("DTEND")) == ("20261004", "20261006")


def test_an_all_day_series():
    days = [date(2026, 10, 18), date(2026, 11, 1)]
    event = make_event(days, all_day=True, repeats=Repeats.FORTNIGHTLY, repeats_until=days[-1])
    event.occurrences.filter(original_on=days[0]).update(cancelled_at=timezone.now(), cancelled_reason="No.")
    content = file_of(event)
    rfc5545.read(content)

    assert [(str(start), status) for start, (_e, _s, status) in seen_by_a_subscriber(content).items()] == [
        ("2026-10-04", "CONFIRMED"),
        ("2026-10-18", "CANCELLED"),
        ("2026-11-01", "CONFIRMED"),
    ]


def test_without_a_day_there_is_no_entry():
    event = make_event()
    event.occurrences.all().delete()

    assert rfc5545.read(file_of(event)).parts == []


def test_an_address_online_is_for_those_who_come():
    event = make_event(venue="", online_url="https://meet.example.org/secret")
    content = file_of(event)

    assert b"meet.example.org" not in content
    assert b"LOCATION:Online" in content


def test_the_same_events_give_the_same_bytes():
    event = weekly()

    assert file_of(event) == file_of(event)


@settings(max_examples=40, deadline=None)
@given(
    title=st.text(st.characters(exclude_characters="\ufeff"), min_size=1, max_size=200),
    summary=st.text(max_size=400),
    venue=st.text(max_size=200),
)
def test_whatever_is_written_reads_back(title, summary, venue):
    event = Event(pk=1, kind="event", title=title, summary=summary, venue=venue, starts_on=date(2026, 10, 4))
    event.ends_on, event.starts_time, event.ends_time = event.starts_on, time(10), time(11)
    event._prefetched_objects_cache = {
        "occurrences": Occurrence.objects.none(),
    }
    only = Occurrence(
        event=event, original_on=event.starts_on, starts_on=event.starts_on, ends_on=event.ends_on
    )
    only.starts_time, only.ends_time = event.starts_time, event.ends_time
    event._prefetched_objects_cache["occurrences"]._result_cache = [only]
    content = calendar_of([event], title)

    # By the rules themselves: the library reads a backslash before an N as a new line.
    (entry,) = [part for part in rfc5545.read(content).parts if part.name == "VEVENT"]
    assert rfc5545.text_of(entry.one("SUMMARY")) == clean_text(title)
