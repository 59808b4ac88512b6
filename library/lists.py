"""The newest of the library, one kind or several together: superseded versions of documents are left out."""

from functools import cache, lru_cache

from commons.contributions.lists import somebody
from commons.contributions.models import Contribution
from commons.contributions.prepared import Prepared, count_each

from .editions import without_superseded
from .models import Document, Link, Report, Video

KINDS = (Document.KIND, Link.KIND, Video.KIND, Report.KIND)
KEPT_STATEMENTS = 500


def listed(user, codes=KINDS):
    """Return the queryset of what is listed to `user` of these kinds, newest first, for narrowing by facets."""
    found = Contribution.objects.filter(kind__in=codes).listed_to(user).newest().for_cards()
    return without_superseded(found, user) if Document.KIND in codes else found


class Newest:
    """The newest of some kinds that are listed to `user`, for a Pager or by its part().

    Each kind is read through its own part of an index, so that it costs the same whatever else there is.
    """

    def __init__(self, user, codes=KINDS):
        self.signed_in, self.codes = user.is_authenticated, tuple(codes)

    def part(self, start, stop):
        """Return the rows from `start` to `stop`. One query."""
        return _part(self.signed_in, self.codes, start, stop).rows()

    def count_to(self, limit):
        """Return how many there are, counted no further than `limit`. One query."""
        return min(limit, sum(count_each(_counted(self.signed_in, self.codes, limit)).values()))


def _newest(signed_in, code):
    reader = somebody(signed_in)
    found = Contribution.objects.of_kind(code).listed_to(reader).newest()
    return without_superseded(found, reader) if code == Document.KIND else found


@lru_cache(maxsize=KEPT_STATEMENTS)
def _part(signed_in, codes, start, stop):
    """Return the statement of one page."""

    def few(code):
        # The slice is an inner query: SQLite takes no limit in a part of a union.
        ids = _newest(signed_in, code).values("pk")[:stop]
        return Contribution.objects.filter(pk__in=ids).order_by().values("pk")

    def build():
        if len(codes) == 1:
            return _newest(signed_in, *codes).for_cards()[start:stop]
        first, *others = map(few, codes)
        found = Contribution.objects.filter(pk__in=first.union(*others, all=True))
        return found.newest().for_cards()[start:stop]

    return Prepared(build)


@cache
def _counted(signed_in, codes, limit):
    """Return {kind: the statement of what is counted of it}."""

    def of(code):
        return Prepared(lambda: _newest(signed_in, code).order_by().values("pk")[:limit])

    return {code: of(code) for code in codes}
