"""What is tagged with a principle or a sector: the newest few of each kind, and how many there are."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from commons.contributions import kinds
from commons.contributions.cards import cards_for
from commons.contributions.models import Contribution
from commons.contributions.paging import COUNT_TO

NEWEST_OF_EACH = 3


@dataclass
class TaggedKind:
    """One kind's part of what is tagged: `count` in words, the newest `cards`, and where all of them are."""

    code: str
    plural: str
    count: str
    url: str
    cards: list = field(default_factory=list)


def tagged_by_kind(user, **term):
    """Return a TaggedKind for each kind that has something listed to `user` under the term.

    `term` is principle=<Term> or sector=<Term>. Two queries, however many kinds and items there are:
    each kind is counted and read through its own part of a union, so that none of them reads on past
    COUNT_TO rows.
    """
    (name, chosen), *_rest = term.items()
    listed = Contribution.objects.listed_to(user).about(**{name: chosen.pk})
    counts = dict(_of_each_kind(listed, _counted))
    newest = {}
    for item in Contribution.objects.filter(pk__in=_of_each_kind(listed, _newest)).newest().for_cards():
        newest.setdefault(item.kind, []).append(item)
    return [
        TaggedKind(
            code=kind.code,
            plural=str(kind.plural),
            count=_number(counts[kind.code]),
            url=f"{reverse('discovery:browse')}?{urlencode({name: chosen.slug, 'kind': kind.code})}",
            cards=cards_for(newest[kind.code]),
        )
        for kind in kinds.all_kinds()
        if kind.code in counts and kind.code in newest
    ]


def _of_each_kind(listed, part):
    first, *others = [part(listed.of_kind(kind.code)) for kind in kinds.all_kinds()]
    return first.union(*others, all=True)


def _counted(of_kind):
    # The slice is an inner query: SQLite takes no limit in a part of a union.
    some = of_kind.order_by().values("pk")[: COUNT_TO + 1]
    return Contribution.objects.filter(pk__in=some).order_by().values_list("kind").annotate(Count("pk"))


def _newest(of_kind):
    few = of_kind.newest().values("pk")[:NEWEST_OF_EACH]
    return Contribution.objects.filter(pk__in=few).order_by().values("pk")


def _number(count):
    return _("over %(number)s") % {"number": f"{COUNT_TO:,}"} if count > COUNT_TO else f"{count:,}"
