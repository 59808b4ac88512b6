"""Every saved version of what a member writes."""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.moderation.models import Action, Decision

from ..history_querysets import VersionQuerySet


class Version(models.Model):
    """One saved version of something: of its field named THING."""

    THING = ""

    number = models.PositiveIntegerField(_("version"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    # Whether others could ever read it: drafts are nobody's business, and moderators may take out what did harm.
    shown = models.BooleanField(_("others may read it"), default=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True

    def show(self, by, reason="", *, shown):
        """A moderator takes it out of the history that others read, or puts it back; recorded.

        The version that stands is not hidden this way: that would only seem to take it down. Raises OwnCase.
        """
        thing = getattr(self, self.THING)
        with transaction.atomic():
            if self.number == thing.version:
                raise ValueError("The version that stands can't be taken out of its history.")
            action = Action.SHOW_VERSION if shown else Action.HIDE_VERSION
            words = _("Version %(number)d.") % {"number": self.number}
            Decision.objects.record(thing, action, by, f"{words} {reason}".strip())
            type(self).objects.filter(pk=self.pk).update(shown=shown)
            self.shown = shown


class Revision(Version):
    """One saved version of a contribution: the whole form as it was sent."""

    THING = "contribution"

    contribution = models.ForeignKey(
        "contributions.Contribution",
        on_delete=models.PROTECT,
        related_name="revisions",
        verbose_name=_("contribution"),
    )
    snapshot = models.JSONField(_("as saved"))

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["contribution", "-number"]
        constraints = [models.UniqueConstraint(fields=["contribution", "number"], name="revision_once")]

    def __str__(self):
        return f"{self.contribution_id} ({self.number})"

    @property
    def text(self):
        return self.snapshot.get("body", "")

    @classmethod
    def keep(cls, contribution, by):
        return cls.objects.create(
            contribution_id=contribution.pk,
            number=contribution.version,
            snapshot=contribution.snapshot(),
            by=by,
        )
