"""From a rule to dates and moments: the wall time stays, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.dates import (
    MOST_DATES,
    WallTime,
    days_of,
    is_too_long,
    moment,
    wall_time_of,
    week_of_month,
    zone_names,
)

TEN, NOON = time(10), time(12)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(starts, ends=None):
    """A WallTime from "2026-03-29 01:30" and the like; a day alone has no time."""

    def split(text):
        day, _space, clock = text.partition(" ")
        return date.fromisoformat(day), time.fromisoformat(clock) if clock else None

    first, last = split(starts), split(ends or starts.partition(" ")[0])
    return WallTime(*first, *last)


@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        ("Europe/London", "2026-03-28 10:00", "2026-03-28 10:00"),
        ("Europe/London", "2026-03-29 10:00", "2026-03-29 09:00"),
        ("Europe/London", "2026-10-24 10:00", "2026-10-24 09:00"),
        ("Europe/London", "2026-10-25 10:00", "2026-10-25 10:00"),
        # Clocks went from 01:00 to 02:00: what they never showed counts from before.
        ("Europe/London", "2026-03-29 00:59", "2026-03-29 00:59"),
        ("Europe/London", "2026-03-29 01:00", "2026-03-29 01:00"),
        ("Europe/London", "2026-03-29 01:30", "2026-03-29 01:30"),
        ("Europe/London", "2026-03-29 02:00", "2026-03-29 01:00"),
        # Clocks went back from 02:00 to 01:00: what they showed twice is the first of the two.
        ("Europe/London", "2026-10-25 00:59", "2026-10-24 23:59"),
        ("Europe/London", "2026-10-25 01:00", "2026-10-25 00:00"),
        ("Europe/London", "2026-10-25 01:30", "2026-10-25 00:30"),
        ("Europe/London", "2026-10-25 02:00", "2026-10-25 02:00"),
        ("Europe/Paris", "2026-03-29 02:30", "2026-03-29 01:30"),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:30"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),  # half an hour
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 22:00"),  # a day that never was
        ("Asia/Kathmandu", "2026-06-01 10:00", "2026-06-01 04:15"),
        ("Etc/UTC", "2026-03-29 01:30", "2026-03-29 01:30"),
    ],
)
def test_a_wall_time_is_one_moment(zone, local, expected):
    day, clock = local.split()
    assert moment(date.fromisoformat(day), time.fromisoformat(clock), zone) == utc(expected)


def test_a_time_read_as_the_second_of_two_is_the_first_all_the_same():
    assert moment(date(2026, 10, 25), time(1, 30, fold=1), "Europe/London") == utc("2026-10-25 00:30")


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2026-12-01 10:00", "2026-12-01 12:00", ("2026-12-01 10:00", "2026-12-01 12:00")),
        ("2026-12-01 10:00", None, ("2026-12-01 10:00", "2026-12-02 00:00")),
        ("2026-12-01", None, ("2026-12-01 00:00", "2026-12-02 00:00")),
        ("2026-07-01", "2026-07-03", ("2026-06-30 23:00", "2026-07-03 23:00")),
        # The whole day on which the clocks change has 23 or 25 hours.
        ("2026-03-29", None, ("2026-03-29 00:00", "2026-03-29 23:00")),
        ("2026-10-25", None, ("2026-10-24 23:00", "2026-10-26 00:00")),
        ("2026-03-28 22:00", "2026-03-29 06:00", ("2026-03-28 22:00", "2026-03-29 05:00")),
        # It begins at a time that was skipped, and would end before it: it lasts as long as the clock says.
        ("2026-03-29 01:30", "2026-03-29 02:15", ("2026-03-29 01:30", "2026-03-29 02:15")),
    ],
)
def test_when_a_date_begins_and_ends(starts, ends, expected):
    assert wall(starts, ends).moments("Europe/London") == tuple(map(utc, expected))


def test_a_date_on_another_day_lasts_as_long():
    assert wall("2026-12-01 20:00", "2026-12-03 12:00").on(date(2027, 2, 28)) == wall(
        "2027-02-28 20:00", "2027-03-02 12:00"
    )


@pytest.mark.parametrize(
    ("first", "repeats", "until", "expected"),
    [
        ("2026-12-01", "", None, ["2026-12-01"]),
        ("2026-12-01", "weekly", None, ["2026-12-01"]),
        ("2026-12-01", "weekly", "2026-11-01", ["2026-12-01"]),
        ("2026-12-01", "weekly", "2026-12-15", ["2026-12-01", "2026-12-08", "2026-12-15"]),
        ("2026-12-01", "weekly", "2026-12-14", ["2026-12-01", "2026-12-08"]),
        ("2026-12-01", "fortnightly", "2027-01-01", ["2026-12-01", "2026-12-15", "2026-12-29"]),
        ("2026-12-08", "monthly", "2027-03-09", ["2026-12-08", "2027-01-12", "2027-02-09", "2027-03-09"]),
        ("2026-12-28", "monthly", "2027-02-28", ["2026-12-28", "2027-01-25", "2027-02-22"]),
        # The fifth Thursday is the last: every month has one.
        ("2026-12-31", "monthly", "2027-03-31", ["2026-12-31", "2027-01-28", "2027-02-25", "2027-03-25"]),
        ("2028-02-29", "monthly", "2028-05-30", ["2028-02-29", "2028-03-28", "2028-04-25", "2028-05-30"]),
    ],
)
def test_the_days_of_a_series(first, repeats, until, expected):
    last = until and date.fromisoformat(until)
    assert days_of(date.fromisoformat(first), repeats, last) == list(map(date.fromisoformat, expected))


def test_a_series_ends_after_three_years_or_156_dates():
    first = date(2026, 12, 1)
    assert len(days_of(first, "weekly", date(9999, 12, 31))) == MOST_DATES == 156
    assert days_of(first, "fortnightly", date(9999, 12, 31))[-1] == date(2029, 11, 27)
    assert [is_too_long(first, "weekly", day) for day in (date(2029, 11, 26), date(2029, 11, 27))] == [
        False,
        True,
    ]
    assert [is_too_long(first, "monthly", day) for day in (date(2029, 12, 1), date(2029, 12, 2))] == [
        False,
        True,
    ]


def test_london_comes_first_and_every_zone_can_be_used():
    names = zone_names()
    assert (names[0], names[-1], len(names) == len(set(names))) == ("Europe/London", "Etc/UTC", True)
    assert [name for name in names if moment(date(2026, 6, 1), NOON, name).tzinfo is not UTC] == []


def test_only_an_event_whose_day_is_known_has_a_wall_time():
    known = {"starts_on": date(2026, 12, 1), "ends_on": None, "starts_time": TEN, "ends_time": NOON}
    event = SimpleNamespace(known_to="day", all_day=False, **known)
    assert wall_time_of(event) == wall("2026-12-01 10:00", "2026-12-01 12:00")
    assert wall_time_of(SimpleNamespace(known_to="day", all_day=True, **known)) == wall("2026-12-01")
    assert wall_time_of(SimpleNamespace(known_to="year", all_day=False, **known)) is None
    assert wall_time_of(SimpleNamespace(known_to="day", all_day=False, **known | {"starts_on": None})) is None


DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))
ZONES = st.sampled_from(
    ["Europe/London", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Etc/UTC"]
)


@given(first=DAYS, weeks=st.integers(1, 150), clock=st.times(), zone=ZONES)
def test_every_week_at_the_same_time_by_the_clock(first, weeks, clock, zone):
    days = days_of(first, "weekly", first + timedelta(weeks=weeks))
    assert days == [first + timedelta(weeks=number) for number in range(weeks + 1)]
    for day in days:
        local = moment(day, clock, zone).astimezone(ZoneInfo(zone))
        said = datetime.combine(day, clock.replace(fold=0))
        # Off by what the clocks skipped, and only on the night on which they did.
        skipped = local.replace(tzinfo=None) - said
        assert skipped == timedelta() or (local.fold == 0 and timedelta() < skipped <= timedelta(hours=1))


@given(first=DAYS, days=st.integers(0, 3 * 365))
def test_every_month_on_the_same_weekday_of_the_month(first, days):
    until = first + timedelta(days=days)
    found = days_of(first, "monthly", until)
    assert found[0] == first
    assert found == sorted(set(found))
    assert {
        (day.weekday(), is_last(day) if week_of_month(first) == -1 else week_of_month(day)) for day in found
    } == {(first.weekday(), True if week_of_month(first) == -1 else week_of_month(first))}
    assert len({(day.year, day.month) for day in found}) == len(found)


def is_last(day):
    return (day + timedelta(days=7)).month != day.month


@given(
    first=DAYS,
    clock=st.times(),
    length=st.integers(0, 3),
    end=st.none() | st.times(),
    zone=ZONES,
    all_day=st.booleans(),
)
def test_no_date_ends_before_it_begins(first, clock, length, end, zone, all_day):
    if end is not None and length == 0 and end < clock:
        end = clock
    date_ = WallTime(
        first, None if all_day else clock, first + timedelta(days=length), None if all_day else end
    )
    begins, ends = date_.moments(zone)
    assert begins <= ends
