"""Saying whether one comes: places, the waiting list, and who is told when it moves.

Whoever answers locks the date's row first. So of many who want the last place one gets it, and the waiting list moves
up in the order in which people joined it, whatever happens at once.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .models import Answer, Event, Occurrence, Rsvp
from .rsvp_telling import tell_moved_up

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
    rsvp.refresh_from_db()
    return rsvp


def make_room(event):
    """Let people up from the waiting lists of an event whose capacity has changed. Within the writing transaction."""
    dates = Occurrence.objects.select_for_update(no_key=True).filter(event=event.pk).order_by("pk")
    for locked in dates:
        if not closed_because(event, locked):
            _move_up(locked, event)
            _keep_counts(locked)


def _move_up(locked, event):
    """Give the places that are free to those who wait longest, and tell them."""
    waiting = (
        Rsvp.objects.filter(occurrence=locked).exclude(waiting_since=None).order_by("waiting_since", "pk")
    )
    if event.capacity is not None:
        waiting = waiting[: max(0, event.capacity - _going(locked))]
    for rsvp in list(waiting.select_related("member")):
        rsvp.waiting_since = None
        rsvp.save(update_fields=["waiting_since"])
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


def dates_with_answers_of(event, member):
    """Return the dates of an event to come, each with `mine`: the member's Rsvp, or None. Two queries."""
    dates = list(event.occurrences.upcoming().order_by("starts_at", "pk"))
    mine = {each.occurrence_id: each for each in Rsvp.objects.filter(member=member, occurrence__in=dates)}
    for each in dates:
        each.mine = mine.get(each.pk)
    return dates


def those_to_tell(occurrence):
    """Return the members who said that they come, wait or may come: whom a change of the date concerns."""
    rsvps = Rsvp.objects.filter(occurrence=occurrence).exclude(answer=Answer.NO)
    return [rsvp.member for rsvp in rsvps.select_related("member").order_by("pk")]
