"""Two or three case studies side by side."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from commons.contributions import kinds

from .facts import beside_each_other
from .models import CaseStudy

MOST = 3
OFFERED = 60


def compare(request):
    """The case studies named by ?id= (up to MOST), side by side; and a choice of others. Two queries."""
    chosen = list(dict.fromkeys(pk for pk in request.GET.getlist("id") if _is_number(pk)))
    listed = CaseStudy.objects.listed_to(request.user)
    found = listed.in_bulk([int(pk) for pk in chosen[:MOST]])
    items = [found[int(pk)] for pk in chosen[:MOST] if int(pk) in found]
    context = {
        "items": items,
        "lines": beside_each_other(items) if len(items) > 1 else [],
        "choices": listed.newest().for_cards()[:OFFERED],
        "chosen": {item.pk for item in items},
        "too_many": len(chosen) > MOST,
        "most": MOST,
        "crumbs": kinds.crumbs(CaseStudy.KIND),
        "section": "case-studies",
        "heading": _("Compare case studies"),
    }
    return render(request, "casestudies/compare.html", context)


def _is_number(text):
    return text.isascii() and text.isdecimal() and 0 < len(text) <= 18
