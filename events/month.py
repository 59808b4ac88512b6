"""One month of the calendar: weeks of days, each with what takes place on it."""

import calendar
from dataclasses import dataclass, field
from datetime import date

from django.utils import formats
from django.utils.translation import get_language

from commons.contributions import kinds

from .dates import DAY, DEFAULT_ZONE
from .models import Event, Occurrence
from .words import time_words, zone_words

FIRST_YEAR, LAST_YEAR = 1900, 2199
# More than anybody reads in one month; the filters lead to the rest.
MOST_DATES = 500
COLUMNS = (
    "event_id", "starts_on", "ends_on", "starts_time", "cancelled_at", "event__title", "event__slug",
    "event__zone", "event__cancelled_at", "event__venue",
)  # fmt: skip


@dataclass
class Entry:
    """One event on one day."""

    title: str
    url: str
    time: str
    place: str
    cancelled: bool
    goes_on: bool  # it began on an earlier day


@dataclass
class Day:
    date: date
    in_month: bool
    is_today: bool
    words: str
    weekday: str
    entries: list = field(default_factory=list)

    @property
    def iso(self):
        return self.date.isoformat()


class Month:
    """The month `month` of `year`, with the dates of `events` (which have passed the gate). One query."""

    def __init__(self, year, month, events, today):
        self.year, self.month, self.today = year, month, today
        self.first = date(year, month, 1)
        self.last = date(year, month, calendar.monthrange(year, month)[1])
        self.weeks = [
            [self._day(day) for day in week]
            for week in calendar.Calendar(calendar.MONDAY).monthdatescalendar(year, month)
        ]
        found = Occurrence.objects.of(events).between(self.first, self.last)
        rows = list(found.order_by("starts_on", "starts_at", "pk").values(*COLUMNS)[: MOST_DATES + 1])
        self.is_cut = len(rows) > MOST_DATES
        self.count = min(len(rows), MOST_DATES)
        self._enter(rows[:MOST_DATES])

    def _day(self, day):
        return Day(
            date=day,
            in_month=day.month == self.month,
            is_today=day == self.today,
            words=formats.date_format(day, "j F"),
            weekday=formats.date_format(day, "l"),
        )

    def _enter(self, rows):
        by_date = {day.date: day for week in self.weeks for day in week if day.in_month}
        for row in rows:
            day = max(row["starts_on"], self.first)
            while day <= min(row["ends_on"], self.last):
                by_date[day].entries.append(_entry(row, day))
                day += DAY

    @property
    def words(self):
        return formats.date_format(self.first, "F Y")

    @property
    def weekdays(self):
        """The weekdays in their order, long and short."""
        return _weekdays(get_language())

    @property
    def before(self):
        """The first day of the month before, or None at the beginning of time."""
        return None if self.first == date(FIRST_YEAR, 1, 1) else (self.first - DAY).replace(day=1)

    @property
    def after(self):
        return None if self.last == date(LAST_YEAR, 12, 31) else self.last + DAY


def _weekdays(_language):
    monday = date(2024, 1, 1)
    days = [monday + number * DAY for number in range(7)]
    return [(formats.date_format(day, "l"), formats.date_format(day, "D")) for day in days]


def _entry(row, day):
    goes_on = day > row["starts_on"]
    time = "" if goes_on or row["starts_time"] is None else time_words(row["starts_time"])
    if time and row["event__zone"] != DEFAULT_ZONE:
        time = f"{time} ({zone_words(row['event__zone'])})"
    return Entry(
        title=row["event__title"],
        url=kinds.address(Event.KIND, row["event_id"], row["event__slug"]),
        time=time,
        place=row["event__venue"],
        cancelled=bool(row["cancelled_at"] or row["event__cancelled_at"]),
        goes_on=goes_on,
    )
