"""The evidence map for other programs: as CSV, one cell a line, and as JSON."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.contributions.feeds import canonical
from commons.markup import spreadsheets

from .evidence_map import Sort

VERSION = 1  # of the JSON: a new number when a name in it changes or goes
COLUMNS = (
    _("Service sector"),
    _("Principle"),
    _("State"),
    _("Items"),
    *Sort.labels,
    _("Best level of evidence"),
    _("Address of the list"),
)
NAMES = ("case_studies", "evaluations", "research_and_reports", "practice_talk")


def as_csv(found, filters):
    """Yield the lines of an EvidenceMap as CSV: every cell, then the totals, in which an item counts once."""
    totals = [*(row.total for row in found.rows), *found.totals, found.whole]
    return spreadsheets.lines(COLUMNS, (_line(cell, filters) for cell in (*found.cells(), *totals)))


def as_json(found, filters):
    """Return an EvidenceMap as plain values for JSON."""
    return {
        "version": VERSION,
        "address": canonical(filters.address()),
        "until": (filters.until or timezone.localdate()).isoformat(),
        "filters": [str(words) for words in filters.words()],
        "principles": [{"slug": term.slug, "name": term.name} for term in found.principles],
        "sectors": [{"slug": row.sector.slug, "name": row.sector.name} for row in found.rows],
        "cells": [_values(cell, filters) for cell in found.cells()],
        "totals": {
            "principles": [_values(cell, filters) for cell in found.totals],
            "sectors": [_values(row.total, filters) for row in found.rows],
            "all": _values(found.whole, filters),
        },
    }


def _line(cell, filters):
    return [
        cell.sector.name if cell.sector else _("All sectors"),
        cell.principle.name if cell.principle else _("All principles"),
        cell.state.label if cell.sector and cell.principle else "",
        cell.total,
        *cell.counts,
        "" if cell.best is None else cell.best,
        canonical(filters.list_path(cell)),
    ]


def _values(cell, filters):
    of_one = {}
    if cell.principle:
        of_one["principle"] = cell.principle.slug
    if cell.sector:
        of_one["sector"] = cell.sector.slug
    if cell.principle and cell.sector:
        of_one["state"] = cell.state.value
    return {
        **of_one,
        "items": cell.total,
        **dict(zip(NAMES, cell.counts, strict=True)),
        "best_evidence_level": cell.best,
        "list": canonical(filters.list_path(cell)),
    }
