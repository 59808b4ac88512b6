"""The time zones in calendar files agree with Python's, hour by hour, as another library reads them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from events.ics_zones import timezone_of


def read_back(part):
    """Return the zone as vobject reads it: under another name, or it would look up what it knows of it."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "x")
    calendar.add_component(part)
    content = calendar.to_ical().decode().replace(f"TZID:{part['TZID']}", "TZID:Ours/" + part["TZID"])
    return vobject.readOne(content).vtimezone.tzinfo


@pytest.mark.parametrize(
    "name", ["Europe/London", "Europe/Dublin", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Etc/UTC"]
)
def test_every_wall_time_has_the_offset_that_python_gives_it(name):
    zone, read = ZoneInfo(name), read_back(timezone_of(name, 2025, 2028))
    wall = datetime(2026, 1, 1, 0, 30)
    wrong = []
    while wall < datetime(2028, 1, 1):
        ours = wall.replace(tzinfo=zone)
        exists_once = ours.utcoffset() == ours.replace(fold=1).utcoffset()
        if exists_once and wall.replace(tzinfo=read).utcoffset() != ours.utcoffset():
            wrong.append(wall)
        wall += timedelta(hours=1)

    assert wrong == []


def test_the_clocks_of_the_united_kingdom_are_told_by_their_rule():
    text = timezone_of("Europe/London", 2025, 2028).to_ical().decode()

    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in text
    assert "DTSTART:20250330T010000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nTZNAME:BST" in text
    assert "DTSTART:20251026T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nTZNAME:GMT" in text


def test_changes_without_a_rule_are_listed():
    text = timezone_of("Africa/Casablanca", 2025, 2027).to_ical().decode()
    changes = [line for line in text.splitlines() if line.startswith("RDATE")]

    assert "RRULE" not in text
    assert changes
    assert datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Africa/Casablanca")).astimezone(UTC).hour == 11
