"""How the network grows: members, what everyone can read of each kind, and questions answered, by month and year."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, IntegerField, Min, Sum, Value, When
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.contributions import kinds
from commons.contributions.models import Contribution
from commons.contributions.unchanged import while_unchanged
from profiles.models import Member

KEY = "discovery.counts"
KEPT_SECONDS = 3600
MONTHS = 24


@dataclass(frozen=True)
class Period:
    """A month, or a whole year: from `start` until before `end`, datetimes. `code` is as 2026-11 or 2024."""

    code: str
    start: datetime
    end: datetime

    @property
    def words(self):
        return formats.date_format(timezone.localtime(self.start), "F Y") if "-" in self.code else self.code


@dataclass(frozen=True)
class Counted:
    """What came in a period, or in all where `period` is None. `kinds` are numbers in the order of the kinds."""

    period: Period | None
    members: int
    kinds: tuple
    answered: int

    @property
    def contributions(self):
        return sum(self.kinds)


def periods(first, today):
    """Return the last MONTHS months up to `today`, the newest first, then each whole or broken year before them.

    `first` is the day from which on there may be something.
    """
    found, year, month = [], today.year, today.month
    for _month in range(MONTHS):
        found.append(Period(f"{year}-{month:02d}", _begins(year, month), _begins(*_following(year, month))))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    end = found[-1].start
    for before in range(timezone.localtime(end).year, first.year - 1, -1):
        if _begins(before, 1) < end:
            found.append(Period(str(before), _begins(before, 1), min(end, _begins(before + 1, 1))))
    return found


def counts(as_of):
    """Return [Counted for each period] and the Counted of all. `as_of` is what tells that something has changed.

    Four queries, none while the numbers are kept; the same for one item and a million.
    """
    stamp = as_of, timezone.localdate(), get_language()
    return while_unchanged(KEY, stamp, _count, KEPT_SECONDS)


def _count():
    public, present = Contribution.objects.listed_to(AnonymousUser()), Member.objects.present()
    begun = [
        public.aggregate(first=Min("published_at"))["first"],
        present.aggregate(first=Min("approved_at"))["first"],
    ]
    today = timezone.localdate()
    first = min((timezone.localtime(moment).date() for moment in begun if moment), default=today)
    all_periods = periods(first, today)
    members = dict(_joined(present, all_periods))
    found = {period.code: ({}, [0]) for period in all_periods}
    for code, kind, number, answered in _published(public, all_periods):
        found[code][0][kind] = number
        found[code][1][0] += answered
    codes = [kind.code for kind in kinds.all_kinds()]
    rows = [
        Counted(
            period,
            members.get(period.code, 0),
            tuple(found[period.code][0].get(code, 0) for code in codes),
            found[period.code][1][0],
        )
        for period in all_periods
    ]
    whole = Counted(
        None,
        sum(row.members for row in rows),
        tuple(map(sum, zip(*(row.kinds for row in rows), strict=True))),
        sum(row.answered for row in rows),
    )
    return rows, whole


def _joined(present, all_periods):
    """Yield (code, how many members came in it). One query."""
    first, *others = [
        present.filter(approved_at__gte=period.start, approved_at__lt=period.end)
        .order_by()
        .values(code=Value(period.code))
        .annotate(number=Count("pk"))
        .values_list("code", "number")
        for period in all_periods
    ]
    return first.union(*others, all=True)


def _published(public, all_periods):
    """Yield (code, kind, how many were published in it, how many of those are answered questions). One query."""
    is_answered = Case(When(answered=True, then=1), default=0, output_field=IntegerField())
    first, *others = [
        public.filter(published_at__gte=period.start, published_at__lt=period.end)
        .order_by()
        .values("kind", code=Value(period.code))
        .annotate(number=Count("pk"), answers=Sum(is_answered))
        .values_list("code", "kind", "number", "answers")
        for period in all_periods
    ]
    return first.union(*others, all=True)


def _begins(year, month):
    return timezone.make_aware(datetime(year, month, 1))


def _following(year, month):
    return (year, month + 1) if month < 12 else (year + 1, 1)


def columns():
    """Return the names of the table's columns."""
    return [
        _("When"),
        _("New members"),
        _("All contributions"),
        *(str(kind.plural) for kind in kinds.all_kinds()),
        _("Answered questions"),
    ]


def line(row):
    """Return the cells of a Counted, in the order of columns()."""
    words = row.period.words if row.period else _("In all")
    return [words, row.members, row.contributions, *row.kinds, row.answered]
