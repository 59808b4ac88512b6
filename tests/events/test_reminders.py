"""Those who are going are reminded a week and a day before, once; a look that was missed is made up for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commons.notifications.models import Notice
from events import changes
from events.models import Event, Rsvp
from events.reminders import remind_due
from tests.factories import make_administrator, make_event, make_member

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = date(2027, 7, 13)
STARTS = datetime(2027, 7, 13, 9, tzinfo=UTC)  # ten o'clock in summer


@pytest.fixture
def rsvp(member):
    return going(make_event(member, starts_on=FIRST, title="Open day"))


def going(event, **values):
    values = {"answer": "going", "answered_at": STARTS - 30 * DAY, **values}
    return event.occurrences.get().rsvps.create(member=make_member(), **values)


def at(before, after=timedelta()):
    """Look so long before it starts; return how many were reminded."""
    return remind_due(now=STARTS - before + after)


def test_a_week_and_a_day_before_each_once(rsvp):
    looks = [7 * DAY + HOUR, 7 * DAY, 6 * DAY, 2 * DAY, DAY + HOUR, DAY, HOUR, timedelta()]
    assert [at(before) for before in looks] == [0, 1, 0, 0, 0, 1, 0, 0]
    notices = Notice.objects.all()
    assert {(each.member, each.kind, each.subject, each.text, each.url) for each in notices} == {
        (
            rsvp.member,
            "event.soon",
            "Soon: Open day",
            "Tuesday 13 July 2027, 10am to 12 noon (UK time)\n\nCentral Library\n\n"
            "If you can’t come after all, please say so: somebody else may.",
            rsvp.occurrence.event.get_absolute_url(),
        )
    }
    assert notices.count() == 2


def test_a_look_that_was_missed_is_made_up_for_and_not_twice(rsvp):
    assert [at(5 * DAY), at(4 * DAY), at(2 * HOUR), at(HOUR)] == [1, 0, 1, 0]


def test_when_both_were_missed_one_reminder_is_enough(rsvp):
    assert [at(2 * HOUR), at(HOUR)] == [1, 0]


@pytest.mark.parametrize(("answered", "reminded"), [(8 * DAY, [1, 1]), (6 * DAY, [0, 1]), (2 * HOUR, [0, 0])])
def test_who_answered_after_its_time_needs_none(member, answered, reminded):
    going(make_event(member, starts_on=FIRST), answered_at=STARTS - answered)
    assert [at(6 * DAY - HOUR), at(HOUR)] == reminded


@pytest.mark.parametrize(
    "values", [{"answer": "maybe"}, {"answer": "no"}, {"waiting_since": STARTS - 20 * DAY}]
)
def test_who_is_not_going_is_not_reminded(member, values):
    going(make_event(member, starts_on=FIRST), **values)
    assert at(6 * DAY) == 0


def test_of_what_is_off_or_removed_nobody_is_reminded(rsvp, member):
    event = rsvp.occurrence.event
    changes.cancel(event, member, "Ill.")
    assert at(6 * DAY) == 0
    changes.put_back(event, member)
    Event.objects.get(pk=event.pk).remove(make_administrator(), "Off topic.")
    assert at(6 * DAY) == 0


def test_the_clocks_change_between_and_the_day_before_is_a_day_before(member):
    """Clocks go back on 31 October 2027, two hours after one in the morning: the evening before is 25 hours away."""
    event = make_event(member, starts_on=date(2027, 10, 31), title="Open day")
    going(event)
    starts = datetime(2027, 10, 31, 10, tzinfo=UTC)
    assert event.occurrences.get().starts_at == starts
    assert [remind_due(now=starts - before) for before in (7 * DAY + HOUR, 7 * DAY, DAY + HOUR, DAY)] == [
        0,
        1,
        0,
        1,
    ]
    assert "Sunday 31 October 2027, 10am to 12 noon (UK time)" in Notice.objects.first().text


def test_a_moved_date_is_reminded_of_anew(rsvp, member):
    at(7 * DAY)
    event, later = rsvp.occurrence.event, FIRST + 14 * DAY
    event.revise(member, {"starts_on": later, "ends_on": later}, version=event.version)
    rsvp.refresh_from_db()
    assert (rsvp.reminded_a_week_before, at(6 * DAY), at(timedelta(), after=7 * DAY)) == (False, 0, 1)


def test_who_has_just_been_told_of_a_new_time_is_not_reminded_on_top(member):
    event = make_event(member, days=30)
    going(event, answered_at=event.created_at - DAY)
    sooner = event.created_at.date() + 3 * DAY
    event.revise(member, {"starts_on": sooner, "ends_on": sooner}, version=event.version)
    assert remind_due() == 0
    assert list(Rsvp.objects.values_list("reminded_a_week_before", "reminded_a_day_before")) == [
        (True, False)
    ]


def test_it_stops_when_it_is_told_to(rsvp):
    assert remind_due(go_on=lambda: False, now=STARTS - 6 * DAY) == 0
    assert at(6 * DAY) == 1
