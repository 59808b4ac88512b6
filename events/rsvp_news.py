"""News for organisers: who says that they come. Told once of each member and date, together for each event."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commons.notifications import sources
from commons.notifications.notify import spread
from commons.notifications.sources import Choice, Source, Told

from .models import Answer, Event, Rsvp
from .words import day_words

COMING = "rsvp.coming"
COMERS = Choice(
    "coming",
    gettext_lazy("somebody who says that they come to an event of yours"),
    gettext_lazy("You get this e-mail because you organise this event."),
)


def tell_coming(rsvp, event):
    """Tell the organiser, unless it is they who answered, they may not act, or one has blocked the other."""
    organiser = event.author
    if organiser is None or organiser.pk == rsvp.member_id:
        return
    on_terms = get_user_model().objects.filter(pk=organiser.pk, is_active=True).on_terms_with(rsvp.member_id)
    if organiser.may_act and on_terms.exists():
        spread([organiser], COMING, rsvp.pk)


def load(notices, member):
    """Return {notice id: Told} of those who still say that they come to an event that is the member's. One query."""
    coming = Rsvp.objects.filter(
        pk__in=[notice.target_id for notice in notices],
        answer=Answer.GOING,
        member__in=get_user_model().objects.filter(is_active=True).on_terms_with(member.pk),
        occurrence__event__in=Event.objects.listed_to(member).filter(author=member),
    )
    found = coming.select_related("occurrence__event", "member").in_bulk()
    return {notice.pk: _told(found[notice.target_id]) for notice in notices if notice.target_id in found}


def _told(rsvp):
    event = rsvp.occurrence.event
    name = rsvp.member.display_name
    words = _("%(name)s says they come to “%(title)s”") % {"name": name, "title": event.title}
    day = day_words(rsvp.occurrence.starts_on)
    if rsvp.waiting_since:
        day = _("%(day)s, on the waiting list") % {"day": day}
    return Told(
        words,
        day,
        event.get_absolute_url(),
        who=name,
        by=rsvp.member_id,
        about=event.title,
        group=f"event:{event.pk}",
    )


def together(told):
    """Return in one sentence how many people come to one event, on whichever of its dates."""
    people = len({one.by for one in told})
    words = ngettext(
        "%(people)d person says they come to “%(title)s”",
        "%(people)d people say they come to “%(title)s”",
        people,
    )
    return words % {"people": people, "title": told[0].about}


def stop(member, conversation):
    """There is nothing that goes on: each answer is told of once."""


def register():
    """Make this news known to the inbox and the mails."""
    label = gettext_lazy("Stop e-mails about who comes to this event")
    sources.register(Source({COMING: COMERS}, load, stop, label, {COMING: together}))
