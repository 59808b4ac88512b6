"""The events as an Atom feed."""

from django.urls import reverse_lazy
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from commons.contributions.feeds import ContributionFeed

from .models import Event
from .words import card_facts


class EventFeed(ContributionFeed):
    """Public events, newest first."""

    title = _("Events")
    link = reverse_lazy("events:list")
    kind = Event.KIND

    def item_description(self, item):
        """Say when and where before the words about it."""
        return ". ".join(
            filter(None, [*map(escape, map(str, card_facts(item))), super().item_description(item)])
        )
