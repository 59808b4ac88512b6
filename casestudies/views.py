"""The pages of case studies: the shared views, with what is particular to them."""

from django.utils.translation import gettext_lazy as _

from commons.contributions import views

from .forms import CaseStudyForm
from .models import CaseStudy
from .told_lines import account_lines

SECTION = "case-studies"


class CaseStudyListView(views.ContributionListView):
    kind = CaseStudy.KIND
    template_name = "casestudies/case_study_list.html"
    introduction = _("What people did together, what changed, and what it cost and saved.")
    section = SECTION
    whole_kind = True


class CaseStudyArchiveView(views.ContributionArchiveView):
    kind = CaseStudy.KIND
    section = SECTION


class CaseStudyDetailView(views.ContributionDetailView):
    model = CaseStudy
    template_name = "casestudies/case_study_detail.html"
    section = SECTION

    def get_context_data(self, item):
        return {**super().get_context_data(item), "accounts": account_lines(item)}


class CaseStudyCreateView(views.ContributionCreateView):
    model = CaseStudy
    form_class = CaseStudyForm
    template_name = "casestudies/case_study_form.html"
    section = SECTION


class CaseStudyUpdateView(views.ContributionUpdateView):
    model = CaseStudy
    form_class = CaseStudyForm
    template_name = "casestudies/case_study_form.html"
    section = SECTION


class CaseStudyWithdrawView(views.ContributionWithdrawView):
    model = CaseStudy
    section = SECTION
