"""The pages of case studies: the shared views, with what is particular to them."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from commons.contributions import views
from commons.contributions.facets import EvidenceFacets
from commons.contributions.file_lines import file_lines
from commons.contributions.filters import MORE, filters_html
from commons.contributions.forms import DRAFT

from .facts import completeness_of, facts_of, obstacles_of, sentences_of
from .forms import CaseStudyForm
from .ledger import ledger_of
from .models import CaseStudy
from .step_forms import STEPS
from .told_lines import account_lines

SECTION = "case-studies"
GO_ON = "go-on"


class CaseStudyListView(views.ContributionListView):
    kind = CaseStudy.KIND
    template_name = "casestudies/case_study_list.html"
    introduction = _("What people did together, what changed, and what it cost and saved.")
    section = SECTION
    whole_kind = True
    facets_class = EvidenceFacets

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if not context["month_words"]:
            context["filters"] = filters_html(context["kind_url"], context["facets"], selects=MORE)
        return context


class CaseStudyArchiveView(views.ContributionArchiveView):
    kind = CaseStudy.KIND
    section = SECTION


class CaseStudyDetailView(views.ContributionDetailView):
    model = CaseStudy
    template_name = "casestudies/case_study_detail.html"
    section = SECTION

    def get_context_data(self, item):
        context = super().get_context_data(item)
        return {
            **context,
            "facts": facts_of(item),
            "sentences": sentences_of(item),
            "files": file_lines(item),
            "outcomes": item.rows_of("outcomes"),
            "ledger": ledger_of(item.costs()),
            "obstacles": obstacles_of(item),
            "completeness": completeness_of(item) if context["may_edit"] else None,
            "accounts": account_lines(item),
            "told_shown": bool(item.side or item.card.get("accounts")),
        }


class GoOn:
    """Saving the quick form and going on to the full one: as a draft, or as the version that stands."""

    def post(self, request, *args, **kwargs):
        self.goes_on = request.POST.get("do") == GO_ON
        if self.goes_on:
            request.POST = request.POST.copy()
            request.POST["do"] = DRAFT
        return super().post(request, *args, **kwargs)

    def saved(self, item):
        led = super().saved(item)
        return redirect(item.url_below(f"edit/{STEPS[0].slug}/")) if self.goes_on else led


class CaseStudyCreateView(GoOn, views.ContributionCreateView):
    model = CaseStudy
    form_class = CaseStudyForm
    template_name = "casestudies/case_study_form.html"
    section = SECTION


class CaseStudyUpdateView(GoOn, views.ContributionUpdateView):
    model = CaseStudy
    form_class = CaseStudyForm
    template_name = "casestudies/case_study_form.html"
    section = SECTION


class CaseStudyWithdrawView(views.ContributionWithdrawView):
    model = CaseStudy
    section = SECTION
