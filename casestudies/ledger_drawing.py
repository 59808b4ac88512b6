"""Where the bars of a ledger's drawing go: to the right what each budget holder gains, to the left what they pay.

The template draws it (casestudies/_ledger.html), with the same words as the table. 320 units wide, so that on a
phone a unit is a pixel and the words can be read.
"""

import textwrap
from dataclasses import dataclass, field

WIDTH = 320
ROOM = 300  # for the bars of both sides together
LINE = 19
BAR = 16
GAP = 14
LETTERS = 36  # in a line of a name
LEAST = 2  # a bar that is there can be seen


@dataclass(frozen=True)
class Bar:
    """One bar from `x`; `sure` is as wide as the least, `maybe` what a range adds to it."""

    side: str
    x: float
    sure: float
    maybe_x: float
    maybe: float


@dataclass
class Line:
    """One holder: the lines of the name with their heights, the words for what is left, and the bars."""

    names: list
    net: str
    net_y: float
    bar_y: float
    bars: list = field(default_factory=list)


@dataclass
class Drawing:
    """The lines, the height of all, and where nothing is."""

    lines: list
    height: int
    middle: float
    width: int = WIDTH
    bar: int = BAR


def drawing_of(statement):
    """Return the Drawing of a Statement of the ledger."""
    most_paid = max((holder.pays.high for holder in statement.holders), default=0)
    most_gained = max((holder.gains.high for holder in statement.holders), default=0)
    scale = ROOM / ((most_paid + most_gained) or 1)
    middle = round(10 + most_paid * scale, 1)
    lines, y = [], 0
    for holder in statement.holders:
        names = []
        for words in textwrap.wrap(holder.name, LETTERS) or [""]:
            y += LINE
            names.append((words, y))
        y += LINE
        line = Line(names, holder.net.words(statement.currency), net_y=y, bar_y=y + 6)
        line.bars = [
            bar
            for bar in (
                _bar("pays", holder.pays, middle, scale, -1),
                _bar("gains", holder.gains, middle, scale, 1),
            )
            if bar
        ]
        lines.append(line)
        y += BAR + GAP
    return Drawing(lines, height=y + 4, middle=middle)


def _bar(side, amount, middle, scale, direction):
    """Return the Bar of a Range, or None where it is nothing."""
    if not amount.high:
        return None
    sure = amount.low * scale
    whole = max(amount.high * scale, LEAST)
    maybe = round(whole - sure, 1)
    sure = round(sure, 1)
    if direction > 0:
        return Bar(side, middle, sure, round(middle + sure, 1), maybe)
    return Bar(side, round(middle - sure, 1), sure, round(middle - sure - maybe, 1), maybe)
