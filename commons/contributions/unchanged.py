"""Numbers and ids that were counted or looked up once, and hold until something changes."""

from django.core.cache import cache

from .paging import count_to, rows_between

KEPT_SECONDS = 60


def while_unchanged(key, stamp, read, seconds=KEPT_SECONDS):
    """Return what `read()` returned when it was last called under `key` with an equal `stamp`.

    The stamp is all that tells of a change, such as when any contribution last did. It is kept for `seconds` at most,
    and never what may be shown: only what can be shown after the gate has been asked of it.
    """
    kept = cache.get(key)
    if kept is None or kept[0] != stamp:
        kept = stamp, read()
        cache.set(key, kept, seconds)
    return kept[1]


class CountKept:
    """A list as a Pager takes it, which is counted once under `key` until the `stamp` is another."""

    def __init__(self, listed, key, stamp):
        self.listed, self.key, self.stamp = listed, key, stamp

    def part(self, start, stop):
        """Return the rows from `start` to `stop`. One query."""
        return rows_between(self.listed, start, stop)

    def count_to(self, limit):
        """Return how many there are, counted no further than `limit`. One query at most."""
        return while_unchanged(f"{self.key}.{limit}", self.stamp, lambda: count_to(self.listed, limit))
