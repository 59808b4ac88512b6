"""The filters beside search and browse: what was chosen, and how many each further choice would find.

Several values of one facet mean any of them, several facets all of them. A count leaves out its own
facet's choices, so it says what choosing the option would show.
"""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.db import connection
from django.db.models import CharField, Count, Exists, OuterRef, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from commons.contributions.facets import Facets, without
from commons.contributions.models import Contribution, TaggedContribution
from commons.contributions.paging import COUNT_TO
from commons.tagging import vocabulary
from commons.tagging.models import Keyword
from commons.tagging.regions import Region
from profiles.models import Member

from .kinds import MEMBER, kind_labels

KEYWORDS_SHOWN = 12
YEARS_SHOWN = 30
LEGENDS = {
    "kind": _("Kind"),
    "principle": _("Principle"),
    "sector": _("Service sector"),
    "keyword": _("Keyword"),
    "region": _("Nation or region"),
    "year": _("Year"),
}
# The fields of Facets, and the field of Chosen, by the facet's name in the address.
FIELDS = {
    "principle": "principles",
    "sector": "sectors",
    "keyword": "keywords",
    "region": "regions",
    "year": "years",
}


@dataclass
class Chosen:
    """What was chosen in the address: kinds, and the facets that every list takes."""

    kinds: list = field(default_factory=list)
    facets: Facets = field(default_factory=Facets)

    @classmethod
    def read(cls, query, user, offered):
        """Return what is chosen in a request's GET, as far as `user` may know of it; all else is ignored.

        `offered` are the codes of the kinds there are. Costs one query when a keyword is named.
        """
        return cls([code for code in offered if code in query.getlist("kind")], Facets.read(query, user))

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

    def narrow_others(self, entries):
        """Return the search entries of members, principles and sectors that have what was chosen.

        A member has principles and sectors, but neither keywords nor a year; a principle or sector has none.
        """
        facets = self.facets
        if facets.keywords or facets.regions or facets.years:
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


class FacetCounts:
    """The options of every facet with their counts.

    `contributions` have passed the gate. In a search, `found` are the entries that hold the words (they
    are looked for once, for all the counts) and `others` those that are no contribution, through the gate.
    Costs two queries, however much is found.
    """

    def __init__(self, chosen, contributions, *, found=None, others=None):
        self.chosen, self.found = chosen, found
        self.contributions = contributions.order_by()
        self.others = others
        if found is not None:
            self.contributions = self.contributions.filter(
                pk__in=RawSQL("SELECT contribution_id FROM found", [])
            )
            self.others = others.filter(pk__in=RawSQL("SELECT id FROM found", []))

    def groups(self):
        """Return what components/facets.html shows, without unchosen options that would find nothing."""
        counts = self._counts()
        terms = vocabulary.current()
        facets = self.chosen.facets
        offered = {
            "kind": ((code, label, 0) for code, label in kind_labels().items()),
            "principle": ((term.slug, term.name, term.patch) for term in terms.principles.values()),
            "sector": ((term.slug, term.name, 0) for term in terms.sectors.values()),
            "keyword": self._keywords(counts),
            "region": ((code, label, 0) for code, label in Region.choices),
            "year": self._years(counts),
        }
        checked = {
            "kind": set(self.chosen.kinds),
            "principle": {term.slug for term in facets.principles},
            "sector": {term.slug for term in facets.sectors},
            "keyword": {keyword.slug for keyword in facets.keywords},
            "region": set(facets.regions),
            "year": {str(year) for year in facets.years},
        }
        groups = []
        for name, options in offered.items():
            shown = [
                {
                    "value": value,
                    "label": str(label),
                    "count": count_words(counts.get((name, value), 0)),
                    "checked": value in checked[name],
                    "patch": patch,
                }
                for value, label, patch in options
                if counts.get((name, value)) or value in checked[name]
            ]
            if shown:
                groups.append({"name": name, "legend": LEGENDS[name], "options": shown})
        return groups

    def _counts(self):
        """Return {(facet, value): how many}, but for keywords, in one query."""
        terms = vocabulary.current()
        slugs = {
            "principle": {str(pk): term.slug for pk, term in terms.principles.items()},
            "sector": {str(pk): term.slug for pk, term in terms.sectors.items()},
        }
        first, *rest = self._parts()
        counts = {}
        for name, value, number in self._rows(first.union(*rest, all=True)):
            value = slugs[name].get(value) if name in slugs else value
            counts[name, value] = counts.get((name, value), 0) + number
        return counts

    def _rows(self, queryset):
        """Return the rows of a queryset in which `found` stands for the entries found."""
        sql, parameters = queryset.query.sql_with_params()
        if self.found is not None:
            found, first = self.found.order_by().values("id", "contribution_id").query.sql_with_params()
            sql, parameters = f"WITH found AS MATERIALIZED ({found}) {sql}", (*first, *parameters)
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    def _parts(self):
        through = Contribution.principles.through, Contribution.sectors.through
        yield _counted(self._narrowed("kind"), "kind", "kind")
        yield _counted(self._tagged(through[0], "principle"), "principle", "principle_id")
        yield _counted(self._tagged(through[1], "sector"), "sector", "servicesector_id")
        tagged = TaggedContribution.objects.filter(content_object__in=self._narrowed("keyword").values("pk"))
        yield _counted(tagged, "keyword", "tag_id")
        yield _counted(self._narrowed("region").exclude(region=""), "region", "region")
        yield _counted(self._narrowed("year").exclude(year=None), "year", "year")
        if self.others is None:
            return
        yield _counted(self.chosen.besides("kind").narrow_others(self.others), "kind", "kind")
        for (model, column, _terms), name in zip(
            _member_tags(self.chosen.facets), ("principle", "sector"), strict=True
        ):
            members = self.chosen.besides(name).narrow_others(self.others).filter(kind=MEMBER)
            yield _counted(model.objects.filter(member__in=members.values("target_id")), name, f"{column}_id")

    def _narrowed(self, name):
        return self.chosen.besides(name).narrow(self.contributions)

    def _tagged(self, through, name):
        return through.objects.filter(contribution__in=self._narrowed(name).values("pk"))

    def _keywords(self, counts):
        """Return the chosen keywords and those on most of what is found; their counts are by slug from now on."""
        chosen = [keyword.pk for keyword in self.chosen.facets.keywords]
        numbers = {int(value): number for (name, value), number in counts.items() if name == "keyword"}
        most = sorted(numbers, key=lambda pk: (-numbers[pk], pk))[:KEYWORDS_SHOWN]
        # The 0 is no keyword's: with it the query is made even when there are none, so the cost is always the same.
        keywords = Keyword.objects.in_bulk([*chosen, *most, 0])
        shown = sorted(
            keywords.values(), key=lambda keyword: (keyword.pk not in chosen, -numbers.get(keyword.pk, 0))
        )
        counts.update({("keyword", keyword.slug): numbers.get(keyword.pk, 0) for keyword in shown})
        return [(keyword.slug, keyword.name, 0) for keyword in shown]

    def _years(self, counts):
        found = {value for name, value in counts if name == "year"}
        chosen = {str(year) for year in self.chosen.facets.years}
        newest = sorted(found, reverse=True)[:YEARS_SHOWN]
        return [(year, year, 0) for year in sorted({*newest, *chosen}, reverse=True)]


def count_words(number):
    """Return a count as it is shown: exact to COUNT_TO, then "over" it."""
    if number > COUNT_TO:
        return str(_("over %(number)s") % {"number": f"{COUNT_TO:,}"})
    return f"{number:,}"


def _member_tags(facets):
    return (
        (Member.principles.through, "principle", facets.principles),
        (Member.sectors.through, "servicesector", facets.sectors),
    )


def _counted(rows, name, column):
    """Return a queryset of (facet, value as text, how many), of one shape whatever `rows` are."""
    return (
        rows.order_by()
        .annotate(facet=Value(name, output_field=CharField()), value=Cast(column, CharField()))
        .values("facet", "value")
        .annotate(number=Count("pk"))
        .values_list("facet", "value", "number")
    )
