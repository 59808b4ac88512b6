"""Numbered pages: in the address, bounded, and counted no further than a reader needs."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

PER_PAGE = 20
MOST_PAGES = 50
COUNT_TO = 1000


@dataclass(frozen=True)
class PageLink:
    number: int
    url: str
    current: bool


@dataclass(frozen=True)
class PageLinks:
    """The links of one page to the others, made of four values alone: so their HTML can be kept.

    `count` is how many items there are, `query` the rest of the address, encoded.
    """

    number: int
    last: int
    count: int
    query: str

    @property
    def count_words(self):
        if self.count > COUNT_TO:
            return _("Over %(number)s") % {"number": f"{COUNT_TO:,}"}
        return ngettext("%(number)s result", "%(number)s results", self.count) % {"number": f"{self.count:,}"}

    def url(self, number):
        page = f"page={number}" if number > 1 else ""
        return "?" + "&".join(filter(None, [self.query, page]))

    @property
    def pages(self):
        """Links to show, None for a gap: the first, the last, and those around this one."""
        if self.last < 2:
            return []
        near = {1, self.last, *range(self.number - 1, self.number + 2)}
        shown = []
        for number in sorted(n for n in near if 1 <= n <= self.last):
            if shown and shown[-1].number < number - 1:
                shown.append(None if number - shown[-1].number > 2 else self._link(number - 1))
            shown.append(self._link(number))
        return shown

    def _link(self, number):
        return PageLink(number, self.url(number), number == self.number)

    @property
    def previous_url(self):
        return self.url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self):
        return self.url(self.number + 1) if self.number < self.last else ""


def rows_between(listed, start, stop):
    """Return the rows of a queryset, or of what a Pager takes in its place, from `start` to `stop`."""
    if hasattr(listed, "part"):
        return listed.part(start, stop)
    return list(listed[start:stop])


def count_to(listed, limit):
    """Return how many there are of the same, counted no further than `limit`."""
    if hasattr(listed, "count_to"):
        return listed.count_to(limit)
    return listed.order_by()[:limit].count()


class Pager:
    """One page of a queryset, or of a PreparedList with its values, and the links to the others.

    `query` is the request's GET: its ?page= is read, everything else in it is kept in the links. Raises
    Http404 for a page that is not a number or is not there. Costs two queries: rows, and a count that
    stops at COUNT_TO. One that has been counted already says so by `count`, which saves that query.
    """

    def __init__(self, queryset, query, per_page=PER_PAGE, count=None):
        self.queryset, self.query, self.per_page = queryset, query, per_page
        if count is not None:
            self.count = min(count, COUNT_TO + 1)
        self.number = self._number()
        if self.number > max(1, self.last):
            raise Http404

    def _number(self):
        raw = self.query.get("page", "1")
        if not (raw.isascii() and raw.isdecimal() and len(raw) <= 4) or not 1 <= int(raw) <= MOST_PAGES:
            raise Http404
        return int(raw)

    @cached_property
    def count(self):
        """How many there are, exact to COUNT_TO; COUNT_TO + 1 means more."""
        return count_to(self.queryset, COUNT_TO + 1)

    @cached_property
    def last(self):
        return min(MOST_PAGES, -(-self.count // self.per_page))

    @cached_property
    def rows(self):
        start = (self.number - 1) * self.per_page
        return rows_between(self.queryset, start, start + self.per_page)

    @cached_property
    def links(self):
        """The PageLinks of this page."""
        query = self.query.copy()
        query.pop("page", None)
        return PageLinks(self.number, self.last, self.count, query.urlencode() if query else "")

    @property
    def count_words(self):
        return self.links.count_words

    @property
    def pages(self):
        return self.links.pages

    @property
    def previous_url(self):
        return self.links.previous_url

    @property
    def next_url(self):
        return self.links.next_url

    @property
    def title_words(self):
        """What the page's title adds from the second page on, such as ", page 3"."""
        return _(", page %(number)d") % {"number": self.number} if self.number > 1 else ""
