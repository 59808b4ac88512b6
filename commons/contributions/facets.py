"""The facets that every list takes in its address: principle, sector, keyword, region, year."""

from dataclasses import dataclass, field

from commons.tagging import vocabulary
from commons.tagging.evidence import EvidenceLevel
from commons.tagging.regions import Region

from .keywords import listed_keywords

MOST_VALUES = 20


@dataclass
class Facets:
    """What was chosen: terms of the vocabulary, keywords, region codes and years. Unknown values are not here."""

    principles: list = field(default_factory=list)
    sectors: list = field(default_factory=list)
    keywords: list = field(default_factory=list)
    regions: list = field(default_factory=list)
    years: list = field(default_factory=list)

    @classmethod
    def read(cls, query, user):
        """Return the Facets in a request's GET, as far as `user` may know of them.

        A keyword that stands only on what is hidden from them is ignored, or its chip would name it. Costs
        one query, only when a keyword is named.
        """
        terms = vocabulary.current()
        slugs = _values(query, "keyword")
        return cls(
            principles=_terms(terms.principle_by_slug, _values(query, "principle")),
            sectors=_terms(terms.sector_by_slug, _values(query, "sector")),
            keywords=list(listed_keywords(user).filter(slug__in=slugs)) if slugs else [],
            regions=[code for code in _values(query, "region") if code in Region.values],
            years=[int(year) for year in _values(query, "year") if _is_year(year)],
        )

    def __bool__(self):
        return any((self.principles, self.sectors, self.keywords, self.regions, self.years))

    def narrow(self, contributions):
        """Return the queryset narrowed: several values of one facet mean any of them, several facets all of them."""
        found = contributions.about(
            principle=[term.pk for term in self.principles],
            sector=[term.pk for term in self.sectors],
            keyword=[keyword.pk for keyword in self.keywords],
        )
        if self.regions:
            found = found.filter(region__in=self.regions)
        if self.years:
            found = found.filter(year__in=self.years)
        return found

    def chosen(self):
        """Return (facet name, value, words) for each choice, in the order of the filters."""
        yield from (("principle", term.slug, term.name) for term in self.principles)
        yield from (("sector", term.slug, term.name) for term in self.sectors)
        yield from (("keyword", keyword.slug, keyword.name) for keyword in self.keywords)
        yield from (("region", code, Region(code).label) for code in self.regions)
        yield from (("year", str(year), str(year)) for year in self.years)

    def chips(self, query):
        """Return {label, remove_url} for each choice: the address without it."""
        return [
            {"label": str(words), "remove_url": without(query, name, value)}
            for name, value, words in self.chosen()
        ]


@dataclass
class EvidenceFacets(Facets):
    """?evidence= too, for kinds that say how strong their evidence is."""

    levels: list = field(default_factory=list)

    @classmethod
    def read(cls, query, user):
        found = super().read(query, user)
        found.levels = [level for level in EvidenceLevel if str(level.value) in query.getlist("evidence")]
        return found

    def __bool__(self):
        return bool(self.levels or super().__bool__())

    def narrow(self, contributions):
        found = super().narrow(contributions)
        if self.levels:
            found = found.filter(evidence_level__in=[each.value for each in self.levels])
        return found

    def chosen(self):
        yield from super().chosen()
        yield from (("evidence", str(each.value), each.label) for each in self.levels)


def without(query, name, value):
    """Return the query string of `query` (a QueryDict) without one value of one facet, and from the first page."""
    rest = query.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    rest.pop("page", None)
    return f"?{rest.urlencode()}"


def _values(query, name):
    return [value for value in dict.fromkeys(query.getlist(name)) if value and "\x00" not in value][
        :MOST_VALUES
    ]


def _terms(by_slug, slugs):
    return [term for term in map(by_slug, slugs) if term]


def _is_year(text):
    return text.isascii() and text.isdecimal() and len(text) == 4 and int(text) > 0
