"""Links: other people's websites and videos that inspire."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution

ADDRESS_LENGTH = 1_000


class LinkType(models.TextChoices):
    """Kept in Contribution.subtype."""

    WEBSITE = "website", _("Website")
    VIDEO = "video", _("Video")


class Link(Contribution):
    """An address elsewhere, and why it inspires."""

    KIND = "link"
    SET_BY_OTHERS = ("checked_at", "failed_since", "failures", "dead_since", "problem")

    url = models.CharField(_("address"), max_length=ADDRESS_LENGTH)
    host = models.CharField(_("site"), max_length=255, editable=False)
    # The address as it is compared with others; null while it is not listed, so that somebody else may add it.
    address_key = models.CharField(max_length=64, null=True, unique=True, editable=False)

    checked_at = models.DateTimeField(_("last looked at"), null=True, blank=True, editable=False)
    failed_since = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    dead_since = models.DateTimeField(_("not to be reached since"), null=True, blank=True, editable=False)
    problem = models.CharField(_("what was wrong"), max_length=100, blank=True, editable=False)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        indexes = [models.Index(fields=["checked_at"], name="link_to_check")]
