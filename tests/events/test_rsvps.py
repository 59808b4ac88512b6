"""Places and the waiting list: nobody gets one too many, nobody loses theirs, and the list keeps its order."""

import pytest
from django.utils import timezone

from commons.notifications.models import Notice
from events.models import Answer, Event, Occurrence
from events.rsvps import RsvpClosed, answer, make_room
from tests.factories import make_administrator, make_member

from .test_ics import make_event
from .test_ics_views import soon

pytestmark = pytest.mark.django_db


def make_full(capacity=1, **values):
    """A date next week with so many places, and the members who took them."""
    event = make_event(first=soon(), capacity=capacity, **values)
    date = event.occurrences.get()
    members = [make_member() for _ in range(capacity)]
    for member in members:
        answer(date, member, Answer.GOING)
    return event, date, members


def counts(date):
    return Occurrence.objects.values_list("going_count", "waiting_count").get(pk=date.pk)


def test_whoever_comes_first_has_a_place_and_the_next_ones_wait():
    _event, date, _members = make_full(2)
    third, fourth = make_member(), make_member()

    assert answer(date, third, Answer.GOING).waiting_since is not None
    assert answer(date, fourth, Answer.GOING).waiting_since is not None
    assert counts(date) == (2, 2)


def test_a_place_that_becomes_free_goes_to_who_waits_longest():
    _event, date, (first,) = make_full()
    second, third = make_member(), make_member()
    answer(date, second, Answer.GOING)
    answer(date, third, Answer.GOING)

    answer(date, first, Answer.NO)

    assert {rsvp.member: rsvp.waiting_since is None for rsvp in date.rsvps.filter(answer="going")} == {
        second: True,
        third: False,
    }
    assert counts(date) == (1, 1)
    assert list(Notice.objects.exclude(kind="rsvp.coming").values_list("member", "kind")) == [
        (second.pk, "event.place")
    ]


def test_saying_it_again_keeps_ones_place_in_the_list():
    _event, date, (first,) = make_full()
    second, third = make_member(), make_member()
    since = answer(date, second, Answer.GOING).waiting_since
    answer(date, third, Answer.GOING)

    assert answer(date, second, Answer.GOING, "A quiet room.").waiting_since == since
    answer(date, first, Answer.MAYBE)
    assert date.rsvps.get(member=second).waiting_since is None


def test_who_leaves_the_list_frees_nothing():
    _event, date, _members = make_full()
    second = make_member()
    answer(date, second, Answer.GOING)

    assert answer(date, second, Answer.NO).waiting_since is None
    assert counts(date) == (1, 0)


def test_who_has_a_place_keeps_it_when_there_are_fewer():
    event, date, members = make_full(3)
    Event.objects.filter(pk=event.pk).update(capacity=1)

    assert answer(date, members[2], Answer.GOING).waiting_since is None
    assert answer(date, make_member(), Answer.GOING).waiting_since is not None
    assert counts(date) == (3, 1)


def test_more_room_lets_people_up():
    event, date, _members = make_full()
    waiting = [make_member() for _ in range(3)]
    for member in waiting:
        answer(date, member, Answer.GOING)
    event.capacity = 3
    event.save(update_fields=["capacity"])

    make_room(event)

    assert counts(date) == (3, 1)
    assert set(Notice.objects.exclude(kind="rsvp.coming").values_list("member", flat=True)) == {
        waiting[0].pk,
        waiting[1].pk,
    }


def test_without_a_limit_nobody_waits():
    date = make_event(first=soon()).occurrences.get()

    assert [answer(date, make_member(), Answer.GOING).waiting_since for _ in range(3)] == [None] * 3


@pytest.mark.parametrize("reason", ["over", "cancelled", "not_listed"])
def test_a_date_that_is_closed_takes_no_answer(reason):
    event = make_event(first=soon(-3) if reason == "over" else soon())
    date = event.occurrences.get()
    member = event.author
    if reason == "cancelled":
        Event.objects.filter(pk=event.pk).update(cancelled_at=timezone.now(), cancelled_reason="Ill.")
    if reason == "not_listed":
        event.remove(make_administrator(), "Off topic.")

    with pytest.raises(RsvpClosed) as refused:
        answer(date, member, Answer.GOING)
    assert refused.value.reason == reason


def test_what_one_may_not_see_one_can_not_answer():
    event = make_event(first=soon())
    event.remove(make_administrator(), "Off topic.")

    with pytest.raises(Event.DoesNotExist):
        answer(event.occurrences.get(), make_member(), Answer.GOING)
