"""Dates in words, as far as they are known."""

from datetime import date, time

import pytest

from events.words import (
    place_words,
    rough_words,
    rule_words,
    series_words,
    time_words,
    when_words,
    zone_choice,
    zone_words,
)
from tests.events.test_dates import wall


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("00:00", "12 midnight"),
        ("00:30", "12:30am"),
        ("01:00", "1am"),
        ("09:05", "9:05am"),
        ("11:59", "11:59am"),
        ("12:00", "12 noon"),
        ("12:01", "12:01pm"),
        ("13:00", "1pm"),
        ("23:45", "11:45pm"),
    ],
)
def test_times(clock, expected):
    assert time_words(time.fromisoformat(clock)) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (
            "2026-12-01 10:00",
            "2026-12-01 12:00",
            "Tuesday 1 December 2026, 10am to 12 noon (UK time)",
        ),
        ("2026-12-01 10:00", None, "Tuesday 1 December 2026, 10am (UK time)"),
        ("2026-12-01", None, "Tuesday 1 December 2026, all day"),
        ("2026-12-01", "2026-12-03", "Tuesday 1 December 2026 to Thursday 3 December 2026"),
        (
            "2026-12-31 22:00",
            "2027-01-01 01:30",
            "Thursday 31 December 2026, 10pm to Friday 1 January 2027, 1:30am (UK time)",
        ),
        (
            "2026-12-31 22:00",
            "2027-01-01",
            "Thursday 31 December 2026, 10pm to Friday 1 January 2027 (UK time)",
        ),
    ],
)
def test_dates_are_said_on_cards_and_pages_alike(starts, ends, expected):
    said = wall(starts, ends)
    known = {
        "starts_on": said.starts_on.isoformat(),
        "ends_on": said.ends_on.isoformat(),
        "starts_time": f"{said.starts_time:%H:%M}" if said.starts_time else "",
        "ends_time": f"{said.ends_time:%H:%M}" if said.ends_time else "",
        "zone": "Europe/London",
    }
    assert when_words(known) == expected


@pytest.mark.parametrize(
    ("repeats", "first", "expected"),
    [
        ("weekly", date(2026, 12, 1), "Every Tuesday"),
        ("fortnightly", date(2026, 12, 1), "Every two weeks on Tuesday"),
        ("monthly", date(2026, 12, 1), "On the first Tuesday of every month"),
        ("monthly", date(2026, 12, 22), "On the fourth Tuesday of every month"),
        ("monthly", date(2026, 12, 29), "On the last Tuesday of every month"),
    ],
)
def test_rules(repeats, first, expected):
    assert rule_words(repeats, first) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (
            "2026-12-01 10:00",
            "2026-12-01 12:00",
            "Every Tuesday, 10am to 12 noon (Paris time), 1 December 2026 to 2 March 2027",
        ),
        ("2026-12-01", None, "Every Tuesday, all day, 1 December 2026 to 2 March 2027"),
        (
            "2026-12-01 20:00",
            "2026-12-02 08:00",
            "Every Tuesday, from 8pm (Paris time), 1 December 2026 to 2 March 2027",
        ),
        ("2026-12-01", "2026-12-02", "Every Tuesday, 1 December 2026 to 2 March 2027"),
    ],
)
def test_series(starts, ends, expected):
    assert series_words("weekly", wall(starts, ends), "Europe/Paris", date(2027, 3, 2)) == expected


@pytest.mark.parametrize(
    ("known_to", "month", "season", "expected"),
    [
        ("year", None, "", "2011"),
        ("season", None, "spring", "spring 2011"),
        ("month", 10, "", "October 2011"),
        ("month", None, "", "2011"),
        ("season", None, "", "2011"),
    ],
)
def test_what_is_known_roughly_is_said_roughly(known_to, month, season, expected):
    assert rough_words(known_to, 2011, month, season) == expected
    assert when_words({"known_to": known_to, "year": 2011, "month": month, "season": season}) == expected


def test_nothing_is_said_where_nothing_is_known():
    assert (when_words({}), when_words({"known_to": "year"}), place_words({})) == ("", "", "")


def test_places_and_zones():
    assert place_words({"venue": "Town hall"}) == "Town hall"
    assert place_words({"venue": "Town hall", "online": True}) == "Town hall, and online"
    assert place_words({"online": True}) == "Online"
    assert zone_words("America/Argentina/Buenos_Aires") == "Buenos Aires time"
    assert str(zone_choice("Europe/London")) == "UK time (Europe, London)"
    assert zone_choice("America/New_York") == "America, New York"
