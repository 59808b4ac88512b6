"""Telling members that somebody follows them: once about each, however often they stop and begin again."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commons.contributions.models import Follow
from commons.notifications import sources
from commons.notifications.notify import spread
from commons.notifications.sources import Choice, Source, Told

from .models import Member

FOLLOWED = "member.followed"
FOLLOWERS = Choice(
    "follower",
    gettext_lazy("somebody who follows you"),
    gettext_lazy("You get this e-mail because somebody follows what you share."),
)


def tell_followed(member, by):
    """Tell a member who may act that `by` follows them now, unless one has blocked the other."""
    on_terms = Member.objects.filter(pk=member.pk, is_active=True).on_terms_with(by.pk).exists()
    if on_terms and member.may_act:
        spread([member], FOLLOWED, by.pk)


def load(notices, member):
    """Return {notice id: Told} of those who still follow the member, and whom the member may see. One query."""
    follows = Follow.objects.on(member).filter(member__in=[notice.target_id for notice in notices])
    people = Member.objects.visible_to(member).on_terms_with(member.pk)
    people = people.filter(pk__in=follows.values("member")).in_bulk()
    return {notice.pk: _told(people[notice.target_id]) for notice in notices if notice.target_id in people}


def _told(follower):
    name = follower.display_name
    words = {"name": name}
    return Told(_("%(name)s follows you") % words, url=follower.get_absolute_url(), who=name)


def together(told):
    """Return in one sentence how many people follow."""
    return ngettext("%(people)d person follows you", "%(people)d people follow you", len(told)) % {
        "people": len(told)
    }


def stop(member, conversation):
    """There is nothing that goes on: each is told of once."""


def register():
    """Make this news known to the inbox and the mails."""
    label = gettext_lazy("Stop e-mails about somebody who follows you")
    sources.register(Source({FOLLOWED: FOLLOWERS}, load, stop, label, {FOLLOWED: together}))
