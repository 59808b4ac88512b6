"""The events as an Atom feed."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from commons.contributions.feeds import ContributionFeed

from .models import Event


class EventFeed(ContributionFeed):
    """Public events, newest first."""

    title = _("Events")
    link = reverse_lazy("events:list")
    kind = Event.KIND
