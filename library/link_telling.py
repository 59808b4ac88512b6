"""Telling who added a link that it can't be reached any more: once, and no more when it can again."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.contributions.cards import date_words
from commons.notifications import sources
from commons.notifications.models import Notice
from commons.notifications.notify import spread
from commons.notifications.sources import Choice, Source, Told

from .models import Link

GONE = "link.gone"
GONE_LINKS = Choice(
    "link",
    gettext_lazy("a link of yours that can’t be reached any more"),
    gettext_lazy("You get this e-mail because you added this link."),
)


def tell_of(link):
    """Tell the author of a link that has become unreachable; take that back for one that can be reached again."""
    if link.dead_since is None:
        Notice.objects.filter(kind=GONE, target_id=link.pk).delete()
    elif link.author_id and link.author.is_active and link.author.may_act:
        spread([link.author], GONE, link.pk)


def load(notices, member):
    """Return {notice id: Told} of the member's own links that can't be reached. One query."""
    own = Link.objects.listed_to(member).by(member).filter(dead_since__isnull=False)
    gone = own.in_bulk([notice.target_id for notice in notices])
    return {notice.pk: _told(gone[notice.target_id]) for notice in notices if notice.target_id in gone}


def _told(link):
    since = _("We could not reach its address since %(day)s: %(problem)s.") % {
        "day": date_words(link.dead_since),
        "problem": link.get_problem_display(),
    }
    ask = _("If it has moved, give it its new address. If it is gone for good, you can withdraw it.")
    subject = _("Your link “%(title)s” may be gone") % {"title": link.title}
    return Told(subject, f"{since}\n\n{ask}", link.get_absolute_url())


def stop(member, conversation):
    """There is nothing that goes on: each link is told of once."""


def register():
    """Make this news known to the inbox and the mails."""
    sources.register(Source({GONE: GONE_LINKS}, load, stop, gettext_lazy("Stop e-mails about this link")))
