"""The evidence map as a picture for a paper or a slide: where each part of it stands, and what it says in words.

The template draws it (discovery/evidence_map.svg). It brings its own colours, those of the light page, for it is seen
where there is no stylesheet of ours; each cell says its state by a shape and in words as well.
"""

import textwrap
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.contributions.feeds import canonical

from .evidence_map import State

WIDTH = 1200
MARGIN = 24
NAMES = 230  # the width of the column of sectors
CELL_HEIGHT = 54
LINE = 20
LETTER = 8.2  # the width that a letter of 15 px takes, at most
COLOURS = {
    State.GAP: "#FFFFFF",
    State.WEAK: "#FDF1D6",
    State.MODERATE: "#EAEBF6",
    State.STRONG: "#E6F1E6",
    State.APART: "#F5E9F3",
}


@dataclass(frozen=True)
class Words:
    words: str
    x: int
    y: int


@dataclass(frozen=True)
class Box:
    """One cell, with its number in words and its state."""

    x: int
    y: int
    width: int
    state: State
    colour: str
    number: str
    lines: list

    @property
    def height(self):
        return CELL_HEIGHT


@dataclass(frozen=True)
class Key:
    x: int
    y: int
    state: State
    words: str


@dataclass(frozen=True)
class Drawing:
    """Everything in its place, in units that are pixels; `title` and `told` say all of it in words."""

    title: str
    told: str
    about: list
    heads: list
    names: list
    boxes: list
    keys: list
    source: list
    height: int
    width: int = WIDTH


def drawing_of(found, filters, network):
    """Return the Drawing of an EvidenceMap with its MapFilters, for the network of that name."""
    columns = len(found.principles) or 1
    width = (WIDTH - 2 * MARGIN - NAMES) // columns
    title = _("Evidence map: %(network)s") % {"network": network}
    about, y = _lines(_about(found, filters), WIDTH - 2 * MARGIN, MARGIN, 74)
    heads, below = [], y
    for place, principle in enumerate(found.principles):
        lines, end = _lines(principle.name, width - 8, MARGIN + NAMES + place * width + 4, y + LINE)
        heads += lines
        below = max(below, end)
    y = below
    names, boxes = [], []
    for row in found.rows:
        lines = _lines(row.sector.name, NAMES - 12, MARGIN, y + LINE)[0]
        names += lines
        boxes += [
            _box(cell, MARGIN + NAMES + place * width, y, width) for place, cell in enumerate(row.cells)
        ]
        y += CELL_HEIGHT
    keys = _keys(found, y + 22)
    source, end = _lines(_source(filters, network), WIDTH - 2 * MARGIN, MARGIN, y + 64)
    return Drawing(title, told_of(found, filters), about, heads, names, boxes, keys, source, height=end + 8)


def told_of(found, filters):
    """Return the whole map in sentences, a sector each: the same words as the picture has."""
    sectors = []
    for row in found.rows:
        cells = "; ".join(
            f"{cell.principle.name}: {cell.items_words}, {cell.state.label.lower()}" for cell in row.cells
        )
        sectors.append(f"{row.sector.name}. {cells}.")
    return " ".join([_about(found, filters), *sectors])


def _about(found, filters):
    chosen = ", ".join(filters.words())
    words = ngettext(
        "%(number)s published item, counted once in this number and in each cell that it is about.",
        "%(number)s published items, each counted once in this number and in every cell that it is about.",
        found.whole.total,
    ) % {"number": f"{found.whole.total:,}"}
    return f"{words} {_('Only: %(chosen)s.') % {'chosen': chosen}}" if chosen else words


def _source(filters, network):
    day = formats.date_format(filters.until or timezone.localdate(), "j F Y")
    return _("Source: %(network)s, %(address)s, as it stood on %(day)s.") % {
        "network": network,
        "address": canonical(filters.address()),
        "day": day,
    }


def _box(cell, x, y, width):
    lines = textwrap.wrap(cell.state.label, max(int((width - 34) / 7.2), 6))
    return Box(x, y, width, cell.state, COLOURS[cell.state], cell.items_words, lines)


def _keys(found, y):
    """Return what stands below: each shape with its state and how many cells are so."""
    width = (WIDTH - 2 * MARGIN) // len(State)
    how_many = found.how_many()
    return [
        Key(MARGIN + place * width, y, state, f"{state.label}: {how_many[state]}")
        for place, state in enumerate(State)
    ]


def _lines(words, width, x, y):
    """Return a text broken into Words from (x, y) on, and where the next line would be."""
    lines = textwrap.wrap(words, max(int(width / LETTER), 8))
    return [Words(line, x, y + place * LINE) for place, line in enumerate(lines)], y + len(lines) * LINE
