"""What a member can offer and what they would like help with, in short lines that say what they are about."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.contributions.prepared import Prepared
from commons.tagging import vocabulary
from commons.tagging.models import Principle, ServiceSector

MOST_OF_A_SORT = 5
LINE_LENGTH = 140


class Help(models.TextChoices):
    """Which way help goes."""

    OFFER = "offer", _("Can offer")
    WANT = "want", _("Would like help with")


class HelpLine(models.Model):
    """One thing a member can offer, or would like help with, in a few words."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        on_delete=models.CASCADE,
        related_name="help_lines",
    )
    sort = models.CharField(_("sort"), max_length=10, choices=Help)
    place = models.PositiveSmallIntegerField(_("place"))
    text = models.CharField(_("in a few words"), max_length=LINE_LENGTH)
    principle = models.ForeignKey(
        Principle, verbose_name=_("principle"), null=True, blank=True, on_delete=models.SET_NULL
    )
    sector = models.ForeignKey(
        ServiceSector, verbose_name=_("service sector"), null=True, blank=True, on_delete=models.SET_NULL
    )

    class Meta:
        verbose_name = _("offer or wish")
        verbose_name_plural = _("offers and wishes")
        ordering = ["sort", "place"]
        constraints = [
            models.UniqueConstraint(fields=["member", "sort", "place"], name="help_line_place"),
            models.CheckConstraint(condition=~models.Q(text=""), name="help_line_has_text"),
            models.CheckConstraint(
                condition=models.Q(principle=None) | models.Q(sector=None), name="help_line_one_topic"
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def topic(self):
        """The Term it is about, or None. No query."""
        terms = vocabulary.current()
        return terms.principles.get(self.principle_id) or terms.sectors.get(self.sector_id)

    def as_written(self):
        """Return (sort, text, principle's id, sector's id): what makes two lines the same."""
        return self.sort, self.text, self.principle_id, self.sector_id

    @classmethod
    def set(cls, member, lines):
        """Let exactly these unsaved lines be the member's, in their order. Nothing is written when they are already."""
        before = lines_of(member)
        if [line.as_written() for line in before] == [line.as_written() for line in _by_sort(lines)]:
            return
        cls.objects.filter(member=member).delete()
        for place, line in enumerate(lines):
            line.member, line.place = member, place
        cls.objects.bulk_create(lines)


def lines_of(member):
    """Return the member's HelpLines, offers first. One query."""
    return _of_member.rows(member.pk)


def _by_sort(lines):
    return sorted(lines, key=lambda line: line.sort)  # keeps their order within a sort


_of_member = Prepared(lambda member: HelpLine.objects.filter(member=member).order_by("sort", "place"), 0)
