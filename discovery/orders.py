"""In which order search and browse show what they found: ?sort= in the address."""

from functools import cache

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from commons.contributions.lists import somebody
from commons.contributions.models import Contribution
from commons.contributions.prepared import PreparedList
from commons.search.models import SearchEntry

from .counting import among

RELEVANCE, NEWEST, HELPFUL, ACTIVE = "relevance", "newest", "helpful", "active"
LABELS = {
    RELEVANCE: _("Best match"),
    NEWEST: _("Newest"),
    HELPFUL: _("Most helpful"),
    ACTIVE: _("Recent activity"),
}
IN_SEARCH = (RELEVANCE, NEWEST, HELPFUL, ACTIVE)
IN_BROWSE = (NEWEST, HELPFUL, ACTIVE)
# Columns of a contribution, the largest first; its number decides between those that are the same.
COLUMNS = {
    NEWEST: ("published_at",),
    HELPFUL: ("helpful_count", "published_at"),
    ACTIVE: ("last_activity_at",),
}
KNOWN = {NEWEST: {}, HELPFUL: {"helpful_count__gte": 0}, ACTIVE: {"last_activity_at__isnull": False}}


def read_order(query, offered):
    """Return which of the orders `offered` a request's GET asks for: the first, unless it names another."""
    asked = query.get("sort")
    return asked if asked in offered else offered[0]


def links(query, offered):
    """Return {label, url, current} for each order, from its first page on; `query` is a request's GET."""
    current = read_order(query, offered)
    return [
        {"label": LABELS[order], "url": _address(query, order, offered), "current": order == current}
        for order in offered
    ]


def named(order, offered):
    """Return an order as an address has it: "" for the one that need not be named."""
    return "" if order == offered[0] else order


def in_order(user, order):
    """Return all that is listed to `user` in this order, as rows for cards."""
    # True of all that is listed: saying it of the first column leads SQLite to this order's index, and not to another.
    listed = Contribution.objects.listed_to(user).filter(published_at__isnull=False, **KNOWN[order])
    return listed.order_by(*(f"-{column}" for column in COLUMNS[order]), "-pk").for_cards()


def all_in_order(user, order):
    """Return the same for a Pager, by a statement that is made once."""
    return _all_in_order(user.is_authenticated, order).of()


@cache
def _all_in_order(signed_in, order):
    return PreparedList(lambda: in_order(somebody(signed_in), order))


def put_in_order(ids, order):
    """Return the ids of search entries, which are the best first, in this order. One query, none for relevance.

    What is no contribution has neither date nor marks and comes last.
    """
    if order == RELEVANCE:
        return ids
    columns = [F(f"contribution__{column}").desc(nulls_last=True) for column in COLUMNS[order]]
    found = SearchEntry.objects.filter(pk__in=among(ids)).order_by(*columns, "-pk")
    return list(found.values_list("pk", flat=True))


def _address(query, order, offered):
    rest = query.copy()
    rest.pop("page", None)
    rest.pop("sort", None)
    if order != offered[0]:
        rest["sort"] = order
    return f"?{rest.urlencode()}"
