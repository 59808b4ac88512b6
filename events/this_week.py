"""What takes place in the next seven days, for the home pages."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils import formats, timezone

from commons.contributions import kinds
from commons.contributions.lists import somebody
from commons.contributions.prepared import Prepared

from .lists import events_listed_to
from .models import Event, Occurrence
from .words import time_words, zone_words

DAYS = timedelta(days=6)
MOST = 5
LONGEST_DAY = timedelta(days=2)  # a day is over everywhere, with hours to spare


@dataclass(frozen=True)
class Line:
    """One date: the day in words, when on it, and what."""

    iso: str
    day: str
    time: str
    title: str
    url: str
    place: str


def this_week(user):
    """Return the Lines of what takes place from today to six days on and is listed to `user`. One query."""
    adapt = connections[DEFAULT_DB_ALIAS].ops
    today, before = timezone.localdate(), timezone.now() - LONGEST_DAY
    values = (
        adapt.adapt_datefield_value(today + DAYS),
        adapt.adapt_datefield_value(today),
        adapt.adapt_datetimefield_value(before),
    )
    return [_line(*row, today) for row in _dates(user.is_authenticated).rows(*values)]


@cache
def _dates(signed_in):
    def build(last, first, before):
        # As SQL, for a statement that is made once takes no number for a day.
        begins = RawSQL("events_occurrence.starts_on <= %s", [last], BooleanField())
        ends = RawSQL("events_occurrence.ends_on >= %s", [first], BooleanField())
        # True of all that ends today or later, wherever it is: it leads to the index of what is to come.
        upcoming = RawSQL("events_occurrence.ends_at >= %s", [before], BooleanField())
        found = Occurrence.objects.of(events_listed_to(somebody(signed_in))).filter(
            begins, ends, upcoming, cancelled_at=None, event__cancelled_at=None
        )
        return found.order_by("starts_at", "pk").values_list(
            "starts_on", "starts_time", "event__zone", "event__title", "event", "event__slug", "event__venue"
        )[:MOST]

    return Prepared(build, 0, 0, 0)


def _line(starts_on, starts_time, zone, title, event, slug, venue, today):
    time = f"{time_words(starts_time)} ({zone_words(zone)})" if starts_time else ""
    return Line(
        iso=starts_on.isoformat(),
        day=formats.date_format(max(starts_on, today), "l j F"),
        time=time if starts_on >= today else "",
        title=title,
        url=kinds.address(Event.KIND, event, slug),
        place=venue,
    )
