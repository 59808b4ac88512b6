"""More like this: what shares principles, sectors and keywords with an item, below its page.

Looked for among the newest LOOKED_AT alone, so that it costs the same however much there is. What those are tagged
with is kept for a minute; which items a reader gets, and how alike they are, is asked of the rows each time, through
the gate.
"""

from collections import Counter, defaultdict
from functools import cache

from .lists import somebody
from .models import Contribution
from .prepared import Prepared
from .querysets import NOT_IN_LISTS, reach_of
from .unchanged import while_unchanged

SHOWN = 4
LOOKED_AT = 200
BEST = SHOWN + 2  # read: some may have got newer versions within the minute, or be there no more
# What a line shows nothing of, beside what no list shows.
NOT_IN_LINES = (
    *NOT_IN_LISTS,
    "created_at",
    "edited_at",
    "last_activity_at",
    "comment_count",
    "helpful_count",
    "voices",
    "last_position",
    "last_comment",
    "starts_on",
    "answered",
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
    newest, places = while_unchanged(
        f"contributions.newest_by_tag.{reach}", None, lambda: _tagged(signed_in, reach)
    )
    shared = Counter(dict.fromkeys(range(len(newest)), 0))
    for tag in tags:
        shared.update(places.get(tag, ()))
    # Those that share as many stay in the order in which they came.
    alike = [newest[place] for place, number in shared.most_common() if number]
    ids = [pk for pk in alike if pk != item.pk][:BEST]
    # The 0 is nothing's id: the statement always has the same places.
    found = []
    for other in _listed(signed_in).rows(*[*ids, *[0] * BEST][:BEST]):
        number = len(tags.intersection(_tags(other.card)))
        if number and other.card.get("superseded", 0) < reach:
            found.append((number, other.published_at, other.pk, other))
    found.sort(reverse=True)  # no two have one number
    return [other for *_merits, other in found[:SHOWN]]


def _tags(card):
    """Return the set of an item's tags, as its card has them."""
    tags = {f"keyword {slug}" for _name, slug in card.get("keywords", ())}
    tags.update([f"principle {pk}" for pk in card.get("principles", ())])
    tags.update([f"sector {pk}" for pk in card.get("sectors", ())])
    return tags


def _tagged(signed_in, reach):
    """Return ([id], {tag: [place in it]}) of the newest LOOKED_AT, and one more for the item that is among them.

    Without those that a newer version has superseded for such a reader.
    """
    newest, places = [], defaultdict(list)
    for pk, card in _newest(signed_in).rows():
        if card.get("superseded", 0) < reach:
            for tag in _tags(card):
                places[tag].append(len(newest))
            newest.append(pk)
    return newest, dict(places)


@cache
def _newest(signed_in):
    listed = Contribution.objects.listed_to(somebody(signed_in))
    return Prepared(lambda: listed.newest().values_list("pk", "card")[: LOOKED_AT + 1])


@cache
def _listed(signed_in):
    """Return the statement of the rows with these ids, as far as they are listed."""
    listed = Contribution.objects.listed_to(somebody(signed_in))
    return Prepared(lambda *ids: listed.filter(pk__in=ids).order_by().defer(*NOT_IN_LINES), *[0] * BEST)
