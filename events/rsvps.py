"""Saying whether one comes: places, the waiting list, and who is told when it moves.

Whoever answers locks the date's row first, and no other. So of many who want the last place one gets it, and the
waiting list moves up in the order in which people joined it, whatever happens at once. Whoever changes an event locks
that first and its dates after it (changes.py), so that neither ever waits for the other in a circle.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .changes import What
from .models import Answer, Event, Occurrence, Rsvp
from .reminders import passed_by
from .rsvp_news import tell_coming
from .rsvp_telling import tell_changed, tell_moved_up

CLOSED_BECAUSE = ("over", "cancelled", "not_listed")


class RsvpClosed(Exception):
    """Nobody can answer this date any more; `reason` is one of CLOSED_BECAUSE."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def closed_because(event, occurrence, now=None):
    """Return why nobody can answer a date, one of CLOSED_BECAUSE, or ""."""
    if not event.is_published:
        return "not_listed"
    if event.cancelled_at or occurrence.cancelled_at:
        return "cancelled"
    return "over" if occurrence.ends_at < (now or timezone.now()) else ""


def answer(occurrence, member, said, access_needs=""):
    """Keep what `member` says (an Answer) about a date, and return their Rsvp as it now stands.

    Going to a date that is full puts them on its waiting list; said again, they keep their place in it. Whoever frees a
    place lets the next one up, who is told. Raises RsvpClosed, Event.DoesNotExist where the date is not theirs to see.
    """
    with transaction.atomic():
        locked = Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence.pk)
        event = Event.objects.visible_to(member).get(pk=locked.event_id)
        reason = closed_because(event, locked)
        if reason:
            raise RsvpClosed(reason)
        rsvp = Rsvp.objects.filter(occurrence=locked, member=member).first() or Rsvp(
            occurrence=locked, member=member
        )
        held_a_place = rsvp.pk is not None and _has_place(rsvp)
        waited = rsvp.pk is not None and rsvp.waiting_since is not None
        rsvp.answer, rsvp.access_needs, rsvp.answered_at = said, access_needs, timezone.now()
        if said != Answer.GOING:
            rsvp.waiting_since = None
        elif not held_a_place and not waited:
            full = event.capacity is not None and _going(locked) >= event.capacity
            rsvp.waiting_since = timezone.now() if full else None
        rsvp.save()
        _move_up(locked, event)
        _keep_counts(locked)
        if said == Answer.GOING and not (held_a_place or waited):
            tell_coming(rsvp, event)
    rsvp.refresh_from_db()
    return rsvp


def take_back(pk):
    """Delete an answer as if it had never been given; the place it held goes to whoever waits for it."""
    with transaction.atomic():
        occurrence = Occurrence.objects.filter(rsvps=pk).values_list("pk", flat=True)
        locked = Occurrence.objects.select_for_update(no_key=True).get(pk__in=list(occurrence))
        Rsvp.objects.filter(pk=pk).delete()
        event = Event._base_manager.get(pk=locked.event_id)
        if not closed_because(event, locked):
            _move_up(locked, event)
        _keep_counts(locked)


def make_room(event):
    """Let people up from the waiting lists of an event that may have more room now. Within the writing transaction."""
    waited_for = event.occurrences.filter(waiting_count__gt=0).select_for_update(no_key=True).order_by("pk")
    for locked in waited_for:
        if not closed_because(event, locked):
            _move_up(locked, event)
            _keep_counts(locked)


def follow(occurrence, what, before=None):
    """Do what follows for those who answered when a date changed; see changes.date_changed. The date is locked."""
    if what in (What.MOVED, What.BACK):
        Rsvp.objects.filter(occurrence=occurrence).update(**passed_by(occurrence.starts_at))
    tell_changed(occurrence, what, before)
    if what == What.BACK:  # while it was off there may have come to be more room
        _move_up(occurrence, occurrence.event)
        _keep_counts(occurrence)


def _move_up(locked, event):
    """Give the places that are free to those who wait longest, and tell them.

    Who is suspended is passed over, for they could not say that they can't come; they keep their turn.
    """
    waiting = Rsvp.objects.filter(occurrence=locked).exclude(waiting_since=None).select_related("member")
    up = [rsvp for rsvp in waiting.order_by("waiting_since", "pk") if rsvp.member.may_act]
    if event.capacity is not None:
        up = up[: max(0, event.capacity - _going(locked))]
    for rsvp in up:
        rsvp.waiting_since = None
        for column, has_passed in passed_by(locked.starts_at).items():
            setattr(rsvp, column, has_passed)
        rsvp.save()
        tell_moved_up(event, locked, rsvp.member)


def _keep_counts(locked):
    """Keep beside the date how many are going and how many wait."""
    going = Q(answer=Answer.GOING)
    rsvps = Rsvp.objects.filter(occurrence=locked)
    Occurrence.objects.filter(pk=locked.pk).update(
        going_count=rsvps.filter(going, waiting_since=None).count(),
        waiting_count=rsvps.exclude(waiting_since=None).count(),
    )


def _going(locked):
    return Rsvp.objects.filter(occurrence=locked, answer=Answer.GOING, waiting_since=None).count()


def _has_place(rsvp):
    return rsvp.answer == Answer.GOING and rsvp.waiting_since is None
