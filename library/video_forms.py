"""The form in which a member shares a video."""

from commons.contributions.forms import ContributionForm

from .models import Video


class VideoForm(ContributionForm):
    class Meta(ContributionForm.Meta):
        model = Video
        fields = ["hosted_url", *ContributionForm.Meta.fields, "transcript"]
