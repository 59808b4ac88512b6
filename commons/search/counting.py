"""What an entry is counted by beside a search: one word for each value of a facet, kept in the entry itself.

So a thousand entries are counted as they come, and no table of tags is asked about any of them.
"""

from collections import Counter
from itertools import chain


def counted(facets):
    """Return (facet, value) pairs as an entry keeps them: "kind=blog principle=3 keyword=time-banks"."""
    return " ".join(f"{facet}={value}" for facet, value in facets)


def count(entries, chosen):
    """Return ({(facet, value): how many}, {facet: how many there are without what was chosen in it}).

    `entries` are what counted() returned for each; `chosen` is {facet: values}, of which any will do. A count leaves
    out what was chosen in its own facet, so it says what choosing the value would show.
    """
    wanted = {facet: {f"{facet}={value}" for value in values} for facet, values in chosen.items() if values}
    if not wanted:
        return _by_pair(Counter(chain.from_iterable(map(str.split, entries)))), {}
    everywhere, but_for, with_all = Counter(), {facet: Counter() for facet in wanted}, 0
    without = Counter()
    for entry in entries:
        words = entry.split()
        missed = [facet for facet, any_of in wanted.items() if any_of.isdisjoint(words)]
        if not missed:
            with_all += 1
            everywhere.update(words)
        elif len(missed) == 1:
            without[missed[0]] += 1
            but_for[missed[0]].update(words)
    counts = _by_pair(everywhere)
    for facet, numbers in but_for.items():
        for (other, value), number in _by_pair(numbers).items():
            if other == facet:
                counts[facet, value] = counts.get((facet, value), 0) + number
    return counts, {facet: with_all + without[facet] for facet in wanted}


def _by_pair(numbers):
    return {tuple(word.split("=", 1)): number for word, number in numbers.items()}
