"""The organiser of an event hears who says that they come, together for each event, and of nobody else's event."""

import pytest

from commons.notifications import sources
from commons.notifications.grouping import grouped
from commons.notifications.models import Notice
from events.models import Answer
from events.rsvps import answer
from events.words import day_words
from profiles.blocks import Block
from tests.factories import make_event, make_member

pytestmark = pytest.mark.django_db
KIND = "rsvp.coming"


def heard(member):
    """Return [(sentence, [who], [text])] of what an organiser was told."""
    notices = sources.tell(list(Notice.objects.of(member).filter(kind=KIND)), member)
    return [
        (
            group.told.subject if group.told else "",
            [notice.told.who for notice in group.notices if notice.told],
            [notice.told.text for notice in group.notices if notice.told],
        )
        for group in grouped(notices)
    ]


@pytest.fixture
def event():
    return make_event(title="Open garden", capacity=2)


def test_several_are_told_together_with_who_and_when(event):
    date = event.occurrences.get()
    for name in ("Gil", "Wen", "Lou"):
        answer(date, make_member(name), Answer.GOING)
    day = day_words(date.starts_on)
    assert heard(event.author) == [
        (
            "3 people say they come to “Open garden”",
            ["Lou", "Wen", "Gil"],
            [f"{day}, on the waiting list", day, day],
        )
    ]
    assert Notice.objects.filter(kind=KIND).exclude(member=event.author).count() == 0


def test_one_is_named(event):
    answer(event.occurrences.get(), make_member("Gil"), Answer.GOING)
    assert [sentence for sentence, _who, _text in heard(event.author)] == [
        "Gil says they come to “Open garden”"
    ]


def test_events_stay_apart(event):
    other = make_event(event.author, title="Another")
    for one in (event, other):
        answer(one.occurrences.get(), make_member("Gil"), Answer.GOING)
    assert [sentence for sentence, _who, _text in heard(event.author)] == [
        "Gil says they come to “Another”",
        "Gil says they come to “Open garden”",
    ]


def test_maybe_no_and_ones_own_answer_are_no_news(event):
    date = event.occurrences.get()
    for said in (Answer.MAYBE, Answer.NO):
        answer(date, make_member(), said)
    answer(date, event.author, Answer.GOING)
    assert heard(event.author) == []


def test_it_is_told_once_and_not_after_a_change_of_mind(event):
    date, gil = event.occurrences.get(), make_member("Gil")
    for said in (Answer.GOING, Answer.GOING, Answer.NO, Answer.GOING):
        answer(date, gil, said)
    assert [sentence for sentence, _who, _text in heard(event.author)] == [
        "Gil says they come to “Open garden”"
    ]
    answer(date, gil, Answer.NO)
    assert heard(event.author) == [("", [], [])]


def test_an_event_that_was_taken_down_is_no_news(event, administrator):
    answer(event.occurrences.get(), make_member("Gil"), Answer.GOING)
    event.remove(administrator, "Spam")
    assert heard(event.author) == [("", [], [])]


def test_who_may_not_act_is_told_nothing(event):
    type(event.author).objects.filter(pk=event.author.pk).update(suspended_until="2099-01-01T00:00:00Z")
    answer(event.occurrences.get(), make_member(), Answer.GOING)
    assert Notice.objects.filter(kind=KIND).count() == 0


@pytest.mark.parametrize("number", [1, 3, 15])
def test_the_inbox_asks_once_however_many(queries, number):
    event = make_event()
    for _number in range(number):
        answer(event.occurrences.get(), make_member(), Answer.GOING)
    notices = list(Notice.objects.of(event.author).filter(kind=KIND))
    assert len(notices) == number
    with queries(1):
        sources.tell(notices, event.author)


@pytest.mark.parametrize("organiser_blocks", [True, False])
def test_organisers_hear_nothing_of_whom_they_blocked_or_were_blocked_by(event, organiser_blocks):
    gil, wen = make_member("Gil"), make_member("Wen")
    answer(event.occurrences.get(), wen, Answer.GOING)
    for member in (gil, wen):
        pair = (event.author_id, member.pk) if organiser_blocks else (member.pk, event.author_id)
        Block.set(*pair, wanted=True)
    answer(event.occurrences.get(), gil, Answer.GOING)
    assert Notice.objects.filter(kind=KIND).count() == 1
    assert heard(event.author) == [("", [], [])]
