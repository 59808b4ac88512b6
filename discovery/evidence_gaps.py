"""The gap report, for moderators: where many members work and little is known, so whom to ask for what comes first."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from commons.contributions.feeds import canonical
from commons.contributions.lists import last_change
from commons.contributions.querysets import moderates
from commons.markup import spreadsheets
from profiles.models import Member

from .evidence_map import Cell, State, map_of
from .evidence_map_filters import MapFilters

# How much a cell lacks: what multiplies the number of members who work there.
LACKS = {State.GAP: 4, State.WEAK: 3, State.APART: 2, State.MODERATE: 1, State.STRONG: 0}
COLUMNS = (
    gettext_lazy("Service sector"),
    gettext_lazy("Principle"),
    gettext_lazy("Members"),
    gettext_lazy("Items"),
    gettext_lazy("State"),
    gettext_lazy("Need"),
    gettext_lazy("Address of the list"),
)


@dataclass(frozen=True)
class Gap:
    """A Cell of the evidence map, and how many members work on its principle in its sector."""

    cell: Cell
    members: int

    @property
    def need(self):
        return self.members * LACKS[self.cell.state]


def gaps_of(found, members):
    """Return a Gap for every cell of an EvidenceMap, the greatest need first.

    `members` is {(principle id, sector id): how many}. Where the need is the same, the cell with fewer items comes
    first, then the one with more members, then the one that the map has first.
    """
    gaps = [Gap(cell, members.get((cell.principle.pk, cell.sector.pk), 0)) for cell in found.cells()]
    return sorted(gaps, key=lambda gap: (-gap.need, gap.cell.total, -gap.members))


def members_by_cell(user):
    """Return {(principle id, sector id): how many members who are listed to `user` work on both}. One query."""
    working = Member.objects.listed_to(user).filter(principles__isnull=False, sectors__isnull=False)
    counted = working.order_by().values_list("principles", "sectors").annotate(number=Count("pk"))
    return {(principle, sector): number for principle, sector, number in counted}


class EvidenceGapsView(TemplateView):
    """Cells by how many members work there against how little evidence there is. Found by moderators alone."""

    template_name = "discovery/evidence_gaps.html"

    def get(self, request, *args, **kwargs):
        if not moderates(request.user):
            raise Http404
        self.filters = MapFilters.read(request.GET, request.user)
        self.gaps = gaps_of(map_of(self.filters, request.user, last_change()), members_by_cell(request.user))
        return self.csv() if request.GET.get("format") == "csv" else super().get(request, *args, **kwargs)

    def csv(self):
        rows = (
            [
                gap.cell.sector.name,
                gap.cell.principle.name,
                gap.members,
                gap.cell.total,
                gap.cell.state.label,
                gap.need,
                canonical(self.filters.list_path(gap.cell)),
            ]
            for gap in self.gaps
        )
        response = StreamingHttpResponse(
            spreadsheets.lines(COLUMNS, rows), content_type="text/csv; charset=utf-8"
        )
        name = f"evidence-gaps-{timezone.localdate().isoformat()}.csv"
        response.headers["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            section="explore",
            crumbs=[
                (_("Explore"), reverse("discovery:browse")),
                (_("Evidence map"), reverse("discovery:evidence_map")),
            ],
            gaps=[(gap, self.filters.list_path(gap.cell)) for gap in self.gaps],
            active_facets=self.filters.chips("discovery:evidence_gaps"),
            csv_url=self.filters.address("discovery:evidence_gaps", format="csv"),
        )
