"""The form in which a member shares a video."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commons.contributions.forms import PUBLISH, ContributionForm
from commons.contributions.models import Role
from commons.files.accepted import CAPTIONS, PICTURES, VIDEOS
from commons.files.forms import UploadsField
from commons.files.picture_storing import store_picture
from commons.files.pictures import MOST_BYTES as MOST_BYTES_OF_POSTER

from .models import Video
from .video_hosts import recognise

MB = 1024 * 1024
MOST_BYTES = settings.NETWORK_VIDEO_MB * MB
MOST_BYTES_OF_CAPTIONS = 1 * MB
ONE_OF = ("video", "hosted_url")


class PosterField(UploadsField):
    """Takes a picture, and keeps it only as we have written it anew: without whatever it carried along."""

    def _keep(self, upload, there):
        return store_picture(upload, self.member)


class VideoForm(ContributionForm):
    """A video: a file or the address of a hosted one. A draft may lack both."""

    video = UploadsField(
        label=_("Video file"),
        accepted=VIDEOS,
        most_bytes=MOST_BYTES,
        required=False,
        help_text=format_lazy(
            _(
                "An MP4 or WebM of {limit} MB at most, which is shown here. Or leave this empty and give the "
                "address of a video on YouTube or Vimeo below: one of the two."
            ),
            limit=MOST_BYTES // MB,
        ),
    )
    captions = UploadsField(
        label=_("Captions"),
        accepted=CAPTIONS,
        most_bytes=MOST_BYTES_OF_CAPTIONS,
        required=False,
        help_text=_(
            "What is said, shown as it is said: a WebVTT file (.vtt), in English. Programs and sites that make "
            "captions can save it. Only for a video that is uploaded here."
        ),
    )
    poster = PosterField(
        label=_("Picture to show before it plays"),
        accepted=PICTURES,
        most_bytes=MOST_BYTES_OF_POSTER,
        required=False,
        help_text=_("Such as a still from the video. Without one, we draw a picture with its title."),
    )
    file_roles = {"video": Role.VIDEO, "captions": Role.CAPTIONS, "poster": Role.POSTER}
    field_order = ["title", "video", "hosted_url", "captions", "transcript", "poster"]

    class Meta(ContributionForm.Meta):
        model = Video
        fields = ["hosted_url", *ContributionForm.Meta.fields, "transcript"]
        labels = {"hosted_url": _("Address of a video on YouTube or Vimeo"), "body": _("About the video")}
        widgets = {
            **ContributionForm.Meta.widgets,
            "body": forms.Textarea(attrs={"rows": 8}),
            "hosted_url": forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
            "transcript": forms.Textarea(attrs={"rows": 10, "class": "tall"}),
        }
        help_texts = {
            **ContributionForm.Meta.help_texts,
            "body": _("What it shows, and why it is worth watching. You can format it: see the help below."),
            "hosted_url": _(
                "As your browser or “Share” shows it. Nothing is loaded from there until somebody follows the link."
            ),
            "transcript": _(
                "Please write down what is said, and what can only be seen. Some people can’t hear the video or "
                "can’t play it, and search finds these words."
            ),
        }
        error_messages = {
            **ContributionForm.Meta.error_messages,
            "transcript": {
                "max_length": _(
                    "Shorten the transcript to %(limit_value)d characters or fewer (it has %(show_value)d)."
                ),
            },
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._ask_for_one()
        for name in ONE_OF:
            self.fields[name].widget.use_required_attribute = lambda _initial: False

    def full_clean(self):
        for name in ONE_OF:
            self.fields[name].required = False
        super().full_clean()
        self._ask_for_one()

    def _ask_for_one(self):
        """Show neither as optional, for one of them is asked for; nor as required, for the other will do."""
        for name in ONE_OF:
            self.fields[name].required = True

    def clean_hosted_url(self):
        """Give the address in one spelling; one of another site is no video that we know how to show."""
        typed = self.cleaned_data["hosted_url"]
        if not typed:
            return ""
        hosted = recognise(typed)
        if hosted is None:
            raise ValidationError(
                _(
                    "This is not the address of a video on YouTube or Vimeo. Check it, or share a video of "
                    "another site as a link instead."
                ),
                code="unknown_host",
            )
        return hosted.address

    def clean(self):
        """A video is a file or an address, not both; captions are shown by our own player alone."""
        cleaned = super().clean()
        file, address = cleaned.get("video"), cleaned.get("hosted_url")
        if file and address:
            self.add_error(
                "hosted_url",
                ValidationError(
                    _("Keep one of the two: the file that you uploaded, or this address."), code="two_videos"
                ),
            )
        elif address and cleaned.get("captions"):
            self.add_error(
                "captions",
                ValidationError(
                    _(
                        "These captions can’t be shown with a video that is hosted elsewhere. Add them there, and a "
                        "transcript here."
                    ),
                    code="captions_elsewhere",
                ),
            )
        elif self.wants == PUBLISH and file == [] and address == "":
            self.add_error(
                "video",
                ValidationError(
                    _("Choose a video file, or give the address of a video on YouTube or Vimeo below."),
                    code="no_video",
                ),
            )
        return cleaned

    @property
    def address_to_share(self):
        """What was typed that is no address of a video we know, to be shared as a link; or ""."""
        unknown = self.is_bound and self.has_error("hosted_url", "unknown_host")
        return self["hosted_url"].value().strip() if unknown else ""
