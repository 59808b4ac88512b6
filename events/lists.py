"""The lists of events: what is to come, each event once by its next date, and what is over, by year."""

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import ngettext

from commons.contributions.cards import ItemCard
from commons.contributions.models import Contribution

from .models import Event, KnownTo, Occurrence
from .words import date_words, place_words, when_words


class EventRow(ItemCard):
    """The card of an event in a list of events. It says one of its dates, which with_dates() noted on the row."""

    template = "events/_event_row.html"

    @property
    def known(self):
        return self.item.card.get("event", {})

    @property
    def day(self):
        """The day as machines have it, or "" where it is not known."""
        return self.item.date.starts_on.isoformat() if self.item.date else ""

    @property
    def when(self):
        return date_words(self.item.date, self.known["zone"]) if self.item.date else when_words(self.known)

    @property
    def where(self):
        return place_words(self.known)

    @property
    def cancelled(self):
        return self.known.get("cancelled") or self.item.date_cancelled

    @property
    def note(self):
        return self.item.date_note

    @property
    def more(self):
        """How many more dates there are, in words, or ""."""
        number = self.item.more_dates
        return number and ngettext("and %(number)d more date", "and %(number)d more dates", number) % {
            "number": number
        }


def events_listed_to(user):
    """Return the events that lists may show to `user`, as rows of contributions, which is all that a card needs."""
    return Contribution.objects.of_kind(Event.KIND).listed_to(user)


class Upcoming:
    """Events with a date that is not over, the next first, for a Pager: two queries a page beside counting.

    `events` (a queryset of contributions) has passed the gate and is narrowed. A cancelled date is named only where
    there is no other.
    """

    def __init__(self, events, now=None):
        self.events, self.now = events, now or timezone.now()
        dates = Occurrence.objects.of(events).upcoming(self.now).order_by().values("event")
        to_come = Q(cancelled_at=None)
        self.found = dates.annotate(
            next_at=Coalesce(Min("starts_at", filter=to_come), Min("starts_at")),
            dates=Count("pk", filter=to_come),
        ).order_by("next_at", "event")

    def count_to(self, limit):
        return self.found[:limit].count()

    def part(self, start, stop):
        found = list(self.found[start:stop])
        rows = Contribution.objects.for_cards().in_bulk([each["event"] for each in found])
        dates = Occurrence.objects.filter(
            event__in=rows, starts_at__in=[each["next_at"] for each in found]
        ).order_by("-pk")
        by_event = {(date.event_id, date.starts_at): date for date in dates}
        for each in found:
            _note(
                rows[each["event"]],
                by_event[each["event"], each["next_at"]],
                more=max(0, each["dates"] - 1),
            )
        return [rows[each["event"]] for each in found]


class Past:
    """Events that are over with all their dates, the last first, for a Pager; of one `year`, or of all.

    A series that went on over New Year stands in both years. What is known to the month or year alone comes last.
    """

    def __init__(self, events, year=None, now=None):
        now = now or timezone.now()
        own = Occurrence.objects.filter(event=OuterRef("pk"))
        took_place = own.filter(starts_on__year=year) if year else own
        last = took_place.order_by("-starts_on", "-pk").values("pk")[:1]
        roughly = ~Q(event__known_to=KnownTo.DAY)
        self.events = (
            events.annotate(last_date=Subquery(last))
            .filter(~Exists(own.upcoming(now)))
            .filter(Q(last_date__isnull=False) | (roughly & Q(year=year) if year else roughly))
        )
        day = took_place.order_by("-starts_on", "-pk").values("starts_on")[:1]
        self.ordered = self.events.annotate(last_day=Subquery(day)).order_by(
            F("last_day").desc(nulls_last=True),
            F("year").desc(nulls_last=True),
            F("event__month").desc(nulls_last=True),
            "pk",
        )

    def count_to(self, limit):
        return self.events.order_by()[:limit].count()

    def part(self, start, stop):
        rows = list(self.ordered.for_cards()[start:stop])
        dates = Occurrence.objects.in_bulk([row.last_date for row in rows if row.last_date])
        for row in rows:
            _note(row, dates.get(row.last_date))
        return rows


def past_years(user, now=None):
    """Return the years in which something took place that lists may show to `user`, the last first. Two queries."""
    dates = Occurrence.objects.of(events_listed_to(user)).over(now)
    years = {day.year for day in dates.order_by().dates("starts_on", "year")}
    roughly = events_listed_to(user).exclude(event__known_to=KnownTo.DAY).order_by()
    years |= set(roughly.values_list("year", flat=True).distinct())
    return sorted(filter(None, years), reverse=True)


def _note(row, date, more=0):
    """Note on the row of an event which of its dates is meant: plain values, for a card is kept under them."""
    row.date = date and date.wall_time
    row.date_cancelled = bool(date and date.cancelled_at)
    row.date_note = date.note if date else ""
    row.more_dates = more
