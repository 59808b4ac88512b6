"""Reports: published works that the editors describe for everyone."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.dates import MONTHS
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commons.contributions.attaching import Chosen, chosen_of
from commons.contributions.models import Contribution, Role

from ..querysets import ReportManager

# What its original can be, and how large.
ORIGINALS = ("pdf", "docx", "odt", "txt")
MOST_BYTES = 50 * 1024 * 1024


class Report(Contribution):
    """A published report, described by the editors in their own words."""

    KIND = "report"

    authors = models.JSONField(_("authors"), default=list, help_text=_("One name a line."))
    publishers = models.JSONField(_("publishers"), default=list, help_text=_("One name a line."))
    month = models.PositiveSmallIntegerField(
        _("month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    identifier = models.CharField(
        _("identifier"), max_length=100, blank=True, help_text=_("Such as an ISBN.")
    )

    objects = ReportManager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(month__isnull=True) | models.Q(month__gte=1, month__lte=12),
                name="report_month_of_the_year",
            )
        ]

    def published_words(self):
        """Return the date of publication as far as it is known, such as "July 2010"."""
        return f"{MONTHS[self.month]} {self.year}" if self.month and self.year else str(self.year or "")

    def citation(self):
        """Return what a citation says before and after the title, as far as it is known.

        "A Lee and B Ade (July 2010)" and "nef, NESTA. ISBN 123."; without authors the publishers come first.
        """
        names = self.authors or self.publishers or [self.byline]
        before = get_text_list(names, gettext("and"))
        when = self.published_words()
        publishers = [name for name in self.publishers if name not in names]
        rest = [", ".join(publishers), self.identifier]
        return f"{before} ({when})" if when else before, " ".join(f"{part}." for part in rest if part)

    def search_text(self):
        """Return what search finds it by, beside title, summary and text."""
        return {"extra": ", ".join([*self.authors, *self.publishers, *filter(None, [self.identifier])])}

    def has_original(self, sha256):
        """Whether a file with this content belongs to it now."""
        return self.attachments.current().filter(role=Role.FILE, file__sha256=sha256).exists()

    def attach_original(self, file, by=None):
        """Make a StoredFile its original, as a new version: the files before stay with theirs. Raises StaleEdit."""
        others = [chosen for chosen in chosen_of(self) if chosen.role != Role.FILE]
        self.revise(by, {"files": [Chosen(file), *others]}, version=self.version)

    def build_card(self):
        return {**super().build_card(), "dated": [self.year, self.month]}

    def snapshot(self):
        return {
            **super().snapshot(),
            "byline": self.byline,
            "authors": self.authors,
            "publishers": self.publishers,
            "year": self.year,
            "month": self.month,
            "identifier": self.identifier,
        }
