"""Which files belong to a contribution: documents, pictures in its text, a video with its captions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.files.models import StoredFile

from ..attachment_querysets import AttachmentQuerySet


class Role(models.TextChoices):
    FILE = "file", _("file")
    PICTURE = "picture", _("picture in the text")
    VIDEO = "video", _("video")
    CAPTIONS = "captions", _("captions")
    POSTER = "poster", _("poster")


class Attachment(models.Model):
    """One file of one contribution. `current`: it belongs to the version that stands; earlier ones keep theirs."""

    contribution = models.ForeignKey(
        "contributions.Contribution", on_delete=models.CASCADE, related_name="attachments"
    )
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="attachment")
    role = models.CharField(max_length=10, choices=Role, default=Role.FILE)
    position = models.PositiveSmallIntegerField(default=0)
    description = models.CharField(_("description"), max_length=300, blank=True)
    current = models.BooleanField(default=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attached file")
        verbose_name_plural = _("attached files")
        ordering = ["role", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role=Role.PICTURE) | ~models.Q(description=""),
                name="picture_has_description",
            )
        ]

    def __str__(self):
        return str(self.file)
