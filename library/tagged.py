"""What is tagged with a principle or a sector: the newest few of each kind, and how many there are."""

from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from commons.contributions import kinds
from commons.contributions.cards import cards_for
from commons.contributions.lists import somebody
from commons.contributions.models import Contribution
from commons.contributions.paging import COUNT_TO
from commons.contributions.prepared import Prepared, count_each

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
    signed_in = user.is_authenticated
    counts = count_each(_counted(signed_in, name), chosen.pk)
    newest = {}
    for item in _newest(signed_in, name).rows(chosen.pk):
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
        if kind.code in newest
    ]


def _listed(signed_in, name, term):
    return Contribution.objects.listed_to(somebody(signed_in)).about(**{name: term})


@cache
def _counted(signed_in, name):
    """Return {kind: the statement of what is tagged, no further than is counted}."""

    def of(kind):
        return Prepared(
            lambda term: (
                _listed(signed_in, name, term).of_kind(kind.code).order_by().values("pk")[: COUNT_TO + 1]
            ),
            0,
        )

    return {kind.code: of(kind) for kind in kinds.all_kinds()}


@cache
def _newest(signed_in, name):
    """Return the statement of the newest of each kind."""

    def few(term, kind):
        ids = _listed(signed_in, name, term).of_kind(kind.code).newest().values("pk")[:NEWEST_OF_EACH]
        # The slice is an inner query: SQLite takes no limit in a part of a union.
        return Contribution.objects.filter(pk__in=ids).order_by().values("pk")

    def build(term):
        first, *others = [few(term, kind) for kind in kinds.all_kinds()]
        return Contribution.objects.filter(pk__in=first.union(*others, all=True)).newest().for_cards()

    return Prepared(build, 0)


def _number(count):
    return _("over %(number)s") % {"number": f"{COUNT_TO:,}"} if count > COUNT_TO else f"{count:,}"
