"""Videos: uploaded here, or the address of one that is hosted elsewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Contribution, Role
from commons.markup.render import clean_text

from ..video_hosts import HOSTS, recognise

TRANSCRIPT_LENGTH = 200_000


class VideoType(models.TextChoices):
    """Kept in Contribution.subtype."""

    UPLOADED = "uploaded", _("Uploaded here")
    HOSTED = "hosted", _("Hosted elsewhere")


class Video(Contribution):
    """A video with its transcript. The file, its captions and its poster are attachments."""

    KIND = "video"

    hosted_url = models.CharField(_("address of the video"), max_length=500, blank=True)
    host = models.CharField(max_length=40, blank=True, editable=False)
    transcript = models.TextField(_("transcript"), max_length=TRANSCRIPT_LENGTH, blank=True)

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hosted_url="", host="") | (~models.Q(hosted_url="") & ~models.Q(host="")),
                name="video_host_of_its_address",
            )
        ]

    @property
    def host_of(self):
        """The VideoHost of a hosted video, or None."""
        return HOSTS.get(self.host)

    def store(self, values, *, by=None):
        """As ever; the host and the type are those of the address."""
        hosted = recognise(values.get("hosted_url", self.hosted_url))
        own = {
            "hosted_url": hosted.address if hosted else "",
            "host": hosted.host.code if hosted else "",
            "subtype": VideoType.HOSTED if hosted else VideoType.UPLOADED,
            "transcript": clean_text(values.get("transcript", self.transcript)).strip(),
        }
        super().store({**values, **own}, by=by)

    def snapshot(self):
        return {**super().snapshot(), "hosted_url": self.hosted_url, "transcript": self.transcript}

    def search_text(self):
        """Return what search finds it by, beside title, summary and text: what is said in it, and where it is."""
        return {"body": self.transcript, "extra": str(self.host_of.label) if self.host else ""}

    def build_card(self):
        return {**super().build_card(), **({"hosted_by": self.host} if self.host else {})}

    def files_as(self, role):
        """Return what the card holds of the files in a role (a Role), in their order."""
        return [entry for entry in self.card.get("files", []) if entry["role"] == role]

    @property
    def can_be_read(self):
        """Whether those who can't hear it, or can't play it, have words to read."""
        return bool(self.transcript or self.files_as(Role.CAPTIONS))
