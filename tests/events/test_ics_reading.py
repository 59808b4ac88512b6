"""Reading somebody's calendar file: what it says fills in the form, and nothing it holds does harm."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.ics_reading import MOST_BYTES, NoEvent, read_event


def file(*lines, zone=""):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", "BEGIN:VEVENT", "UID:1", *lines,
                        "END:VEVENT", "END:VCALENDAR", ""]).encode()  # fmt: skip


def test_all_that_a_form_can_take():
    read = read_event(
        file(
            "SUMMARY:Lunch\\, and talk",
            "DESCRIPTION:First line\\nSecond line",
            "LOCATION:The hall",
            "URL:https://example.org/lunch",
            "DTSTART;TZID=Europe/Paris:20261004T100000",
            "DTEND;TZID=Europe/Paris:20261004T113000",
            "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20261201T000000Z",
        )
    )

    assert read == {
        "title": "Lunch, and talk",
        "body": "First line\nSecond line",
        "venue": "The hall",
        "online_url": "https://example.org/lunch",
        "zone": "Europe/Paris",
        "all_day": False,
        "starts_on": date(2026, 10, 4),
        "starts_time": time(10),
        "ends_on": date(2026, 10, 4),
        "ends_time": time(11, 30),
        "repeats": "fortnightly",
        "repeats_until": date(2026, 12, 1),
    }


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (
            "DTSTART;VALUE=DATE:20261004",
            "DTEND;VALUE=DATE:20261006",
            (date(2026, 10, 4), None, date(2026, 10, 5), None),
        ),
        ("DTSTART;VALUE=DATE:20261004", "", (date(2026, 10, 4), None, date(2026, 10, 4), None)),
        (
            "DTSTART:20260704T090000Z",
            "DURATION:PT90M",
            (date(2026, 7, 4), time(10), date(2026, 7, 4), time(11, 30)),
        ),
        ("DTSTART:20260704T090000", "", (date(2026, 7, 4), time(9), date(2026, 7, 4), time(9))),
        ("DTSTART;TZID=No/Where:20260704T090000", "", (date(2026, 7, 4), time(9), date(2026, 7, 4), time(9))),
    ],
)
def test_days_and_times_in_all_their_forms(start, end, expected):
    read = read_event(file("SUMMARY:x", start, *filter(None, [end])))

    assert (read["starts_on"], read["starts_time"], read["ends_on"], read["ends_time"]) == expected
    assert read["zone"] == "Europe/London"
    assert read["repeats"] == ""


def test_the_series_is_read_and_not_a_date_that_differs_from_it():
    data = b"\r\n".join(
        [
            b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:x",
            b"BEGIN:VEVENT", b"UID:1", b"RECURRENCE-ID:20261011T100000Z", b"DTSTART:20261012T100000Z", b"SUMMARY:Moved",
            b"END:VEVENT",
            b"BEGIN:VEVENT", b"UID:1", b"DTSTART:20261004T100000Z", b"SUMMARY:Series", b"END:VEVENT",
            b"END:VCALENDAR", b"",
        ]
    )  # fmt: skip

    assert read_event(data)["title"] == "Series"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "calendar_unreadable"),
        (b"%PDF-1.7", "calendar_unreadable"),
        (b"\x00\xff" * 50, "calendar_unreadable"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "calendar_empty"),
        (file("SUMMARY:no date"), "calendar_unreadable"),
        (file("SUMMARY:x", "DTSTART:tomorrow"), "calendar_unreadable"),
        (b"x" * (MOST_BYTES + 1), "calendar_too_large"),
    ],
)
def test_what_is_no_event_says_so(data, code):
    with pytest.raises(NoEvent) as refused:
        read_event(data)

    assert refused.value.code == code


def test_long_and_hostile_words_are_cut_and_cleaned():
    read = read_event(file(f"SUMMARY:{'x' * 900}\\n<b>", "DTSTART:20261004T100000Z", "LOCATION:a\\nb\x07c"))

    assert len(read["title"]) == 200
    assert read["venue"] == "a bc"


@given(st.binary(max_size=400))
def test_whatever_stands_in_the_file_it_is_read_or_refused(middle):
    try:
        read = read_event(
            file("SUMMARY:x", "DTSTART:20261004T100000Z").replace(b"SUMMARY:x", b"SUMMARY:x\r\n" + middle)
        )
    except NoEvent:
        return

    assert set(read) >= {"title", "starts_on", "ends_on", "zone"}
