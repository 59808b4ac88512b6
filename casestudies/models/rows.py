"""The rows of a case study: who took part, what was measured, who paid and gained. Money is in the smallest unit."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..money import amount_words
from .case_study import CaseStudy, RowValues


class Row(RowValues, models.Model):
    """One row of a table of a case study, in its place."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class Role(models.TextChoices):
    SERVICE_USERS = "service-users", _("People who use the service")
    FAMILY = "family", _("Family")
    NEIGHBOURS = "neighbours", _("Neighbours and friends")
    STAFF = "staff", _("Staff")
    VOLUNTEERS = "volunteers", _("Volunteers")
    OTHER = "other", _("Others")


class TakingPart(Row):
    """Who took part, and how many as far as it is known."""

    case_study = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="taking_part")
    role = models.CharField(_("who"), max_length=20, choices=Role)
    number = models.PositiveIntegerField(_("how many"), null=True, blank=True)
    words = models.CharField(_("more about them"), max_length=200, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("who took part")
        verbose_name_plural = _("who took part")

    def __str__(self):
        return self.get_role_display()


class Outcome(Row):
    """One thing that was measured or counted, before and after, as its source says it."""

    case_study = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="outcomes")
    measure = models.CharField(_("what was measured"), max_length=200)
    before = models.CharField(_("before"), max_length=60, blank=True)
    after = models.CharField(_("after"), max_length=60, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    compared_with = models.CharField(_("compared with"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=400, blank=True)
    period = models.CharField(_("period"), max_length=100, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")

    def __str__(self):
        return self.measure


class Flow(models.TextChoices):
    COST = "cost", _("pays")
    BENEFIT = "benefit", _("gains")


class Currency(models.TextChoices):
    """ISO 4217; all of these have a hundredth as their smallest unit."""

    GBP = "GBP", _("pounds sterling (£)")
    EUR = "EUR", _("euros (€)")
    USD = "USD", _("US dollars ($)")
    AUD = "AUD", _("Australian dollars (A$)")


class Recurrence(models.TextChoices):
    ONCE = "once", _("once")
    YEARLY = "yearly", _("every year")
    MONTHLY = "monthly", _("every month")
    WEEKLY = "weekly", _("every week")
    PER_PERSON = "per-person", _("for each person")


class CostOrBenefit(Row):
    """What one budget holder pays or gains: an amount or a range, in pence or cents, of a price year."""

    case_study = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="costs_and_benefits")
    holder = models.CharField(_("who pays or gains"), max_length=120)
    flow = models.CharField(_("pays or gains"), max_length=10, choices=Flow)
    about = models.CharField(_("what for"), max_length=200, blank=True)
    low = models.PositiveBigIntegerField(_("amount, or the least of a range"))
    high = models.PositiveBigIntegerField(_("the most of a range"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency)
    price_year = models.PositiveSmallIntegerField(_("prices of the year"), null=True, blank=True)
    period = models.CharField(_("period"), max_length=100, blank=True)
    recurrence = models.CharField(_("how often"), max_length=12, choices=Recurrence, blank=True)
    source = models.CharField(_("source"), max_length=400, blank=True)
    cash_releasing = models.BooleanField(_("frees money that can be spent"), null=True, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("cost or benefit")
        verbose_name_plural = _("costs and benefits")
        constraints = [
            models.CheckConstraint(
                condition=Q(high__isnull=True) | Q(high__gte=F("low")), name="cost_range_goes_up"
            )
        ]

    def __str__(self):
        return f"{self.holder}: {self.get_flow_display()}"

    def value_in_words(self, field):
        if field.name == "currency" or (field.name == "high" and self.high is None):
            return ""  # its amounts say it
        if field.name in {"low", "high"}:
            return amount_words(getattr(self, field.name), self.currency)
        return super().value_in_words(field)
