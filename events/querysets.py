"""The words in which events and their dates are asked for, on top of the gate that every contribution has."""

from django.db import models
from django.utils import timezone

from commons.contributions.querysets import (
    ContributionManager,
    ContributionQuerySet,
    Reach,
    moderates,
    reaching,
)
from commons.moderation.models import Status


class EventQuerySet(ContributionQuerySet):
    def kept_by(self, user):
        """Events whose dates `user` may move and cancel: their own, and for moderators all that are listed."""
        if moderates(user):
            own = models.Q(author=user) & ~models.Q(status__in=(Status.REMOVED, Status.MERGED))
            return self.filter(own | ~models.Q(reach=Reach.NOBODY))
        return self.editable_by(user)


class EventManager(ContributionManager.from_queryset(EventQuerySet)):
    pass


class OccurrenceQuerySet(models.QuerySet):
    def listed_to(self, user):
        """Dates of events that are listed to `user`."""
        from .models import Event

        return self.of(Event.objects.listed_to(user))

    def with_event_listed_to(self, user):
        """The same, where few dates are read together with their events: what is joined is not asked for again."""
        return self.filter(reaching(user, "event__"))

    def of(self, events):
        """Dates of events (a queryset of them, or of contributions)."""
        # Asked of each date, so that a list in its order is read no further than it is shown.
        return self.filter(models.Exists(events.order_by().filter(pk=models.OuterRef("event_id"))))

    def upcoming(self, now=None):
        """Dates that are not over."""
        return self.filter(ends_at__gte=now or timezone.now())

    def over(self, now=None):
        return self.filter(ends_at__lt=now or timezone.now())

    def between(self, first, last):
        """Dates that take place on any of the days from `first` to `last`."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)
