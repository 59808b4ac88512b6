"""The evidence map as a page, as tables for other programs, and as a picture."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commons.contributions import structured
from commons.contributions.drawn import digest_of
from commons.contributions.lists import last_change
from commons.contributions.querysets import moderates
from commons.tagging import vocabulary
from commons.tagging.evidence import CITATION

from .evidence_map import State, map_of
from .evidence_map_drawing import drawing_of
from .evidence_map_filters import MapFilters
from .evidence_map_tables import as_csv, as_json
from .views import ConditionalView

KEPT_TABLES = 50  # at about 40 KB each
# What each state means, in the words beside its shape.
MEANINGS = {
    State.GAP: gettext_lazy("nothing has been published"),
    State.WEAK: gettext_lazy("the best evidence is of level 0 or 1, or nobody gave a level"),
    State.MODERATE: gettext_lazy("the best evidence is of level 2"),
    State.STRONG: gettext_lazy("the best evidence is of level 3 or more"),
    State.APART: gettext_lazy("five items or more, but no evaluation or review among them"),
}


class EvidenceMapView(ConditionalView):
    """Principles across, sectors down: how much is known, of what kind, how strong it is, and where nothing is."""

    template_name = "discovery/evidence_map.html"
    answer = ""  # "csv", "json" or "svg" where it is no page

    @cached_property
    def last_change(self):
        # The day too: the page names it.
        return last_change(), timezone.localdate()

    @cached_property
    def filters(self):
        return MapFilters.read(self.request.GET, self.request.user)

    @cached_property
    def map(self):
        return map_of(self.filters, self.request.user, self.last_change[0])

    def render_to_response(self, context, **kwargs):
        answers = {"csv": self.csv, "json": self.json, "svg": self.svg}
        answer = answers.get(self.answer or self.request.GET.get("format"))
        return answer() if answer else super().render_to_response(self.page(), **kwargs)

    def csv(self):
        response = StreamingHttpResponse(
            as_csv(self.map, self.filters), content_type="text/csv; charset=utf-8"
        )
        response.headers["Content-Disposition"] = content_disposition_header(True, f"{self._name()}.csv")
        return response

    def json(self):
        return JsonResponse(as_json(self.map, self.filters))

    def svg(self):
        context = {"drawing": drawing_of(self.map, self.filters, settings.NETWORK_NAME)}
        svg = render_to_string("discovery/evidence_map.svg", context)
        response = HttpResponse(svg, content_type="image/svg+xml")
        response.headers["Content-Disposition"] = content_disposition_header(False, f"{self._name()}.svg")
        return response

    def page(self):
        """Return what the page shows."""
        filters, found = self.filters, self.map
        how_many = found.how_many()
        return {
            "section": "explore",
            "crumbs": [(_("Explore"), reverse("discovery:browse"))],
            "map": found,
            "filters": filters,
            "active_facets": filters.chips(),
            "cells": sum(how_many.values()),
            "filled": sum(how_many.values()) - how_many[State.GAP],
            "states": [(state, how_many[state], MEANINGS[state]) for state in State],
            "most_known": found.most_known(),
            "table": _table(_Table(found, filters)),
            "csv_url": filters.address("discovery:evidence_map_csv"),
            "picture_url": filters.address("discovery:evidence_map_picture"),
            "json_url": filters.address(format="json"),
            "permalink": filters.address(until=self._day()),
            "today": timezone.localdate(),
            "citation": CITATION,
            "moderates": moderates(self.request.user),
            "told": "" if self.request.user.is_authenticated else self._told(),
        }

    def _told(self):
        """Return what search engines are told of a visitor's map: that it is data which can be had as files."""
        return structured.block(
            structured.dataset(
                _("Evidence map of co-production"),
                _(
                    "How much is known of each principle of co-production in each public service, and how well."
                ),
                self.filters.address(),
                changed=self.last_change[0],
                downloads=[
                    ("text/csv", self.filters.address("discovery:evidence_map_csv")),
                    ("application/json", self.filters.address(format="json")),
                    ("image/svg+xml", self.filters.address("discovery:evidence_map_picture")),
                ],
            )
        )

    def _day(self):
        return (self.filters.until or timezone.localdate()).isoformat()

    def _name(self):
        return f"evidence-map-{self._day()}"


class EvidenceMapTableView(EvidenceMapView):
    """The same as a table for a spreadsheet."""

    answer = "csv"


class EvidenceMapPictureView(EvidenceMapView):
    """The same as a picture, to put in a paper or a slide."""

    answer = "svg"


class _Table:
    """What the HTML of a table is kept under; equal when all that it is made of is equal."""

    __slots__ = ("digest", "filters", "map")

    def __init__(self, found, filters):
        numbers = [(cell.counts, cell.best, cell.together) for cell in found.cells()]
        totals = [cell.total for cell in (found.whole, *found.totals, *(row.total for row in found.rows))]
        terms = vocabulary.current().digest
        self.map, self.filters = found, filters
        self.digest = digest_of(numbers, totals, filters.chosen.query(), terms, get_language())

    def __hash__(self):
        return hash(self.digest)

    def __eq__(self, other):
        return self.digest == other.digest


@lru_cache(maxsize=KEPT_TABLES)
def _table(table):
    found, rest = table.map, table.filters.chosen.query()
    table.map = table.filters = None  # the key lives as long as the HTML, and needs no more
    return render_to_string(
        "discovery/_evidence_table.html",
        {
            "map": found,
            "rest": f"&{rest}" if rest else "",
            "browse": reverse("discovery:browse"),
            "map_path": reverse("discovery:evidence_map"),
            "add": reverse("casestudies:new"),
            "ask": reverse("forum:new"),
            "people": reverse("profiles:directory"),
        },
    )
