"""The form in which a member shares a link."""

from commons.contributions.forms import ContributionForm

from .models import Link


class LinkForm(ContributionForm):
    class Meta(ContributionForm.Meta):
        model = Link
        fields = ["url", *ContributionForm.Meta.fields]
