"""What was chosen beside search and browse: kinds, and every facet that runs across them."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.conf.locale import LANG_INFO
from django.db.models import Exists, OuterRef
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from commons.contributions.facets import EvidenceFacets, without
from profiles.models import Member

from .kinds import MEMBER, kind_labels

# The fields of BrowseFacets by the facet's name in the address.
FIELDS = {
    "principle": "principles",
    "sector": "sectors",
    "keyword": "keywords",
    "region": "regions",
    "year": "years",
    "evidence": "levels",
    "language": "languages",
    "answered": "answers",
}
OF_MEMBERS = ("principle", "sector")
ANSWERED = {"yes": _("Answered questions"), "no": _("Open questions")}


@dataclass
class BrowseFacets(EvidenceFacets):
    """?language= and ?answered= too: what only questions have is asked for here, beside what every kind may have.

    `languages` are codes, `answers` are "yes" and "no".
    """

    languages: list = field(default_factory=list)
    answers: list = field(default_factory=list)

    @classmethod
    def read(cls, query, user):
        found = super().read(query, user)
        found.languages = [code for code in dict.fromkeys(query.getlist("language")) if language_name(code)]
        found.answers = [value for value in ANSWERED if value in query.getlist("answered")]
        return found

    def __bool__(self):
        return bool(self.languages or self.answers or super().__bool__())

    def narrow(self, contributions):
        found = super().narrow(contributions)
        if self.languages:
            found = found.filter(language__in=self.languages)
        if self.answers:
            found = found.filter(answered__in=[value == "yes" for value in self.answers])
        return found

    def chosen(self):
        yield from super().chosen()
        yield from (("language", code, language_name(code)) for code in self.languages)
        yield from (("answered", value, ANSWERED[value]) for value in self.answers)


def language_name(code):
    """Return what a language is called, such as "Welsh" for "cy"; "" for what is no language that we know of."""
    return str(get_language_info(code)["name_translated"]) if "name" in LANG_INFO.get(code, ()) else ""


@dataclass
class Chosen:
    """What was chosen in the address: kinds, and the facets that run across them."""

    kinds: list = field(default_factory=list)
    facets: BrowseFacets = field(default_factory=BrowseFacets)

    @classmethod
    def read(cls, query, user, offered):
        """Return what is chosen in a request's GET, as far as `user` may know of it; all else is ignored.

        `offered` are the codes of the kinds there are. Costs one query when a keyword is named.
        """
        return cls(
            [code for code in offered if code in query.getlist("kind")], BrowseFacets.read(query, user)
        )

    def __bool__(self):
        return bool(self.kinds or self.facets)

    def besides(self, name):
        """Return the same choices without those of one facet."""
        if name == "kind":
            return replace(self, kinds=[])
        return replace(self, facets=replace(self.facets, **{FIELDS[name]: []}))

    def narrow(self, contributions):
        """Return the contributions that have what was chosen."""
        found = self.facets.narrow(contributions)
        return found.filter(kind__in=self.kinds) if self.kinds else found

    def values(self):
        """Return {facet: values} as search entries are counted by (commons/search/counting.py)."""
        facets = self.facets
        return {
            "kind": self.kinds,
            "principle": [term.pk for term in facets.principles],
            "sector": [term.pk for term in facets.sectors],
            "keyword": [keyword.slug for keyword in facets.keywords],
            "region": facets.regions,
            "year": facets.years,
            "evidence": [level.value for level in facets.levels],
            "language": facets.languages,
            "answered": facets.answers,
        }

    def narrow_others(self, entries):
        """Return the search entries of members, principles and sectors that have what was chosen.

        A member has principles and sectors and nothing else of the facets; a principle or sector has none.
        """
        facets = self.facets
        if any(getattr(facets, name) for facet, name in FIELDS.items() if facet not in OF_MEMBERS):
            return entries.none()
        if self.kinds:
            entries = entries.filter(kind__in=self.kinds)
        for through, column, terms in _member_tags(facets):
            if terms:
                tagged = through.objects.filter(member=OuterRef("target_id"))
                ids = [term.pk for term in terms]
                entries = entries.filter(Exists(tagged.filter(**{f"{column}__in": ids})), kind=MEMBER)
        return entries

    def chosen(self):
        """Yield (facet name, value, words, patch) for each choice."""
        labels = kind_labels()
        yield from (("kind", code, labels[code], 0) for code in self.kinds)
        patches = {term.slug: term.patch for term in self.facets.principles}
        for name, value, words in self.facets.chosen():
            yield name, value, words, patches.get(value, 0) if name == "principle" else 0

    def query(self):
        """Return the choices alone as an address has them, without the question mark."""
        return urlencode([(name, value) for name, value, _words, _patch in self.chosen()])

    def words(self):
        """Return the choices in words, such as ["Reports", "Housing", "2010"]."""
        return [str(words) for _name, _value, words, _patch in self.chosen()]

    def chips(self, query):
        """Return what components/active_facets.html shows: each choice, and the address without it."""
        return [
            {"label": str(words), "remove_url": without(query, name, value), "patch": patch}
            for name, value, words, patch in self.chosen()
        ]


def _member_tags(facets):
    return (
        (Member.principles.through, "principle", facets.principles),
        (Member.sectors.through, "servicesector", facets.sectors),
    )
