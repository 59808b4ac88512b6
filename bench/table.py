"""The table in Markdown, and which limits are passed."""

from dataclasses import dataclass

from .pages import KB

HEADINGS = [
    "Page",
    "Reader",
    "SQL",
    "SQL of a 304",
    "Calls",
    "KB",
    "KB compressed",
    "Requests/s",
    "CPU ms",
    "of the floor",
]


@dataclass(frozen=True)
class Row:
    """What was measured of one page. `load` and `ratio` are None without the server, `buffers` on SQLite."""

    page: object
    cost: object
    load: object = None
    ratio: float | None = None
    buffers: int | None = None

    def cells(self):
        """Return (measured, limit) for each figure that is held to its limit, or None where there is none."""
        cost, limits = self.cost, self.page.limits
        unchanged = None if cost.not_modified is None else (cost.not_modified, limits.not_modified)
        return {
            "SQL": (cost.sql, limits.sql),
            "SQL of a 304": unchanged,
            "Calls": (cost.calls, limits.calls),
            "KB": (cost.raw, limits.raw),
            "KB compressed": (cost.compressed, limits.compressed),
        }

    def past(self):
        """Return the headings of the limits that are passed, of those that hold on a busy machine."""
        return [name for name, cell in self.cells().items() if cell and cell[0] > cell[1]]


def markdown(rows, floors, with_buffers):
    """Return the table. `floors` are (name, Cost, Load or None) of the floor pages."""
    headings = [*HEADINGS, "Buffers"] if with_buffers else HEADINGS
    lines = [_line(headings), _line(["---"] * 2 + ["---:"] * (len(headings) - 2))]
    lines += [_line(_row(row, with_buffers)) for row in rows]
    lines += [_line(_floor(*floor, with_buffers)) for floor in floors]
    return "\n".join(lines)


def _row(row, with_buffers):
    shown = [row.page.name, row.page.reader]
    for name, cell in row.cells().items():
        shown.append(_held(name, *cell) if cell else "")
    shown += _rates(row.load)
    shown.append(f"{row.ratio:.2f} / {row.page.limits.ratio:g}" if row.ratio else "")
    if with_buffers:
        limit = row.page.limits.buffers
        shown.append(f"{row.buffers} / {limit}" if limit else str(row.buffers))
    return shown


def _floor(name, cost, load, with_buffers):
    figures = [str(cost.sql), "", f"{cost.calls:,}", f"{cost.raw / KB:.1f}", "", *_rates(load), ""]
    return [name, "", *figures, ""] if with_buffers else [name, "", *figures]


def _rates(load):
    return [f"{load.rate:.0f}", f"{load.cost * 1000:.1f}"] if load else ["", ""]


def _held(name, measured, limit):
    words = f"{_figure(name, measured)} / {_figure(name, limit)}"
    return f"**{words}**" if measured > limit else words


def _figure(name, value):
    if name.startswith("KB"):
        return f"{value / KB:.1f}".removesuffix(".0")
    return f"{value:,}"


def _line(cells):
    return f"| {' | '.join(cells)} |"
