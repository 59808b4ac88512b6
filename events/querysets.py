"""The words in which events and their dates are asked for, on top of the gate that every contribution has."""

from django.db import models
from django.db.models import Min, Q
from django.utils import timezone

from commons.contributions.querysets import ContributionManager, ContributionQuerySet


class EventQuerySet(ContributionQuerySet):
    def upcoming(self, now=None):
        """Events with a date that is not over, the next first; each carries it as `next_at`."""
        to_come = Q(occurrences__ends_at__gte=now or timezone.now())
        return (
            self.annotate(next_at=Min("occurrences__starts_at", filter=to_come))
            .filter(next_at__isnull=False)
            .order_by("next_at", "pk")
        )


class EventManager(ContributionManager.from_queryset(EventQuerySet)):
    pass


class OccurrenceQuerySet(models.QuerySet):
    def listed_to(self, user):
        """Dates of events that are listed to `user`."""
        from .models import Event

        return self.filter(event__in=Event.objects.listed_to(user).order_by().values("pk"))

    def upcoming(self, now=None):
        return self.filter(ends_at__gte=now or timezone.now())
