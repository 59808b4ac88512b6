"""What those who come are told: that they have a place, that a date moved or is off or near, what the organiser writes.

The words are written when they are told, for those who can see the event then.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from commons.contributions.telling import conversation_name
from commons.notifications import sources
from commons.notifications.notify import notify
from commons.notifications.sources import AT_ONCE_OR_NEVER, Choice, Worded
from commons.notifications.when import When

from .changes import What
from .models import Answer, Event, Rsvp
from .words import date_words, day_words

MOVED_UP, CHANGED, CANCELLED, SOON, WORD = (
    "event.place",
    "event.changed",
    "event.cancelled",
    "event.soon",
    "event.word",
)
EVENTS = Choice(
    "event",
    gettext_lazy("events that you go to, wait for or may come to"),
    gettext_lazy("You get this e-mail because you said that you come to this event, or may come."),
    default=When.AT_ONCE,
    offers=AT_ONCE_OR_NEVER,
)


def tell_moved_up(event, occurrence, member):
    """Tell a member that they have a place now."""
    with override(member.language):
        words = _(
            "A place became free on %(day)s, and it is yours. If you can’t come, please say so: somebody else may."
        )
        _tell(
            event,
            member,
            MOVED_UP,
            _("You have a place: %(title)s"),
            words % {"day": day_words(occurrence.starts_on)},
        )


def tell_changed(occurrence, what, before=None):
    """Tell those who come, wait or may come what became of a date: `what` is a changes.What, `before` its WallTime.

    Its organiser knows, or is told by the moderators.
    """
    event = occurrence.event
    rsvps = (
        Rsvp.objects.filter(occurrence=occurrence).exclude(answer=Answer.NO).exclude(member=event.author_id)
    )
    for rsvp in rsvps.select_related("member").order_by("pk"):
        with override(rsvp.member.language):
            subject, text = _change_words(event, occurrence, what, before)
            _tell(event, rsvp.member, CANCELLED if what == What.CANCELLED else CHANGED, subject, text)


def _change_words(event, occurrence, what, before):
    """Return (subject with a place for the title, text) that say what became of a date."""
    now = date_words(occurrence.wall_time, event.zone)
    if what == What.CANCELLED:
        reason = occurrence.cancelled_reason or event.cancelled_reason
        return _("Cancelled: %(title)s"), "\n\n".join(
            filter(None, [_("It does not take place on %s.") % now, reason])
        )
    if what == What.MOVED:
        words = [_("It now takes place on %s.") % now]
        if before is not None and before != occurrence.wall_time:
            words.append(_("It was to be on %s.") % date_words(before, event.zone))
        words += [occurrence.note, _("If you can’t come then, please say so.")]
        return _("Another time: %(title)s"), "\n\n".join(filter(None, words))
    if what == What.ELSEWHERE:
        place = ", ".join(filter(None, [event.venue, *event.address.splitlines()])) or _("online")
        return _("Another place: %(title)s"), _("On %(date)s it takes place here: %(place)s.") % {
            "date": now, "place": place,
        }  # fmt: skip
    if what == What.BACK:
        return _("It takes place after all: %(title)s"), _("It takes place on %s.") % now
    return _("Something is different: %(title)s"), f"{now}\n\n{occurrence.note}"


def tell_soon(rsvp):
    """Remind a member who is going."""
    occurrence = rsvp.occurrence
    event = occurrence.event
    with override(rsvp.member.language):
        words = [date_words(occurrence.wall_time, event.zone), event.venue, occurrence.note]
        words.append(_("If you can’t come after all, please say so: somebody else may."))
        _tell(event, rsvp.member, SOON, _("Soon: %(title)s"), "\n\n".join(filter(None, words)))


def tell_word(event, members, subject, text):
    """Pass on what the organiser writes to `members`; return how many there were."""
    told = 0
    for member in members:
        if member.may_act:
            with override(member.language):
                words = _("%(name)s, who organises “%(title)s”, writes:") % {
                    "name": event.author.display_name,
                    "title": event.title,
                }
                _notify(event, member, WORD, subject, f"{words}\n\n{text}")
            told += 1
    return told


def _tell(event, member, kind, subject, text):
    """Tell a member who may act and can see the event; `subject` has a place for its %(title)s."""
    if member.may_act and Event.objects.visible_to(member).filter(pk=event.pk).exists():
        _notify(event, member, kind, subject % {"title": event.title}, text)


def _notify(event, member, kind, subject, text):
    notify(member, kind, subject, text, event.get_absolute_url(), conversation=conversation_name(event.pk))


def register():
    """Let members choose whether they hear of their events by e-mail."""
    sources.register(Worded(dict.fromkeys((MOVED_UP, CHANGED, CANCELLED, SOON, WORD), EVENTS)))
