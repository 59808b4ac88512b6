"""The words in which reports are asked for, on top of the gate that every contribution has."""

from django.db.models import Count, F

from commons.contributions.querysets import ContributionManager, ContributionQuerySet


class ReportQuerySet(ContributionQuerySet):
    def published_in(self, year, month=None):
        """Reports that appeared in that year, or in that month of it, whenever they were added here."""
        found = self.filter(year=year)
        return found.filter(month=month) if month else found

    def months_of_publication(self):
        """Return (year, month or None, how many) for each month in which a report appeared, latest first."""
        dated = self.filter(year__isnull=False).order_by("-year", F("month").desc(nulls_last=True))
        return dated.values_list("year", "month").annotate(count=Count("pk"))


class ReportManager(ContributionManager.from_queryset(ReportQuerySet)):
    pass
