"""Every saved version of a contribution."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """One saved version of a contribution: the whole form as it was sent."""

    contribution = models.ForeignKey(
        "contributions.Contribution",
        on_delete=models.PROTECT,
        related_name="revisions",
        verbose_name=_("contribution"),
    )
    number = models.PositiveIntegerField(_("version"))
    snapshot = models.JSONField(_("as saved"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    # Whether others could ever read it: drafts are nobody's business, and moderators may take out what did harm.
    shown = models.BooleanField(_("others may read it"), default=False)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["contribution", "-number"]
        constraints = [models.UniqueConstraint(fields=["contribution", "number"], name="revision_once")]

    def __str__(self):
        return f"{self.contribution_id} ({self.number})"

    @classmethod
    def keep(cls, contribution, by):
        return cls.objects.create(
            contribution_id=contribution.pk,
            number=contribution.version,
            snapshot=contribution.snapshot(),
            by=by,
        )
