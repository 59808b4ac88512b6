"""The picture that we draw for a video that has none: how its title is set, and which patches stand beside it.

The drawing itself is library/video_poster.svg, 1280 x 720. A picture in a page can load no font and no other file,
so it is set in the reader's own sans serif and brings its patterns along.
"""

import textwrap
from dataclasses import dataclass

from commons.markup.render import clean_text

MIDDLE = 330  # pixels from the top
# (size of the letters, characters a line, lines): the first that a title fits into. Bold letters of a wide typeface
# take 0.62 em.
SETTINGS = ((84, 18, 4), (64, 24, 6), (48, 33, 8))
LEADING = 1.2
TILES, TILE = 6, 120


@dataclass(frozen=True)
class Line:
    words: str
    size: int
    y: int


@dataclass(frozen=True)
class Patch:
    """One of the eight patches; `y` is where it begins."""

    number: int
    y: int


def poster_lines(title):
    """Return the Lines of a title, in the largest letters into which all of it fits; the end of a longer one is cut."""
    title = clean_text(title)
    fitting = (each for each in SETTINGS if len(textwrap.wrap(title, each[1])) <= each[2])
    size, across, most = next(fitting, SETTINGS[-1])
    lines = textwrap.wrap(title, across, max_lines=most, placeholder="…")
    first = MIDDLE - (len(lines) - 1) * size * LEADING / 2 + size * 0.35
    return [Line(words, size, round(first + number * size * LEADING)) for number, words in enumerate(lines)]


def poster_patches(principles, terms):
    """Return the Patches that are sewn down the side: those of the principles with these ids, in equal parts."""
    numbers = [terms.principles[pk].patch for pk in principles if pk in terms.principles]
    if not numbers:
        return []
    return [Patch(numbers[at * len(numbers) // TILES], at * TILE) for at in range(TILES)]
