"""The case studies as an Atom feed."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from commons.contributions.facets import EvidenceFacets
from commons.contributions.feeds import ContributionFeed

from .models import CaseStudy


class CaseStudyFeed(ContributionFeed):
    """Public case studies, newest first."""

    title = _("Case studies")
    link = reverse_lazy("casestudies:list")
    kind = CaseStudy.KIND
    facets_class = EvidenceFacets
