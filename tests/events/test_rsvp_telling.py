"""Those who come, wait or may come hear what becomes of a date; whoever can't come, and who did it, do not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commons.notifications.models import Notice
from events import changes
from events.models import Answer, Event
from events.rsvps import answer
from events.words import date_words
from tests.events.test_series import weekly
from tests.factories import make_administrator, make_event, make_member

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def answered(event, date=None):
    """Let four members answer the (first) date of an event: going, waiting, maybe, no; and its organiser too."""
    date = date or event.occurrences.first()
    people = [make_member(name) for name in ("Gil", "Wen", "May", "Nora")]
    for each, said in zip(people, (Answer.GOING, Answer.GOING, Answer.MAYBE, Answer.NO), strict=True):
        answer(date, each, said)
    answer(date, event.author, Answer.MAYBE)
    return date


def notices():
    """Return [(name, kind, subject, text)] of all that was told of events."""
    told = Notice.objects.filter(kind__startswith="event.").order_by("pk").select_related("member")
    return [(each.member.display_name, each.kind, each.subject, each.text) for each in told]


def told_to_all(kind, subject, text):
    return [(name, kind, subject, text) for name in ("Gil", "Wen", "May")]


def words_of(date):
    return date_words(date.wall_time, "Europe/London")


@pytest.fixture
def event(member):
    return make_event(member, title="Open day", capacity=1)


def revised(event, **values):
    event = Event.objects.get(pk=event.pk)
    event.revise(event.author, values, version=event.version)
    return event.occurrences.first()


def test_a_moved_date(event):
    before = answered(event)
    later = event.starts_on + DAY
    after = revised(event, starts_on=later, ends_on=later)
    assert notices() == told_to_all(
        "event.changed",
        "Another time: Open day",
        f"It now takes place on {words_of(after)}.\n\nIt was to be on {words_of(before)}.\n\n"
        "If you can’t come then, please say so.",
    )
    assert (after.pk, after.rsvps.count()) == (before.pk, 5)


def test_another_zone_is_another_time(event):
    answered(event)
    after = revised(event, zone="Europe/Paris")
    words = date_words(after.wall_time, "Europe/Paris")
    assert [text for *_rest, text in notices()][:1] == [
        f"It now takes place on {words}.\n\nIf you can’t come then, please say so."
    ]


def test_another_place(event):
    date = answered(event)
    revised(event, venue="Town Hall", address="2 High Street\nCardiff")
    assert notices() == told_to_all(
        "event.changed",
        "Another place: Open day",
        f"On {words_of(date)} it takes place here: Town Hall, 2 High Street, Cardiff.",
    )


def test_a_cancelled_event_keeps_its_answers_and_takes_place_after_all(event):
    date = answered(event)
    changes.cancel(event, event.author, "Our speaker is ill.")
    changes.put_back(event, event.author)
    assert notices() == [
        *told_to_all(
            "event.cancelled",
            "Cancelled: Open day",
            f"It does not take place on {words_of(date)}.\n\nOur speaker is ill.",
        ),
        *told_to_all(
            "event.changed",
            "It takes place after all: Open day",
            f"It takes place on {words_of(date)}.",
        ),
    ]
    date.refresh_from_db()
    assert (date.rsvps.count(), date.going_count, date.waiting_count) == (5, 1, 1)


def test_one_date_of_a_series_is_cancelled_and_says_what_is_different(member):
    event = weekly(member, title="Open day", capacity=1)
    date, other = event.occurrences.all()[:2]
    answered(event, date)
    changes.change_date(date, member, date.wall_time, "Bring a chair.")
    changes.cancel_date(other, member, "The hall is closed.")
    changes.cancel_date(date, member, "The hall is closed.")
    assert notices() == [
        *told_to_all(
            "event.changed", "Something is different: Open day", f"{words_of(date)}\n\nBring a chair."
        ),
        *told_to_all(
            "event.cancelled",
            "Cancelled: Open day",
            f"It does not take place on {words_of(date)}.\n\nThe hall is closed.",
        ),
    ]


def test_a_date_that_its_series_has_no_more_is_cancelled(member):
    event = weekly(member, title="Open day", capacity=1)
    date = answered(event, event.occurrences.last())
    revised(event, repeats_until=event.repeats_until - timedelta(weeks=1))
    assert notices() == told_to_all(
        "event.cancelled", "Cancelled: Open day", f"It does not take place on {words_of(date)}."
    )


def test_a_place_that_becomes_free_is_told_by_mail_too(event, mailoutbox):
    date = answered(event)
    answer(date, date.rsvps.get(member__display_name="Gil").member, Answer.NO)
    day = words_of(date).partition(",")[0]
    assert notices() == [
        (
            "Wen",
            "event.place",
            "You have a place: Open day",
            f"A place became free on {day}, and it is yours. If you can’t come, please say so: somebody else may.",
        )
    ]
    assert [(letter.subject, letter.to) for letter in mailoutbox] == [
        ("You have a place: Open day", [date.rsvps.get(member__display_name="Wen").member.email])
    ]


def test_more_room_while_it_was_off_is_given_when_it_is_back(event):
    date = answered(event)
    changes.cancel(event, event.author, "Ill.")
    revised(event, capacity=2)
    assert [kind for _name, kind, *_rest in notices()] == ["event.cancelled"] * 3
    changes.put_back(event, event.author)
    date.refresh_from_db()
    assert (date.going_count, date.waiting_count) == (2, 0)
    assert notices()[-1][:2] == ("Wen", "event.place")


def test_who_is_suspended_is_not_told_and_passed_over_and_keeps_their_turn(event):
    date = answered(event)
    last = make_member("Last")
    answer(date, last, Answer.GOING)
    gil, wen = (date.rsvps.get(member__display_name=name).member for name in ("Gil", "Wen"))
    wen.suspend(timezone.now() + 30 * DAY, make_administrator(), "Advertising.")
    answer(date, gil, Answer.NO)
    assert [(name, kind) for name, kind, *_rest in notices()] == [("Last", "event.place")]
    assert date.rsvps.get(member=wen).waiting_since is not None
    changes.cancel(event, event.author, "Ill.")
    assert {name for name, kind, *_rest in notices() if kind == "event.cancelled"} == {"May", "Last"}


def test_nobody_is_told_of_what_they_can_not_see(event):
    answered(event)
    event.author.hide_contributions()
    changes.cancel(Event.objects.get(pk=event.pk), event.author, "Ill.")
    assert notices() == []


def test_what_is_over_is_told_to_nobody(member):
    event = make_event(member, days=-3, title="Open day")
    event.occurrences.get().rsvps.create(member=make_member(), answer="going")
    revised(event, venue="Town Hall")
    changes.cancel(Event.objects.get(pk=event.pk), member, "Ill.")
    assert notices() == []
