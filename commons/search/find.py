"""Asking: which entries hold the words, the best first, with the passage that was found.

Two things are decided here and not by the engine, so that both databases answer alike: when any of
the words is enough, and that a title with the words comes before a text with them, and that before an attached file.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import filterfalse
from operator import itemgetter

from django.utils.translation import gettext as _

from commons.contributions.models import Contribution
from commons.contributions.paging import COUNT_TO
from commons.markup.render import highlight

from .backends import CONTRIBUTION, END, IN_TITLE, OWN, PK, SCORE, START, backend
from .models import JoinedSpelling
from .words import bare, flat, parse

FEW = 3  # with fewer than this holding all the words, those holding any of them are shown too
MOST_RANKED = COUNT_TO + 1  # as many as are counted, and as pages run to
MOST_SETTLED = 100  # of so many, the first, those found equally well are put in order by how many they helped
_IN_TITLE, _SCORE, _WORTH = itemgetter(IN_TITLE), itemgetter(SCORE), itemgetter(OWN, SCORE, PK)


@dataclass(frozen=True)
class Found:
    """What a search found: ids of entries, the best first.

    `contributions` are the ids of the contributions among them, `others` of the entries of anything else. `cut` is
    whether more may hold the words than were read.
    """

    ids: list
    contributions: list
    others: list
    cut: bool


@dataclass
class Search:
    """One question put to `entries` (a queryset that has passed the gate, before any facet).

    `reached`, when given, are the entries by their own reach alone: the engine takes the newest found of those, and
    asks the gate of no more than it took. `known_as` names those two where they are the same for many searches, so that
    the statement for all of them is made once: such as "member".

    Whether all the words are asked for or any is decided before facets, so that an option's count is
    what choosing it shows. Costs one query here when there are several words, one for the joined
    spellings while they are not cached, two in best() and one in snippets().
    """

    text: str
    entries: object
    reached: object = None
    known_as: str | None = None

    @cached_property
    def pairs(self):
        return JoinedSpelling.objects.pairs()

    @cached_property
    def query(self):
        return parse(self.text, self.pairs)

    def __bool__(self):
        return bool(self.query)

    @cached_property
    def _holding_all(self):
        """Ids of up to FEW entries that hold every word."""
        found = backend().matching(self.entries, backend().every(self.query.terms))
        return set(found.order_by().values_list("pk", flat=True)[:FEW])

    @cached_property
    def any_word(self):
        """Whether so few hold all the words that any of them is enough."""
        return len(self.query.terms) > 1 and len(self._holding_all) < FEW

    def reached_further(self, ids):
        """Whether some of `ids` hold only some of the words."""
        return self.any_word and not self._holding_all.issuperset(ids)

    @cached_property
    def _wanted(self):
        ask = backend().some if self.any_word else backend().every
        return ask(self.query.terms)

    def best(self, narrow=None, *, settled=True):
        """Return what is Found, of at most MOST_RANKED newest and as many titles; `narrow` applies the facets.

        Without `settled` those found equally well are in no order that means anything: for counting.
        """
        reached = self.entries if self.reached is None else self.reached
        known_as = None if narrow else self.known_as
        reached = narrow(reached) if narrow else reached
        candidates, cut = backend().candidates(reached, self.entries, self._wanted, MOST_RANKED, known_as)
        words = tuple(map(bare, self.query.words))
        best = max(map(_SCORE, candidates), default=0) or 1

        def merit(candidate):
            pk, title, _contribution, score, in_title, own = candidate
            # A title without any of the words need not be compared with them.
            title = flat(title, self.pairs) if in_title or len(words) > 1 else ()
            return (
                self.any_word and pk in self._holding_all,
                title == words,
                bool(title) and (_within(words, title) or (len(title) > 1 and _within(title, words))),
                bool(in_title) and not self.any_word,
                bool(own),
                score / best,
                pk,
            )

        if len(words) > 1:
            candidates.sort(key=merit, reverse=True)
        else:
            # Only a title that has the one word can do more than score: most need no further look.
            titled = sorted(filter(_IN_TITLE, candidates), key=merit, reverse=True)
            others = sorted(filterfalse(_IN_TITLE, candidates), key=_WORTH, reverse=True)
            candidates = titled + others
        if settled:
            candidates = self._most_helpful_first(candidates, merit)
        return Found(
            ids=[each[PK] for each in candidates],
            contributions=[each[CONTRIBUTION] for each in candidates if each[CONTRIBUTION]],
            others=[each[PK] for each in candidates if not each[CONTRIBUTION]],
            cut=cut,
        )

    def _most_helpful_first(self, candidates, merit):
        """Return the candidates with those that are as good as each other, to a hundredth, by how many they helped.

        One query, whatever is found: it asks for the first MOST_SETTLED alone.
        """
        first = candidates[:MOST_SETTLED]
        marked = Contribution.objects.filter(
            pk__in=[each[CONTRIBUTION] for each in first], helpful_count__gt=0
        )
        helpful = dict(marked.order_by().values_list("pk", "helpful_count")) if first else {}
        if not helpful:
            return candidates

        def worth(candidate):
            *found, score, pk = merit(candidate)
            return *found, round(score, 2), helpful.get(candidate[CONTRIBUTION], 0), score, pk

        return sorted(first, key=worth, reverse=True) + candidates[MOST_SETTLED:]

    def ranked(self, narrow=None):
        """Return the ids of the entries found, best first."""
        return self.best(narrow).ids

    def snippets(self, ids):
        """Return {id: the passage found as safe HTML, with <mark>} for those of `ids` that have one.

        One that is of an attached file says so.
        """
        texts = backend().snippets(list(ids), self._wanted)
        of_file = _("In the attached file: %(passage)s")
        return {
            pk: highlight(of_file % {"passage": text} if is_of_file else text, START, END)
            for pk, (text, is_of_file) in texts.items()
            if text
        }


def _within(part, whole):
    """Whether the words of `part` stand in `whole` side by side."""
    if len(part) == 1:
        return part[0] in whole
    return bool(part) and any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))
