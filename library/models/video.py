"""Videos: uploaded here, or the address of one that is hosted elsewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution

TRANSCRIPT_LENGTH = 200_000


class Video(Contribution):
    """A video with its transcript. The file, its captions and its poster are attachments."""

    KIND = "video"

    hosted_url = models.CharField(_("address of the video"), max_length=500, blank=True)
    host = models.CharField(max_length=40, blank=True, editable=False)
    transcript = models.TextField(_("transcript"), max_length=TRANSCRIPT_LENGTH, blank=True)

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
