"""The forum as an Atom feed."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from commons.contributions.feeds import ContributionFeed

from .models import Thread


class ThreadFeed(ContributionFeed):
    """Public threads, newest first."""

    title = _("Forum")
    link = reverse_lazy("forum:list")
    kind = Thread.KIND
