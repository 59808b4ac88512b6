"""From wall time, a zone and a rule to the dates of an event, and to the moments in UTC that follow. Reads no database.

A clock change moves no date: what begins at ten begins at ten on every day of its series. Where the clocks make a wall
time doubtful, it is read as RFC 5545 (3.3.5) and PEP 495 read it: a time that comes twice in a night is the first of
the two, and a time that is skipped counts from before the clocks went forward.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from dateutil import rrule
from dateutil.relativedelta import relativedelta

DEFAULT_ZONE = "Europe/London"
DAY = timedelta(days=1)
LONGEST = relativedelta(years=3)
MOST_DATES = 156
# A weekday's fifth time in a month is taken for its last: not every month has a fifth.
LAST_WEEK = 5
CONTINENTS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


@dataclass(frozen=True)
class WallTime:
    """One date as people say it. Without an end time it lasts to the end of its last day; all day has no times."""

    starts_on: date
    starts_time: time | None
    ends_on: date
    ends_time: time | None

    def on(self, day):
        """Return the same on another first day: it lasts as many days."""
        return WallTime(day, self.starts_time, day + (self.ends_on - self.starts_on), self.ends_time)

    def moments(self, zone):
        """Return (start, end) in UTC, where this is wall time in the zone of that name. The end is never first."""
        begins = moment(self.starts_on, self.starts_time or time.min, zone)
        ends = (
            moment(self.ends_on, self.ends_time, zone)
            if self.ends_time
            else moment(self.ends_on + DAY, time.min, zone)
        )
        if ends < begins:
            # The clocks went forward in between: it lasts as long as the clock on the wall would have it.
            ends = begins + (
                self._naive_end() - datetime.combine(self.starts_on, self.starts_time or time.min)
            )
        return begins, ends

    def _naive_end(self):
        if self.ends_time:
            return datetime.combine(self.ends_on, self.ends_time)
        return datetime.combine(self.ends_on + DAY, time.min)


def moment(day, wall, zone):
    """Return the moment in UTC at which clocks in the zone of that name show this wall time."""
    return datetime.combine(day, wall.replace(fold=0), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def wall_time_of(event):
    """Return the WallTime of an event's first date (or of what has the same columns), or None where no day is known."""
    if event.starts_on is None or event.known_to != "day":
        return None
    starts, ends = (None, None) if event.all_day else (event.starts_time, event.ends_time)
    return WallTime(event.starts_on, starts, event.ends_on or event.starts_on, ends)


def days_of(first, repeats, until):
    """Return the days on which a series takes place: `first`, and what the rule gives up to `until` and MOST_DATES.

    A series without an end has its first day alone. Monthly is by weekday: the second Tuesday, or the last.
    """
    if not repeats or until is None or until <= first:
        return [first]
    until = min(until, first + LONGEST)
    begins = datetime.combine(first, time.min)
    if repeats == "monthly":
        weekday = rrule.weekday(first.weekday())(week_of_month(first))
        rule = rrule.rrule(rrule.MONTHLY, dtstart=begins, byweekday=weekday, until=_end_of(until))
    else:
        interval = 2 if repeats == "fortnightly" else 1
        rule = rrule.rrule(rrule.WEEKLY, dtstart=begins, interval=interval, until=_end_of(until))
    return [found.date() for found in islice(rule, MOST_DATES)]


def is_too_long(first, repeats, until):
    """Whether a series goes on past what is kept of one."""
    if until > first + LONGEST:
        return True
    return repeats == "weekly" and until >= first + 7 * MOST_DATES * DAY


def week_of_month(day):
    """Return which time of its weekday in the month a day is: 1 to 4, or -1 for the last where it is the fifth."""
    week = (day.day - 1) // 7 + 1
    return -1 if week == LAST_WEEK else week


@lru_cache(maxsize=1)
def zone_names():
    """Return the names of all zones that people live in, by name, London's first and UTC last."""
    found = sorted(
        name
        for name in available_timezones()
        if name.partition("/")[0] in CONTINENTS and name != DEFAULT_ZONE
    )
    return (DEFAULT_ZONE, *found, "Etc/UTC")


def _end_of(day):
    return datetime.combine(day, time.max)
