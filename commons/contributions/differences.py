"""What changed from one text to the next, word by word, for people to read.

The shortest way from one to the other is looked for (E. W. Myers, "An O(ND) Difference Algorithm and Its Variations",
Algorithmica 1, 1986), as far as an effort goes that is shared by a whole page: two long texts that have nothing in
common must not keep a server busy. Past it lines are compared instead of words, and past that the whole.
"""

import re
from dataclasses import dataclass

SAME, REMOVED, ADDED, GAP = "same", "removed", "added", "gap"
WORDS = re.compile(r"\w+|\s+|[^\w\s]")
LINES = re.compile(r"[^\n]*\n|[^\n]+")
# Steps that one page may take: a word compared with a word is one.
EFFORT = 1_200_000
# Characters of what stayed the same that are shown around a change.
AROUND = 160
# Characters of one field's changes that a list of versions shows.
MOST_SHOWN = 3_000


@dataclass(frozen=True)
class Piece:
    """A stretch of text and what became of it: SAME, REMOVED or ADDED; a GAP stands for much that stayed the same."""

    what: str
    text: str = ""


class Effort:
    """How many steps are left."""

    def __init__(self, steps=EFFORT):
        self.steps = steps

    def spend(self, steps):
        """Take some. Raises TooCostly when there are none left."""
        self.steps -= steps
        if self.steps < 0:
            raise TooCostly


class TooCostly(Exception):
    """The effort is spent."""


def differences(before, after, effort):
    """Return the Pieces that lead from the text `before` to `after`, in their order. What stayed the same is whole."""
    for parts in (WORDS, LINES):
        # Words get half of what is left, so that lines still have some.
        share = Effort(effort.steps // 2)
        try:
            found = _compared(parts.findall(before), parts.findall(after), share)
        except TooCostly:
            effort.steps -= effort.steps // 2
        else:
            effort.steps -= effort.steps // 2 - share.steps
            return _joined(found)
    return _joined([(REMOVED, before), (ADDED, after)])


def _compared(old, new, effort):
    """Return (what, part) for all parts of two lists. Raises TooCostly."""
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    middle = _shortest(old[first : len(old) - last], new[first : len(new) - last], effort)
    end = old[len(old) - last :]
    return [(SAME, part) for part in old[:first]] + middle + [(SAME, part) for part in end]


def _shortest(old, new, effort):
    """Return the shortest way from `old` to `new` as (what, part). Raises TooCostly."""
    # How far along `old` each diagonal (place in `old` less place in `new`) is reached, and so before each change.
    furthest, trail = {1: 0}, []
    for changes in range(len(old) + len(new) + 1):
        effort.spend(2 * changes + 1)
        trail.append(dict(furthest))
        for diagonal in range(-changes, changes + 1, 2):
            x = furthest[diagonal + 1] if _adds(furthest, diagonal, changes) else furthest[diagonal - 1] + 1
            begun = x
            while x < len(old) and x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            effort.spend(x - begun + 1)
            furthest[diagonal] = x
            if x >= len(old) and x - diagonal >= len(new):
                return _way_back(trail, old, new)
    return []


def _adds(furthest, diagonal, changes):
    """Whether the last of so many changes on the way to this diagonal adds a part of the new, or removes an old one."""
    if diagonal in (-changes, changes):
        return diagonal == -changes
    return furthest[diagonal - 1] < furthest[diagonal + 1]


def _way_back(trail, old, new):
    found, x, y = [], len(old), len(new)
    for changes in range(len(trail) - 1, -1, -1):
        furthest, diagonal = trail[changes], x - y
        adds = _adds(furthest, diagonal, changes)
        came_from = diagonal + 1 if adds else diagonal - 1
        begin = furthest[came_from]
        while x > begin and y > begin - came_from:
            x, y = x - 1, y - 1
            found.append((SAME, old[x]))
        if changes and adds:
            y -= 1
            found.append((ADDED, new[y]))
        elif changes:
            x -= 1
            found.append((REMOVED, old[x]))
    return found[::-1]


def _joined(parts):
    """Return (what, part) as Pieces as long as can be: removed before added, a mere space between changes with both."""
    found, removed, added, same = [], "", "", ""
    for what, part in [*parts, (None, "")]:
        if what == SAME:
            same += part
            continue
        if same and (same.strip() or what is None or not (removed or added)):
            found += [Piece(REMOVED, removed), Piece(ADDED, added), Piece(SAME, same)]
            removed = added = ""
        else:
            removed, added = removed + same, added + same
        same = ""
        removed += part if what == REMOVED else ""
        added += part if what == ADDED else ""
    found += [Piece(REMOVED, removed), Piece(ADDED, added)]
    return [piece for piece in found if piece.text]


def excerpt(pieces, most=MOST_SHOWN):
    """Return (Pieces, whether something was left out at the end): the changes, and a little of what is around them."""
    shown, room = [], most
    for number, piece in enumerate(pieces):
        if piece.what == SAME:
            shown += _shortened(piece.text, first=number == 0, last=number == len(pieces) - 1)
            continue
        shown.append(Piece(piece.what, piece.text[:room]))
        if len(piece.text) > room:
            return [*shown, Piece(GAP)], True
        room -= len(piece.text)
    return shown, False


def _shortened(text, *, first, last):
    """Return the Pieces of a text that stayed the same: of a long one only what is beside a change, in whole words."""
    if len(text) <= 2 * AROUND:
        return [Piece(SAME, text)]
    begin, end = text[:AROUND].rpartition(" ")[0], text[-AROUND:].partition(" ")[2]
    pieces = [] if first else [Piece(SAME, begin)]
    return [*pieces, Piece(GAP), *([] if last else [Piece(SAME, end)])]
