"""More like this: what shares principles, sectors and keywords with an item, below its page.

Looked for among the newest LOOKED_AT alone, so that it costs the same however much there is. What those are tagged
with is kept for a minute; which items a reader gets, and how alike they are, is asked of the rows each time, through
the gate.
"""

from functools import cache

from .lists import somebody
from .models import Contribution
from .prepared import Prepared
from .querysets import NOT_IN_LISTS, reach_of
from .unchanged import while_unchanged

SHOWN = 4
LOOKED_AT = 200
BEST = 2 * SHOWN  # read: some of them may have newer versions, or be there no more
# What a line shows nothing of, beside what no list shows.
NOT_IN_LINES = (
    *NOT_IN_LISTS,
    "created_at",
    "edited_at",
    "last_activity_at",
    "comment_count",
    "helpful_count",
    "voices",
)


def more_like(item, user):
    """Return up to SHOWN contributions listed to `user` that share most with `item`, then the newest.

    They come without NOT_IN_LINES, and without those that a newer version has superseded. One query, and one a minute
    for what there is to choose from; none where `item` has no tags.
    """
    tags = _tags(item.card)
    if not tags:
        return []
    reach, signed_in = reach_of(user), user.is_authenticated
    newest = while_unchanged(
        f"contributions.tags_of_newest.{reach}", None, lambda: _tags_of_newest(signed_in)
    )
    alike = [
        (-len(tags.intersection(theirs)), place, pk)
        for place, (pk, theirs) in enumerate(newest)
        if pk != item.pk and not tags.isdisjoint(theirs)
    ]
    ids = [pk for _shared, _place, pk in sorted(alike)[:BEST]]
    # The 0 is nothing's id: the statement always has the same places.
    found = [
        other
        for other in _listed(signed_in).rows(*[*ids, *[0] * BEST][:BEST])
        if not tags.isdisjoint(_tags(other.card)) and other.card.get("superseded", 0) < reach
    ]
    found.sort(
        key=lambda other: (
            -len(tags.intersection(_tags(other.card))),
            -other.published_at.timestamp(),
            -other.pk,
        )
    )
    return found[:SHOWN]


def _tags(card):
    """Return the set of an item's tags, as its card has them."""
    keywords = [f"keyword {slug}" for _name, slug in card.get("keywords", [])]
    terms = [f"{name} {pk}" for name in ("principles", "sectors") for pk in card.get(name, [])]
    return {*terms, *keywords}


def _tags_of_newest(signed_in):
    """Return [(id, tags)] of the newest LOOKED_AT, and one more for the item that itself is one of them."""
    return [(pk, tuple(_tags(card))) for pk, card in _newest(signed_in).rows()]


@cache
def _newest(signed_in):
    listed = Contribution.objects.listed_to(somebody(signed_in))
    return Prepared(lambda: listed.newest().values_list("pk", "card")[: LOOKED_AT + 1])


@cache
def _listed(signed_in):
    """Return the statement of the rows with these ids, as far as they are listed."""
    listed = Contribution.objects.listed_to(somebody(signed_in))
    return Prepared(lambda *ids: listed.filter(pk__in=ids).order_by().defer(*NOT_IN_LINES), *[0] * BEST)
