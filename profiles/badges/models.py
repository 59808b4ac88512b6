"""Badges: those that editors made, who holds which, and up to when the worker has looked for new ones."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import rules

NAME_LENGTH = 60
REASON_LENGTH = 300
CODE_LENGTH = 40


class EditorsBadge(models.Model):
    """A badge that no rule earns: editors say what it is for, and give it."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH, unique=True)
    words = models.CharField(
        _("what it is for"),
        max_length=REASON_LENGTH,
        help_text=_("Stands on the page of badges, which everyone can read."),
    )

    class Meta:
        verbose_name = _("badge of the editors")
        verbose_name_plural = _("badges of the editors")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(words=""), name="editors_badge_says_what_for")
        ]

    def __str__(self):
        return self.name


class HeldQuerySet(models.QuerySet):
    def of(self, member):
        """All that a member holds, hidden or not, in the order in which they came by them."""
        return self.filter(member=member).select_related("editors_badge").order_by("at", "pk")

    def shown(self):
        """What others may see: nothing that its holder hides, and nobody's whose page is not there."""
        present = get_user_model().objects.present().filter(badges_hidden=False, contributions_hidden=False)
        return self.filter(hidden=False, member__in=present.order_by())

    def counts(self):
        """Return {code of a rule, or id of a badge of the editors: how many members hold it}. One query."""
        rows = self.order_by().values_list("rule", "editors_badge").annotate(models.Count("pk"))
        return {rule or given: number for rule, given, number in rows}


class Held(models.Model):
    """That a member holds a badge: earned by a rule, or given by an editor with a reason."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("member"), on_delete=models.CASCADE, related_name="badges"
    )
    rule = models.CharField(_("rule"), max_length=CODE_LENGTH, blank=True, editable=False)
    editors_badge = models.ForeignKey(
        EditorsBadge,
        verbose_name=_("badge"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="held",
    )
    reason = models.CharField(
        _("reason"), max_length=REASON_LENGTH, blank=True, help_text=_("Everyone can read it.")
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("given by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="badges_given",
    )
    at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    hidden = models.BooleanField(_("hidden by the member"), default=False, editable=False)

    objects = HeldQuerySet.as_manager()

    class Meta:
        verbose_name = _("badge of a member")
        verbose_name_plural = _("badges of members")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "rule"], condition=~Q(rule=""), name="badge_earned_once"
            ),
            models.UniqueConstraint(fields=["member", "editors_badge"], name="badge_given_once"),
            models.CheckConstraint(
                condition=(Q(editors_badge=None, reason="") & ~Q(rule=""))
                | (Q(editors_badge__isnull=False, rule="") & ~Q(reason="")),
                name="badge_earned_or_given_with_reason",
            ),
        ]

    def __str__(self):
        return str(self.name)

    @property
    def name(self):
        if self.editors_badge_id:
            return self.editors_badge.name
        rule = rules.get(self.rule)
        return rule.name if rule else self.rule

    @property
    def words(self):
        """What it is for, in words."""
        if self.editors_badge_id:
            return self.editors_badge.words
        rule = rules.get(self.rule)
        return rule.words if rule else ""

    def as_shown(self):
        """Return what is kept beside the member of a badge that others see, as JSON (see showing.py)."""
        if self.editors_badge_id:
            return {"id": self.editors_badge_id, "name": self.editors_badge.name, "why": self.reason}
        return {"rule": self.rule}


class Look(models.Model):
    """Up to when the worker has looked at what members did. One row, whichever worker wrote it."""

    until = models.DateTimeField()

    class Meta:
        verbose_name = _("look for badges")
        verbose_name_plural = _("looks for badges")

    def __str__(self):
        return str(self.until)

    @classmethod
    def last(cls):
        """Return up to when everything has been looked at, or None."""
        return cls.objects.filter(pk=1).values_list("until", flat=True).first()

    @classmethod
    def note(cls, until):
        if not cls.objects.filter(pk=1).update(until=until):
            cls.objects.bulk_create([cls(pk=1, until=until)], ignore_conflicts=True)


def address_of(anchor):
    """Return where the page of badges says what one is for; `anchor` is a rule's code or a badge's id."""
    return f"{reverse('badges:list')}#badge-{anchor}"
