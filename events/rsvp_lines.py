"""What an event's page says of each date to come: how many go, whether there is room, what the reader said."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Answer, Rsvp
from .rsvps import closed_because
from .words import date_words

MOST_DATES = 6


@dataclass(frozen=True)
class RsvpLine:
    """One date. `mine` is what the reader said, in words; `said` the same as an Answer; both empty for a visitor."""

    words: str
    room: str
    said: str
    mine: str
    path: str
    people_path: str


def rsvp_lines(event, dates, user):
    """Return the RsvpLines of those of `dates` (Occurrences, in order) that can be answered, MOST_DATES at most.

    One query for a member, none for a visitor.
    """
    open_dates = [each for each in dates if not closed_because(event, each)][:MOST_DATES]
    mine = {}
    if user.is_authenticated and open_dates:
        mine = {
            each.occurrence_id: each for each in Rsvp.objects.filter(member=user, occurrence__in=open_dates)
        }
    organises = user.is_authenticated and event.author_id == user.pk
    return [_line(event, each, mine.get(each.pk), organises) for each in open_dates]


def answered_lines(event, dates, user):
    """Return (words, address of who came) of dates that can be answered no more, newest first, for their organiser."""
    if not user.is_authenticated or event.author_id != user.pk:
        return []
    answered = [
        each for each in dates if (each.going_count or each.waiting_count) and closed_because(event, each)
    ]
    return [
        (date_words(each.wall_time, event.zone), people_path(event, each))
        for each in answered[-MOST_DATES:][::-1]
    ]


def people_path(event, date):
    return f"{event.get_absolute_url()}people/{date.pk}/"


def _line(event, date, rsvp, organises):
    return RsvpLine(
        words=date_words(date.wall_time, event.zone),
        room=room_words(event, date),
        said=rsvp.answer if rsvp else "",
        mine=mine_words(rsvp) if rsvp else "",
        path=f"{event.get_absolute_url()}rsvp/{date.pk}/",
        people_path=people_path(event, date) if organises else "",
    )


def room_words(event, date):
    """Return how many go and whether there is room, such as "12 are going. 3 places are left."."""
    going = date.going_count
    words = [ngettext("%d is going.", "%d are going.", going) % going] if going else []
    if event.capacity is not None:
        left = max(0, event.capacity - going)
        if left:
            words.append(ngettext("%d place is left.", "%d places are left.", left) % left)
        else:
            words.append(_("It is full: whoever says that they come waits for a place."))
    if date.waiting_count:
        words.append(
            ngettext("%d waits for a place.", "%d wait for a place.", date.waiting_count) % date.waiting_count
        )
    return " ".join(words)


def mine_words(rsvp):
    """Return what a member said about a date, to themselves."""
    if rsvp.waiting_since:
        return _("You are on the waiting list.")
    return {
        Answer.GOING: _("You are going."),
        Answer.MAYBE: _("You may come."),
        Answer.NO: _("You can’t come."),
    }[rsvp.answer]


def sign_in_path(event):
    """Return where a visitor signs in, and comes back to the event."""
    return f"{reverse('account_login')}?next={event.get_absolute_url()}"
