"""Told together: what somebody from the other side says of a case study."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .case_study import CaseStudy
from .sides import Side

TEXT_LENGTH = 5_000


class Stance(models.TextChoices):
    CONFIRMS = "confirms", _("That is how I saw it too")
    ADDS = "adds", _("I want to add something")
    DISAGREES = "disagrees", _("I saw it differently")


class Account(models.Model):
    """An invitation to tell it from one's own side, and what came of it. Until `told_at` it is an invitation alone."""

    case_study = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="accounts")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="accounts_told"
    )
    side = models.CharField(_("side"), max_length=20, choices=Side)
    stance = models.CharField(max_length=10, choices=Stance, blank=True)
    text = models.TextField(_("in my own words"), max_length=TEXT_LENGTH, blank=True)
    html = models.TextField(blank=True, editable=False)
    byline = models.JSONField(default=dict, editable=False)
    invited_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("account from the other side")
        verbose_name_plural = _("accounts from the other side")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case_study", "member"], name="account_once_a_member"),
            models.CheckConstraint(
                condition=models.Q(told_at=None) | ~models.Q(stance=""), name="account_told_with_stance"
            ),
        ]

    def __str__(self):
        return f"{self.case_study_id}: {self.side}"
