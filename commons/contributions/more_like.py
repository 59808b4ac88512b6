"""More like this: what shares principles, sectors and keywords with an item, below its page.

Looked for among the newest LOOKED_AT alone, so that it costs the same however much there is. Nothing that was
read is kept: which items a reader gets is asked of the gate each time.
"""

from functools import cache

from django.db.models import F, IntegerField, OuterRef, Q, Subquery

from .lists import somebody
from .models import Contribution
from .prepared import Prepared
from .querysets import NOT_IN_LISTS, reach_of

SHOWN = 4
LOOKED_AT = 200
BEST = 2 * SHOWN  # read: some of them may have newer versions
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
TAGS = (
    (Contribution.principles.through, "contribution", "principle"),
    (Contribution.sectors.through, "contribution", "servicesector"),
    (Contribution.keywords.through, "content_object", "tag"),
)


def more_like(item, user):
    """Return up to SHOWN contributions listed to `user` that share most with `item`, then the newest.

    They come without NOT_IN_LINES, and without those that a newer version has superseded. One query; none where
    `item` has no tags.
    """
    tags = _tags(item)
    if not tags:
        return []
    found = [
        other
        for other in _sharing(user.is_authenticated).rows(item.pk)
        if tags & _tags(other) and other.card.get("superseded", 0) < reach_of(user)
    ]
    found.sort(key=lambda other: (-len(tags & _tags(other)), -other.published_at.timestamp(), -other.pk))
    return found[:SHOWN]


def _tags(item):
    """Return the tags of an item, as its card has them."""
    named = {name: item.card.get(name, []) for name in ("principles", "sectors")}
    keywords = {("keywords", slug) for _name, slug in item.card.get("keywords", [])}
    return {(name, pk) for name, pks in named.items() for pk in pks} | keywords


@cache
def _sharing(signed_in):
    """Return the statement of the BEST that share most with the item of an id."""

    def build(pk):
        listed = Contribution.objects.listed_to(somebody(signed_in))
        # The slices are inner queries: of most rows nothing but the id is read.
        newest = listed.filter(~Q(pk=pk)).newest().values("pk")[:LOOKED_AT]
        numbers = [_number_shared(pk, *names) for names in TAGS]
        best = (
            Contribution.objects.filter(pk__in=newest)
            .annotate(shared=numbers[0] + numbers[1] + numbers[2])
            .order_by(F("shared").desc(), "-published_at", "-pk")
            .values("pk")[:BEST]
        )
        return listed.filter(pk__in=best).order_by().defer(*NOT_IN_LINES)

    return Prepared(build, 0)


def _number_shared(pk, through, item, tag):
    """Return the expression of how many tags of one sort an item shares with the one with this id."""
    own = through.objects.filter(**{item: pk}).values(tag)
    return _Number(
        through.objects.filter(**{item: OuterRef("pk"), f"{tag}__in": own}).order_by().values("pk")
    )


class _Number(Subquery):
    """How many rows a subquery has; cheaper than grouping it by what is the same in all of them."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
