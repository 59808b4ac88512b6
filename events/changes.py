"""What may happen to the dates of an event after people have put them in their diaries, and telling of it.

Each step is one transaction. Every change of a date that is still to come, and every one of its place, goes through
date_changed(): whoever has said that they come hears of it from there.
"""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.contributions import conversation
from commons.moderation import told
from commons.moderation.models import Action, Decision

from . import series
from .dates import wall_time_of


class What(models.TextChoices):
    """What became of a date."""

    MOVED = "moved", _("It takes place at another time")
    ELSEWHERE = "elsewhere", _("It takes place somewhere else")
    NOTED = "noted", _("Something about it is different")
    CANCELLED = "cancelled", _("It is cancelled")
    BACK = "back", _("It takes place after all")


def date_changed(occurrence, what, before=None):
    """Called within the transaction after one date that is not over was written, once for each.

    `occurrence` is as it now stands, its `event` too; `what` a What; `before` the WallTime that it had, where it was
    moved. An event that is cancelled as a whole has each of its dates CANCELLED, with the reason on the event alone.
    Its row is locked: who answers at the same moment is told too, or finds it as it now stands.
    """
    from . import rsvps  # which needs the models, and they need this

    rsvps.follow(occurrence, what, before)


def make_room(event):
    """Let people up from the waiting lists of an event that was saved. Within the writing transaction."""
    from . import rsvps  # which needs the models, and they need this

    rsvps.make_room(event)


def announce(event, moved, *, elsewhere):
    """Tell of what saving `event` did to its dates: `moved` are series.Moved, `elsewhere` whether the place changed."""
    if not event.is_published or event.cancelled_at:
        return
    now = timezone.now()
    what = {series.MOVED: What.MOVED, series.DROPPED: What.CANCELLED, series.BACK: What.BACK}
    for each in moved:
        was_to_come = each.before is not None and each.before.moments(event.zone)[1] >= now
        if was_to_come or not each.occurrence.is_over(now):
            each.occurrence.event = event
            date_changed(each.occurrence, what[each.what], each.before)
    if elsewhere:
        told_of = {each.occurrence.pk for each in moved}
        for occurrence in event.occurrences.upcoming(now).filter(cancelled_at=None).exclude(pk__in=told_of):
            occurrence.event = event
            date_changed(occurrence, What.ELSEWHERE)


# --- one date -----------------------------------------------------------------------------------------


def change_date(occurrence, by, wall, note):
    """Let one date take place at `wall` (a WallTime), and say in `note` what is different, if anything.

    An event that takes place once is moved by saving it, as its form does. Raises StaleEdit when somebody saved
    another version of that at the same moment.
    """
    with transaction.atomic():
        event = occurrence.event
        if not event.repeats and wall != occurrence.wall_time:
            event.revise(by, _columns_of(wall), version=event.version)
        event = conversation.lock(event.pk)
        row = event.occurrences.select_for_update(no_key=True).get(pk=occurrence.pk)
        before, is_noted = row.wall_time, note != row.note
        if before == wall and not is_noted:
            return
        row.note = note
        row.set_wall_time(wall, event.zone)
        row.changed = bool(note) or wall != wall_time_of(event).on(row.original_on)
        _write(event, row)
        if event.is_published and not event.cancelled_at and row.cancelled_at is None:
            if before != wall and max(before.moments(event.zone)[1], row.ends_at) >= timezone.now():
                date_changed(row, What.MOVED, before)
            elif before == wall and note and not row.is_over():
                date_changed(row, What.NOTED)
        _record(event, Action.CHANGE_DATE, by, note)


def cancel_date(occurrence, by, reason):
    """Call off one date; `reason` is read by everyone. The only date of an event is the whole of it."""
    if not occurrence.event.repeats:
        cancel(occurrence.event, by, reason)
        return
    with transaction.atomic():
        event = conversation.lock(occurrence.event_id)
        row = event.occurrences.select_for_update(no_key=True).get(pk=occurrence.pk)
        if row.cancelled_at is not None:
            return
        row.cancelled_at, row.cancelled_reason = timezone.now(), reason
        _write(event, row)
        if event.is_published and not event.cancelled_at and not row.is_over():
            date_changed(row, What.CANCELLED)
        _record(event, Action.CALL_OFF, by, reason)


def put_back_date(occurrence, by):
    """Let one date take place after all, unless its series has it no more."""
    if not occurrence.event.repeats:
        put_back(occurrence.event, by)
        return
    with transaction.atomic():
        event = conversation.lock(occurrence.event_id)
        row = event.occurrences.select_for_update(no_key=True).get(pk=occurrence.pk)
        if row.cancelled_at is None or series.is_dropped(row):
            return
        row.cancelled_at, row.cancelled_reason = None, ""
        _write(event, row)
        if event.is_published and not event.cancelled_at and not row.is_over():
            date_changed(row, What.BACK)
        _record(event, Action.TAKE_PLACE, by)


# --- the whole event ----------------------------------------------------------------------------------


def cancel(event, by, reason):
    """Call off an event with all its dates; it stays listed, and `reason` is read by everyone."""
    with transaction.atomic():
        event = conversation.lock(event.pk)
        if event.cancelled_at is None:
            event.cancelled_at, event.cancelled_reason = timezone.now(), reason
            _write_event(event, What.CANCELLED)
            _record(event, Action.CALL_OFF, by, reason)


def put_back(event, by):
    """Let an event take place after all; dates that were called off by themselves stay so."""
    with transaction.atomic():
        event = conversation.lock(event.pk)
        if event.cancelled_at is not None:
            event.cancelled_at, event.cancelled_reason = None, ""
            _write_event(event, What.BACK)
            _record(event, Action.TAKE_PLACE, by)


def _write_event(event, what):
    event.change_in_calendars()
    event.save(update_fields=["cancelled_at", "cancelled_reason", "sequence", "calendar_changed_at"])
    event.refresh()
    if event.is_published:
        to_come = event.occurrences.upcoming().filter(cancelled_at=None)
        for occurrence in to_come.select_for_update(no_key=True):
            occurrence.event = event
            date_changed(occurrence, what)


def _write(event, row):
    """Save a date that changed, and let its page, lists and calendars know."""
    row.event = event
    row.sequence += 1
    row.save()
    event.change_in_calendars()
    event.save(update_fields=["sequence", "calendar_changed_at"])
    event.refresh()


def _columns_of(wall):
    return {
        "starts_on": wall.starts_on,
        "starts_time": wall.starts_time,
        "ends_on": wall.ends_on,
        "ends_time": wall.ends_time,
    }


def _record(event, action, by, reason=""):
    """Keep what a moderator did to somebody else's event, and tell its author."""
    if by.pk != event.author_id:
        told.tell_member(event, Decision.objects.record(event, action, by, reason))
