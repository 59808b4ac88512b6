"""What takes place in the next seven days, for the home pages."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import DateField, F
from django.db.models.expressions import RawSQL
from django.utils import formats, timezone

from commons.contributions import kinds
from commons.contributions.lists import somebody
from commons.contributions.prepared import Prepared

from .models import Event, Occurrence
from .words import time_words, zone_words

DAYS = timedelta(days=6)
MOST = 5
IN_ORDER = ("starts_on", "starts_at", "pk")
SHOWN = ("starts_time", "event__zone", "event__title", "event", "event__slug", "event__venue")


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
    adapt = connections[DEFAULT_DB_ALIAS].ops.adapt_datefield_value
    today = timezone.localdate()
    dates = _dates(user.is_authenticated).rows(adapt(today + DAYS), adapt(today))
    return [_line(starts_on, *shown, today) for starts_on, _starts_at, _pk, *shown in dates]


@cache
def _dates(signed_in):
    def listed(**conditions):
        found = Occurrence.objects.with_event_listed_to(somebody(signed_in))
        return found.filter(**conditions, cancelled_at=None, event__cancelled_at=None)

    def build(last, first):
        last, first = _day(last), _day(first)
        # Each from an index of its own: what has begun and goes on for days, of which the first to end are taken,
        # and what begins today or later.
        goes_on = listed(starts_on__lt=first, ends_on__gte=first, ends_on__gt=F("starts_on"))
        going_on = _first(goes_on.order_by("ends_on", "starts_on", "pk"))
        beginning = _first(listed(starts_on__gte=first, starts_on__lte=last).order_by(*IN_ORDER))
        return going_on.union(beginning, all=True).order_by(*IN_ORDER)[:MOST]

    return Prepared(build, 0, 0)


def _first(dates):
    """Return the first MOST rows of a queryset in its order, as a part of a union."""
    if connections[DEFAULT_DB_ALIAS].features.supports_slicing_ordering_in_compound:
        return dates.values_list(*IN_ORDER, *SHOWN)[:MOST]
    chosen = Occurrence.objects.filter(pk__in=dates.values("pk")[:MOST])
    return chosen.order_by().values_list(*IN_ORDER, *SHOWN)


def _day(value):
    """Return a day that is given when the statement is run, and may be a placeholder for it until then."""
    return RawSQL("%s", [value], DateField())


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
