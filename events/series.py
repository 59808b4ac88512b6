"""Keeping the dates of an event as rows, in step with what its form says. Within the transaction that writes the event.

Answers hang on a date, so a date keeps its row for as long as it can: a series that is made longer keeps those it
had, and one that is moved as a whole, from Tuesdays to Wednesdays, takes them along one by one.
"""

from dataclasses import dataclass

from django.utils import timezone

from .dates import days_of, wall_time_of

FIELDS = ("original_on", "starts_on", "starts_time", "ends_on", "ends_time", "starts_at", "ends_at")
STATE = ("cancelled_at", "cancelled_reason", "changed", "sequence")


@dataclass(frozen=True)
class Moved:
    """What became of one date: MOVED from `before` (a WallTime), DROPPED from its series, or BACK in it."""

    occurrence: object
    what: str
    before: object = None


MOVED, DROPPED, BACK = "moved", "dropped", "back"


def bring_up_to_date(event, before):
    """Let the rows be what the rule of `event` gives, and return what became of those that were there ([Moved]).

    `before` is the WallTime of the first date as it was kept until now, or None. A date that somebody moved or
    cancelled stays as they left it; all others follow the series. One that the rule gives no more is deleted; if
    anybody answered it, it stays, cancelled, or untouched where it is over.
    """
    wall = wall_time_of(event)
    days = days_of(wall.starts_on, event.repeats, event.repeats_until) if wall else []
    there = list(event.occurrences.select_for_update(no_key=True).order_by("original_on"))
    kept = _paired(there, days)
    moved = _drop(event, [row for row in there if row not in kept.values()])
    for day, row in kept.items():
        moved += _follow(event, row, wall.on(day), before)
    made = [_new(event, wall.on(day)) for day in days if day not in kept]
    event.occurrences.bulk_create(made)
    return moved


def _paired(there, days):
    """Return {day: row}. By the day that the rule gave; where it gives none of those any more, in their order."""
    by_day = {row.original_on: row for row in there}
    if not by_day.keys() & set(days):
        in_series = [row for row in there if not is_dropped(row)]
        return dict(zip(days, in_series, strict=False))
    return {day: by_day[day] for day in days if day in by_day}


def is_dropped(row):
    """Whether a date is cancelled because its series has it no more, and not by a person, who would say why."""
    return row.cancelled_at is not None and not row.cancelled_reason


def _follow(event, row, wall, before):
    """Let a row take the place of its date in the series, unless it was moved out of it by hand."""
    was, stood, came_back = row.wall_time, _columns(row), is_dropped(row)
    follows = came_back or (before is not None and was == before.on(row.original_on))
    row.original_on = wall.starts_on
    row.set_wall_time(wall if follows else was, event.zone)
    row.changed = row.wall_time != wall or bool(row.note)
    if came_back:
        row.cancelled_at = None
    if _columns(row) == stood:
        return []
    is_moved = (was, *stood[-2:]) != (row.wall_time, row.starts_at, row.ends_at)
    row.sequence += is_moved or came_back
    row.save(update_fields=[*STATE, *FIELDS])
    if came_back:
        return [Moved(row, BACK)]
    return [Moved(row, MOVED, was)] if is_moved else []


def _columns(row):
    return [getattr(row, name) for name in (*STATE, *FIELDS)]


def _drop(event, rows):
    """Take dates out of the series: those that nobody answered are gone."""
    if not rows:
        return []
    answered = set(
        event.occurrences.filter(pk__in=[row.pk for row in rows], rsvps__isnull=False)
        .order_by()
        .values_list("pk", flat=True)
    )
    event.occurrences.filter(pk__in=[row.pk for row in rows if row.pk not in answered]).delete()
    now = timezone.now()
    dropped = [
        row for row in rows if row.pk in answered and row.cancelled_at is None and not row.is_over(now)
    ]
    for row in dropped:
        row.cancelled_at = now
        row.sequence += 1
        row.save(update_fields=STATE)
    return [Moved(row, DROPPED) for row in dropped]


def _new(event, wall):
    row = event.occurrences.model(event=event, original_on=wall.starts_on)
    row.set_wall_time(wall, event.zone)
    return row
