"""The form for case studys."""

from commons.contributions.forms import ContributionForm

from .models import CaseStudy


class CaseStudyForm(ContributionForm):
    class Meta(ContributionForm.Meta):
        model = CaseStudy
