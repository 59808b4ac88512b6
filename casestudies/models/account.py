"""Told together: what somebody from the other side says of a case study."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Comment

from .case_study import CaseStudy
from .sides import Side


class Stance(models.TextChoices):
    CONFIRMS = "confirms", _("That is how I saw it too")
    ADDS = "adds", _("I want to add something")
    DISAGREES = "disagrees", _("I saw it differently")


class AccountQuerySet(models.QuerySet):
    def told(self):
        """Those whose words can be read."""
        return self.filter(comment__listed=True, comment__contribution=models.F("case_study"))

    def open(self):
        """Invitations that were neither taken up nor declined."""
        return self.filter(told_at=None, declined_at=None)


class Account(models.Model):
    """An invitation to tell it from one's own side, and what came of it. Until `told_at` it is an invitation alone.

    What was told is a comment on the case study: others can answer, report and mark it like any other, and its author
    edits it and takes it back in the same way.
    """

    case_study = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="accounts")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="accounts_told"
    )
    side = models.CharField(_("side"), max_length=20, choices=Side)
    stance = models.CharField(max_length=10, choices=Stance, blank=True)
    comment = models.OneToOneField(
        Comment, null=True, on_delete=models.SET_NULL, related_name="account", editable=False
    )
    invited_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account from the other side")
        verbose_name_plural = _("accounts from the other side")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case_study", "member"], name="account_once_a_member"),
            models.CheckConstraint(
                condition=models.Q(told_at=None) | ~models.Q(stance=""), name="account_told_with_stance"
            ),
            models.CheckConstraint(
                condition=models.Q(told_at=None) | models.Q(declined_at=None), name="account_told_or_declined"
            ),
        ]

    def __str__(self):
        return f"{self.case_study_id}: {self.side}"
