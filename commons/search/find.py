"""Asking: which entries hold the words, the best first, with the passage that was found.

Three things are decided here and not by the engine, so that both databases answer alike: when a word may be only the
beginning of one, when any of the words is enough, and that a title with the words comes before a text with them, and
that before an attached file.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import filterfalse
from operator import itemgetter

from django.utils.translation import gettext as _

from commons.contributions import kinds
from commons.contributions.models import Contribution
from commons.contributions.paging import COUNT_TO
from commons.markup.render import highlight

from .backends import CONTRIBUTION, COUNTED, END, IN_TITLE, OWN, PK, SCORE, START, backend, held
from .models import JoinedSpelling
from .words import QUERY_LENGTH, bare, clean, comparing, parse

FEW = 3  # with fewer than this holding the words, those with words that begin so, or with any of them, are shown too
MOST_RANKED = COUNT_TO + 1  # as many as are counted, and as pages run to
MOST_SETTLED = 100  # of so many, the first, those found equally well are put in order by how many they helped
_IN_TITLE, _SCORE, _WORTH = itemgetter(IN_TITLE), itemgetter(SCORE), itemgetter(OWN, SCORE, PK)


@dataclass(frozen=True)
class Found:
    """What a search found: ids of entries, the best first.

    `counted` says of each what it is counted by (counting.py). `cut` is whether more may hold the words than were read.
    """

    ids: list
    counted: list
    cut: bool


@dataclass
class Search:
    """One question put to `entries` (a queryset that has passed the gate, before any facet).

    `reached`, when given, are the entries by their own reach alone: the engine takes the newest found of those, and
    asks the gate of no more than it took. `known_as` names those two where they are the same for many searches, so that
    the statement for all of them is made once: such as "member".

    How much is enough is decided before facets, so that an option's count is what choosing it shows: all the words;
    where few hold those, words that begin so; and where few hold those, any of them. Costs one query for the joined
    spellings while they are not cached, one to decide, two in best() and one in snippets().
    """

    text: str
    entries: object
    reached: object = None
    known_as: str | None = None

    @cached_property
    def pairs(self):
        return JoinedSpelling.objects.pairs()

    @property
    def cleaned(self):
        """What was typed, as far as it is read."""
        return clean(self.text[: QUERY_LENGTH * 2])[:QUERY_LENGTH]

    @cached_property
    def query(self):
        return parse(self.text, self.pairs)

    def __bool__(self):
        return bool(self.query)

    @cached_property
    def _terms(self):
        """The terms as they were typed and, where any may be a beginning, as beginnings."""
        return list(dict.fromkeys([self.query.terms, self.query.unfinished]))

    @property
    def _reached(self):
        return self.entries if self.reached is None else self.reached

    @cached_property
    def _held(self):
        """Sets of ids: up to FEW that hold each of `_terms`; those that hold the last only where few hold the first."""
        wants = [backend().every(terms) for terms in self._terms]
        return held(self._reached, self.entries, wants, FEW, self.known_as)

    @property
    def in_vain(self):
        """Whether nothing at all holds all the words, not even by their beginnings."""
        return not any(self._held)

    @cached_property
    def begun_words(self):
        """Whether so few hold all the words that words which begin like them will do."""
        return len(self._terms) > 1 and len(self._held[0]) < FEW

    @cached_property
    def any_word(self):
        """Whether so few hold all the words, even by their beginnings, that any of them is enough."""
        return len(self.query.terms) > 1 and all(len(found) < FEW for found in self._held)

    @cached_property
    def _nearness(self):
        """Return {id: how much nearer it is than the rest}: those with the very words, then with their beginnings."""
        nearness = {}
        if self.begun_words or self.any_word:
            for found in self._held if self.any_word else self._held[:1]:
                nearness.update({pk: nearness.get(pk, 0) + 1 for pk in found})
        return nearness

    def reached_further(self, ids):
        """Return "any" if some of `ids` hold only some of the words, "begun" if they only begin so, or ""."""
        if self.any_word and not self._held[-1].issuperset(ids):
            return "any"
        return "begun" if self.begun_words and not self._held[0].issuperset(ids) else ""

    @cached_property
    def _wanted(self):
        ask = backend().some if self.any_word else backend().every
        return ask(self._terms[-1] if self.begun_words else self.query.terms)

    def best(self, narrow=None, *, settled=True):
        """Return what is Found, of at most MOST_RANKED newest and as many titles; `narrow` applies the facets.

        Without `settled` those found equally well are in no order that means anything: for counting.
        """
        candidates, cut = backend().candidates(
            narrow(self._reached) if narrow else self._reached,
            self.entries,
            self._wanted,
            MOST_RANKED,
            None if narrow else self.known_as,
            of_any=self.any_word,
        )
        candidates = self._in_order(candidates, settled)
        return Found(
            ids=[each[PK] for each in candidates],
            counted=[each[COUNTED] for each in candidates],
            cut=cut,
        )

    def _in_order(self, candidates, settled):
        """Return the candidates, the best first."""
        near = self._nearness
        words = tuple(map(bare, self.query.words))
        passing = {f"kind={kind.code}" for kind in kinds.all_kinds() if not kind.lasts}
        compare = comparing(words, self.pairs)
        best = max(map(_SCORE, candidates), default=0) or 1

        def merit(candidate):
            pk, title, _contribution, score, in_title, own, counted = candidate
            # A title without the one word need not be compared with it.
            same, side_by_side = compare(title) if in_title or len(words) > 1 else (False, False)
            return (
                near.get(pk, 0),
                same,
                side_by_side,
                bool(in_title) and not self.any_word,
                not (in_title and counted.partition(" ")[0] in passing),
                bool(own),
                score / best,
                pk,
            )

        if len(words) > 1:
            ordered = sorted(candidates, key=merit, reverse=True)
        else:
            # Only a title that has the one word can do more than score: most need no further look.
            looked_at = _IN_TITLE if not near else lambda each: each[IN_TITLE] or each[PK] in near
            titled = sorted(filter(looked_at, candidates), key=merit, reverse=True)
            others = sorted(filterfalse(looked_at, candidates), key=_WORTH, reverse=True)
            ordered = titled + others
        return self._most_helpful_first(ordered, merit) if settled else ordered

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
