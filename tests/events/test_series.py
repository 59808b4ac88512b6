"""Saving an event keeps its dates in step, and keeps the rows on which answers hang."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from commons.contributions.models import Contribution
from events import changes
from events.models import Event, Rsvp
from tests.factories import make_event, make_member, make_moderator

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


def first_day():
    """A day far enough ahead that nothing is over."""
    return timezone.localdate() + timedelta(days=30)


def weekly(member, times=4, **values):
    first = values.pop("starts_on", first_day())
    return make_event(
        member, starts_on=first, repeats="weekly", repeats_until=first + (times - 1) * WEEK, **values
    )


def revised(event, **values):
    event = Event.objects.get(pk=event.pk)
    event.revise(event.author, values, version=event.version)
    return Event.objects.get(pk=event.pk)


def rows(event):
    """Return [(id, day it had by rule, day, time)] of all its dates."""
    return list(
        event.occurrences.order_by("original_on").values_list("pk", "original_on", "starts_on", "starts_time")
    )


def ids(event):
    return [row[0] for row in rows(event)]


def days(event):
    return [row[2] for row in rows(event)]


def answer(date):
    return Rsvp.objects.create(occurrence=date, member=make_member(), answer="going")


@pytest.fixture
def told(monkeypatch):
    """What date_changed() is told, as (day, what, day before)."""
    calls = []

    def listen(occurrence, what, before=None):
        calls.append((occurrence.starts_on, str(what), before and before.starts_on))

    monkeypatch.setattr(changes, "date_changed", listen)
    return calls


def test_an_event_has_one_date_and_a_series_all_of_them(member):
    event, series = make_event(member), weekly(member)
    assert [(len(rows(each)), each.year, each.starts_on) for each in (event, series)] == [
        (1, event.starts_on.year, event.starts_on),
        (4, series.starts_on.year, series.starts_on),
    ]
    assert days(series) == [first_day() + number * WEEK for number in range(4)]


def test_what_is_known_roughly_has_no_date_and_a_draft_need_not(member):
    roughly = make_event(
        member, starts_on=None, starts_time=None, known_to="season", year=2010, season="spring"
    )
    draft = make_event(member, starts_on=None, publish=False)
    assert [(rows(each), each.year, each.starts_on) for each in (roughly, draft)] == [
        ([], 2010, None),
        ([], None, None),
    ]
    assert rows(revised(draft, starts_on=date(2027, 1, 5)))[0][2] == date(2027, 1, 5)


def test_words_change_no_date_and_no_entry_in_calendars(member):
    event = weekly(member)
    before = rows(event), event.sequence, event.calendar_changed_at
    event = revised(event, title="With a typo fixed", body="Other words.", cost="£2")
    assert (rows(event), event.sequence, event.calendar_changed_at) == before


def test_another_time_keeps_every_row(member, told):
    event = weekly(member)
    kept = ids(event)
    after = revised(event, starts_time=time(14), ends_time=time(16))
    assert (ids(after), {row[3] for row in rows(after)}, after.sequence) == (
        kept,
        {time(14)},
        event.sequence + 1,
    )
    assert after.calendar_changed_at > event.calendar_changed_at
    assert told == [(day, "moved", day) for day in days(after)]


def test_another_zone_moves_the_moments(member, told):
    event = make_event(member, starts_on=date(2027, 1, 5))
    after = revised(event, zone="Europe/Paris")
    moved = after.occurrences.get()
    assert (moved.starts_at.hour, moved.starts_time, len(told)) == (9, time(10), 1)


def test_a_series_moved_as_a_whole_takes_its_rows_along(member, told):
    event = weekly(member)
    kept = ids(event)
    answered = answer(event.occurrences.first())
    later = event.starts_on + timedelta(days=1)
    after = revised(event, starts_on=later, ends_on=later, repeats_until=later + 3 * WEEK)
    assert (ids(after), days(after)) == (kept, [later + number * WEEK for number in range(4)])
    assert [row[1] for row in rows(after)] == days(after)
    assert Rsvp.objects.get().occurrence_id == answered.occurrence_id
    assert told == [(day, "moved", day - timedelta(days=1)) for day in days(after)]


def test_an_event_moved_by_its_form_keeps_its_row(member, told):
    event = make_event(member)
    kept, later = ids(event), event.starts_on + timedelta(days=40)
    after = revised(event, starts_on=later, ends_on=later)
    assert (ids(after), days(after), after.starts_on, after.year) == (kept, [later], later, later.year)
    assert told == [(later, "moved", event.starts_on)]


def test_a_longer_series_keeps_what_it_had_and_a_shorter_one_drops_the_rest(member, told):
    event = weekly(member)
    kept = ids(event)
    longer = revised(event, repeats_until=event.starts_on + 5 * WEEK)
    assert (ids(longer)[:4], len(ids(longer)), told) == (kept, 6, [])
    shorter = revised(event, repeats_until=event.starts_on + WEEK)
    assert (ids(shorter), told) == (kept[:2], [])


def test_a_date_that_somebody_answered_is_cancelled_and_not_deleted_and_comes_back(member, told):
    event = weekly(member)
    last = event.occurrences.last()
    answer(last)
    shorter = revised(event, repeats_until=event.starts_on + WEEK)
    dropped = shorter.occurrences.get(pk=last.pk)
    assert (len(ids(shorter)), dropped.cancelled_at is not None, dropped.cancelled_reason) == (3, True, "")
    assert told == [(last.starts_on, "cancelled", None)]
    again = revised(event, repeats_until=event.starts_on + 3 * WEEK)
    back = again.occurrences.get(pk=last.pk)
    assert (len(ids(again)), back.cancelled_at, told[1:]) == (4, None, [(last.starts_on, "back", None)])


def test_what_took_place_and_was_answered_is_left_as_it_is(member, told):
    event = weekly(member, starts_on=timezone.localdate() - 2 * WEEK, times=6)
    over = event.occurrences.first()
    answer(over)
    later = event.starts_on + WEEK
    after = revised(event, starts_on=later, ends_on=later)
    kept = after.occurrences.get(pk=over.pk)
    assert (kept.starts_on, kept.cancelled_at, told) == (over.starts_on, None, [])


def test_a_date_that_was_moved_or_cancelled_by_hand_stays_so(member):
    event = weekly(member)
    first, second, third, fourth = event.occurrences.all()
    changes.cancel_date(second, member, "The hall is closed.")
    third.event = Event.objects.get(pk=event.pk)
    moved_to = third.wall_time.on(third.starts_on + timedelta(days=2))
    changes.change_date(third, member, moved_to, "")
    after = revised(event, starts_time=time(15), ends_time=time(17))
    second, third, fourth = after.occurrences.exclude(pk=first.pk).order_by("original_on")
    assert (second.cancelled_reason, second.cancelled_at is not None) == ("The hall is closed.", True)
    assert (third.wall_time, third.changed) == (moved_to, True)
    assert (fourth.starts_time, fourth.changed) == (time(15), False)


def test_a_date_with_a_note_alone_follows_its_series(member):
    event = weekly(member)
    noted = event.occurrences.first()
    changes.change_date(noted, member, noted.wall_time, "In the small hall.")
    after = revised(event, starts_time=time(15), ends_time=time(17)).occurrences.first()
    assert (after.starts_time, after.note, after.changed) == (time(15), "In the small hall.", True)


def test_another_place_is_told_of_for_what_is_to_come(member, told):
    # Six days ago, tomorrow and in eight days: today's would be over at some hour and to come at another.
    event = weekly(member, starts_on=timezone.localdate() - WEEK + timedelta(days=1), times=3)
    after = revised(event, venue="Town hall")
    assert told == [(day, "elsewhere", None) for day in days(after)[1:]]
    assert after.sequence == event.sequence + 1


def test_nothing_is_told_of_what_nobody_could_see(member, told):
    draft = make_event(member, publish=False)
    revised(draft, starts_time=time(9))
    assert told == []


def test_its_card_says_when_and_where_without_its_address_online(member):
    event = weekly(member, starts_on=date(2027, 1, 5), online_url="https://meet.example/secret")
    card = Contribution.objects.get(pk=event.pk).card["event"]
    assert card == {
        "known_to": "day",
        "venue": "Central Library",
        "zone": "Europe/London",
        "starts_on": "2027-01-05",
        "starts_time": "10:00",
        "ends_on": "2027-01-05",
        "ends_time": "12:00",
        "repeats": "weekly",
        "until": "2027-01-26",
        "online": True,
    }


def test_an_earlier_version_is_put_back_with_its_dates(member):
    event = make_event(
        member, capacity=12, access=["bsl"], region="wales", starts_on=date(2027, 1, 5), zone="Europe/Paris"
    )
    first, row = event.revisions.get(), ids(event)
    later = date(2027, 2, 5)
    revised(event, starts_on=later, ends_on=later, capacity=None, access=[], venue="Town hall", region="")
    event = Event.objects.get(pk=event.pk)
    event.go_back_to(first, make_moderator(), version=event.version)
    event = Event.objects.get(pk=event.pk)
    assert (event.starts_on, event.starts_time, event.capacity, event.access, event.venue, event.region) == (
        date(2027, 1, 5), time(10), 12, ["bsl"], "Central Library", "wales",
    )  # fmt: skip
    assert (ids(event), days(event), event.revisions.first().snapshot) == (
        row,
        [date(2027, 1, 5)],
        first.snapshot,
    )
