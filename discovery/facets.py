"""The filters beside search and browse: what was chosen, and how many each further choice would find.

Several values of one facet mean any of them, several facets all of them. A count leaves out its own
facet's choices, so it says what choosing the option would show.
"""

from functools import lru_cache
from operator import attrgetter, itemgetter

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commons.contributions.drawn import digest_of
from commons.contributions.facets import MOST_VALUES
from commons.contributions.keywords import listed_keywords
from commons.contributions.lists import somebody
from commons.contributions.models import Contribution
from commons.contributions.paging import COUNT_TO
from commons.contributions.prepared import Prepared
from commons.contributions.querysets import reach_of
from commons.contributions.unchanged import while_unchanged
from commons.search.counting import count as count_entries
from commons.tagging import vocabulary
from commons.tagging.evidence import EvidenceLevel
from commons.tagging.models import Keyword
from commons.tagging.regions import Region

from .chosen import ANSWERED, language_name
from .counting import count, count_without
from .kinds import kind_labels

KEYWORDS_SHOWN = 10
MOST_KEYWORDS = MOST_VALUES + KEYWORDS_SHOWN
YEARS_SHOWN = 30
LEGENDS = {
    "kind": _("Kind"),
    "principle": _("Principle"),
    "sector": _("Service sector"),
    "keyword": _("Keyword"),
    "region": _("Nation or region"),
    "year": _("Year"),
    "evidence": _("Strength of evidence"),
    "language": _("Language"),
    "answered": _("Questions"),
}
# How the databases write a truth in words, and how the address does.
TRUTHS = {"1": "yes", "true": "yes", "0": "no", "false": "no"}


class FacetCounts:
    """The options of every facet with their counts, of what is listed to `user`.

    In a search, `found` is what was Found without facets: counted is what is among that, so never more than is
    ranked, and where it was cut a count says "or more". Costs two queries, however much there is; one in a search, and
    while the counts are kept.
    """

    def __init__(self, chosen, user, *, found=None, as_of=None):
        """`as_of` (when any contribution last changed) lets the counts be kept for as long as that stays the same."""
        self.chosen, self.user, self.found, self.as_of = chosen, user, found, as_of

    def groups(self):
        """Return what components/facets.html shows, without unchosen options that would find nothing."""
        counts = self._counts()
        cut = self.found is not None and self.found.cut
        words = str(_("%(number)s or more")) if cut else "%(number)s"
        terms = vocabulary.current()
        facets = self.chosen.facets
        offered = {
            "kind": _kinds(get_language()),
            "principle": ((term.slug, term.name, term.patch) for term in terms.principles.values()),
            "sector": ((term.slug, term.name, 0) for term in terms.sectors.values()),
            "keyword": self._keywords(counts),
            "region": _regions(get_language()),
            "year": self._years(counts),
            "evidence": _levels(get_language()),
            "language": self._languages(counts),
            "answered": ((value, words, 0) for value, words in ANSWERED.items()),
        }
        checked = {
            "kind": set(self.chosen.kinds),
            "principle": {term.slug for term in facets.principles},
            "sector": {term.slug for term in facets.sectors},
            "keyword": {keyword.slug for keyword in facets.keywords},
            "region": set(facets.regions),
            "year": {str(year) for year in facets.years},
            "evidence": {str(level.value) for level in facets.levels},
            "language": set(facets.languages),
            "answered": set(facets.answers),
        }
        groups = []
        for name, options in offered.items():
            shown = [
                {
                    "value": value,
                    "label": str(label),
                    "count": count_words(counts.get((name, value), 0), words),
                    "checked": value in checked[name],
                    "patch": patch,
                }
                for value, label, patch in options
                if counts.get((name, value)) or value in checked[name]
            ]
            if shown:
                groups.append({"name": name, "legend": LEGENDS[name], "options": shown})
        return groups

    def fewer(self, query):
        """Return {words, url, count} for each facet chosen: the address without it, where that finds anything.

        For a page on which nothing was found. One query more, none in a search.
        """
        words = {}
        for name, _value, label, _patch in self.chosen.chosen():
            words.setdefault(name, []).append(str(label))
        if self.found is None:
            counts = count_without(self.chosen, Contribution.objects.listed_to(self.user))
        else:
            _counts, counts = count_entries(self.found.counted, self.chosen.values())
        return [
            {
                "words": ", ".join(words[name]),
                "url": _without_facet(query, name),
                "count": count_words(number),
            }
            for name, number in counts.items()
            if number
        ]

    def _counts(self):
        """Return {(facet, value): how many}; keywords by id, principles and sectors by slug."""
        if self.found is not None:
            return self._of_found()
        key = f"discovery.counts.{reach_of(self.user)}.{digest_of(self.chosen.query()).hex()}"
        stamp = self.as_of, vocabulary.current().digest
        return dict(while_unchanged(key, stamp, self._counted_now))

    def _of_found(self):
        """Return the same of what a search found, from what its entries say; keywords by slug."""
        counts, _without = count_entries(self.found.counted, self.chosen.values())
        slugs = _slugs()
        return {
            (name, slugs[name].get(value) if name in slugs else value): number
            for (name, value), number in counts.items()
        }

    def _counted_now(self):
        """Return the same from one query."""
        written = {**_slugs(), "answered": TRUTHS}
        counts = {}
        for name, value, number in count(self.chosen, Contribution.objects.listed_to(self.user)):
            value = written[name].get(value) if name in written else value
            if value:
                counts[name, value] = counts.get((name, value), 0) + number
        return counts

    def _keywords(self, counts):
        """Return the chosen keywords and those on most of what is found; their counts are by slug from now on."""
        known_by = attrgetter("pk" if self.found is None else "slug")
        chosen = [known_by(keyword) for keyword in self.chosen.facets.keywords]
        numbers = {value: number for (name, value), number in counts.items() if name == "keyword"}
        if self.found is None:
            numbers = {int(pk): number for pk, number in numbers.items()}
        most = sorted(numbers, key=lambda each: (-numbers[each], each))[:KEYWORDS_SHOWN]
        keywords = self._named([*chosen, *most])
        shown = sorted(
            keywords,
            key=lambda keyword: (
                known_by(keyword) not in chosen,
                -numbers.get(known_by(keyword), 0),
                keyword.name,
            ),
        )
        counts.update({("keyword", keyword.slug): numbers.get(known_by(keyword), 0) for keyword in shown})
        return [(keyword.slug, keyword.name, 0) for keyword in shown]

    def _named(self, keywords):
        """Return the Keywords of ids, or in a search of slugs. One query."""
        if self.found is not None:
            statement, nobody = _keywords_by_slug(), ""
        else:
            # Counts that were kept may be of a moment ago: the gate says which keywords may be named now.
            statement, nobody = _listed_keywords(self.user.is_authenticated), 0
        # What is no keyword's fills the rest: the statement always has the same places.
        return statement.rows(*[*keywords, *[nobody] * MOST_KEYWORDS][:MOST_KEYWORDS])

    def _years(self, counts):
        found = {value for name, value in counts if name == "year"}
        chosen = {str(year) for year in self.chosen.facets.years}
        newest = sorted(found, reverse=True)[:YEARS_SHOWN]
        return [(year, year, 0) for year in sorted({*newest, *chosen}, reverse=True)]

    def _languages(self, counts):
        found = {value for name, value in counts if name == "language"}
        chosen = self.chosen.facets.languages
        named = ((code, language_name(code), 0) for code in {*found, *chosen})
        options = sorted((option for option in named if option[1]), key=itemgetter(1))
        # One language that all of it is in narrows nothing, and says what the page says already.
        return options if chosen or len(options) > 1 else []


def _without_facet(query, name):
    """Return the query string of `query` (a QueryDict) with nothing chosen in one facet, and from the first page."""
    rest = query.copy()
    for each in (name, "page"):
        rest.pop(each, None)
    return f"?{rest.urlencode()}"


def _slugs():
    """Return {facet: {id as text: slug}} of the vocabulary, which is counted by id."""
    terms = vocabulary.current()
    return {
        "principle": {str(pk): term.slug for pk, term in terms.principles.items()},
        "sector": {str(pk): term.slug for pk, term in terms.sectors.items()},
    }


def count_words(number, words="%(number)s"):
    """Return a count as it is shown: in these words to COUNT_TO, then "over" it."""
    if number > COUNT_TO:
        return str(_("over %(number)s") % {"number": f"{COUNT_TO:,}"})
    return words % {"number": f"{number:,}"}


@lru_cache(maxsize=1)
def _keywords_by_slug():
    """Return the statement of the keywords with MOST_KEYWORDS slugs."""
    return Prepared(lambda *slugs: Keyword.objects.filter(slug__in=slugs).order_by(), *[""] * MOST_KEYWORDS)


@lru_cache(maxsize=2)
def _listed_keywords(signed_in):
    """Return the statement of the keywords with MOST_KEYWORDS ids, of those that may be named to such a reader."""
    reader = somebody(signed_in)
    return Prepared(lambda *ids: listed_keywords(reader).filter(pk__in=ids).order_by(), *[0] * MOST_KEYWORDS)


@lru_cache(maxsize=16)
def _kinds(_language):
    return [(code, str(label), 0) for code, label in kind_labels().items()]


@lru_cache(maxsize=16)
def _regions(_language):
    return [(code, str(label), 0) for code, label in Region.choices]


@lru_cache(maxsize=16)
def _levels(_language):
    return [(str(value), f"{value}: {label}", 0) for value, label in EvidenceLevel.choices]
