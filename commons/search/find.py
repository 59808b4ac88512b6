"""Asking: which entries hold the words, the best first, with the passage that was found.

Two things are decided here and not by the engine, so that both databases answer alike: when any of
the words is enough, and that a title with the words comes before a text with them.
"""

from dataclasses import dataclass
from functools import cached_property

from commons.markup.render import highlight

from .backends import END, START, backend
from .models import JoinedSpelling
from .words import bare, flat, parse

FEW = 3  # with fewer than this holding all the words, those holding any of them are shown too
MOST_RANKED = 2_000


@dataclass
class Search:
    """One question put to `entries` (a queryset that has passed the gate, before any facet).

    Whether all the words are asked for or any is decided before facets, so that an option's count is
    what choosing it shows. Costs one query here when there are several words, one for the joined
    spellings while they are not cached, and one each in ranked() and snippets().
    """

    text: str
    entries: object

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

    def found_in(self, entries):
        """Return those of `entries` (any queryset) that are found, as a queryset in no order of merit."""
        return backend().matching(entries, self._wanted)

    def ranked(self, narrow=lambda entries: entries):
        """Return the ids of the entries found, best first, some thousands; `narrow` applies the facets."""
        candidates = backend().candidates(narrow(self.entries), self._wanted, MOST_RANKED)
        best = max((candidate.score for candidate in candidates.values()), default=0) or 1
        words = tuple(map(bare, self.query.words))

        def merit(pk):
            candidate = candidates[pk]
            # A title without any of the words need not be compared with them.
            title = flat(candidate.title, self.pairs) if candidate.in_title or len(words) > 1 else ()
            return (
                self.any_word and pk in self._holding_all,
                title == words,
                bool(title) and (_within(words, title) or (len(title) > 1 and _within(title, words))),
                candidate.in_title and not self.any_word,
                candidate.score / best,
                pk,
            )

        return sorted(candidates, key=merit, reverse=True)

    def snippets(self, ids):
        """Return {id: the passage found as safe HTML, with <mark>} for those of `ids` that have one."""
        texts = backend().snippets(list(ids), self._wanted)
        return {pk: highlight(text, START, END) for pk, text in texts.items() if text}


def _within(part, whole):
    """Whether the words of `part` stand in `whole` side by side."""
    return bool(part) and any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))
