"""HTML that is drawn once and then kept in memory, under all that it is made of.

It is a function of its key, so it can't be out of date; which rows a reader gets is asked of the gate each time.
"""

import hashlib
from functools import lru_cache

from django.conf import settings

KEPT = 6_000  # at about 2 KB each


class _Drawing:
    """What HTML is kept under, and how it is drawn; equal when all that the HTML is made of is equal."""

    __slots__ = ("digest", "draw")

    def __init__(self, digest, draw):
        self.digest, self.draw = digest, draw

    def __hash__(self):
        return hash(self.digest)

    def __eq__(self, other):
        return self.digest == other.digest


def digest_of(*parts):
    """Return a short name for plain values (numbers, words, dates, and tuples, lists and dicts of them)."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()


def drawn(made_of, draw):
    """Return what `draw()` returns, from memory where something made of an equal `made_of` was drawn before."""
    drawing = _Drawing(digest_of(made_of), draw)
    return _kept.__wrapped__(drawing) if settings.DEBUG else _kept(drawing)


@lru_cache(maxsize=KEPT)
def _kept(drawing):
    html = drawing.draw()
    drawing.draw = None  # the key lives as long as the HTML, and needs what it was drawn from no more
    return html
