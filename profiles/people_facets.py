"""The filters beside the directory: what was chosen in the address, and how many each further choice would find.

Several values of one facet mean any of them, several facets all of them, as in browse. What somebody does not show a
reader neither finds them nor counts.
"""

from dataclasses import dataclass, field, replace

from django.db.models import CharField, Count, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.contributions.drawn import digest_of
from commons.contributions.facets import MOST_VALUES, without
from commons.contributions.paging import COUNT_TO
from commons.contributions.unchanged import while_unchanged
from commons.tagging import vocabulary
from commons.tagging.regions import Region

from .choices import Role
from .help_lines import Help, HelpLine
from .models import Member
from .querysets import sights

OPEN, ROLE, PRINCIPLE, SECTOR, REGION, OFFERS = "open", "role", "principle", "sector", "region", "offers"
YES = "yes"
LEGENDS = {
    OPEN: gettext_lazy("Contact"),
    ROLE: gettext_lazy("How they take part"),
    PRINCIPLE: gettext_lazy("Principle they work on"),
    SECTOR: gettext_lazy("Sector they work in"),
    REGION: gettext_lazy("Nation or region"),
    OFFERS: gettext_lazy("Offers help with"),
}
OPEN_WORDS = gettext_lazy("Open to being contacted")


@dataclass
class PeopleFacets:
    """What was chosen: slugs, roles and codes that there are, by facet. Unknown values are not here."""

    values: dict = field(default_factory=dict)

    @classmethod
    def read(cls, query):
        """Return the PeopleFacets in a request's GET."""
        offered = {name: {value for value, _words, _patch in options} for name, options in _options().items()}
        return cls(
            {
                name: [value for value in dict.fromkeys(query.getlist(name)) if value in known][:MOST_VALUES]
                for name, known in offered.items()
            }
        )

    def __bool__(self):
        return any(self.values.values())

    def of(self, name):
        return self.values.get(name, [])

    def besides(self, name):
        """Return the same choices without those of one facet."""
        return replace(self, values={**self.values, name: []})

    def narrow(self, members, reader):
        """Return the members who have what was chosen, as far as they show it to `reader`."""
        found = members.working_on(*self._ids(PRINCIPLE, SECTOR))
        if self.of(OPEN):
            found = found.filter(open_to_contact=True)
        if self.of(ROLE):
            found = found.taking_part_as(self.of(ROLE), reader)
        if self.of(REGION):
            found = found.in_regions(self.of(REGION), reader)
        if self.of(OFFERS):
            found = found.offering(*self._ids(OFFERS, OFFERS), reader)
        return found

    def offers_among(self, members):
        """Return {member's id: text} of the first offer of each that is about what was chosen. One query."""
        principles, sectors = self._ids(OFFERS, OFFERS)
        lines = HelpLine.objects.filter(member__in=[member.pk for member in members], sort=Help.OFFER)
        lines = lines.filter(Q(principle__in=principles) | Q(sector__in=sectors)).order_by("-place")
        return dict(lines.values_list("member", "text"))

    def chosen(self):
        """Yield (facet name, value, words, patch) for each choice, in the order of the filters."""
        for name, options in _options().items():
            yield from ((name, *option) for option in options if option[0] in self.of(name))

    def chips(self, query):
        """Return what components/active_facets.html shows: each choice, and the address without it."""
        return [
            {
                "label": str(
                    words if name != OFFERS else _("Offers help with: %(topic)s") % {"topic": words}
                ),
                "remove_url": without(query, name, value),
                "patch": patch,
            }
            for name, value, words, patch in self.chosen()
        ]

    def _ids(self, of_principles, of_sectors):
        """Return the ids of the principles chosen in one facet, and of the sectors chosen in another."""
        terms = vocabulary.current()
        return (
            [term.pk for term in terms.principles.values() if term.slug in self.of(of_principles)],
            [term.pk for term in terms.sectors.values() if term.slug in self.of(of_sectors)],
        )


def groups(chosen, members, reader, *, as_of=None):
    """Return what components/facets.html shows, without unchosen options that would find nobody.

    `members` is a queryset that has passed the gate, before any facet. Two queries; none while the counts are kept,
    which `as_of` (when any member last changed) allows for as long as it stays the same.
    """
    if as_of is None:
        counts = _counts(chosen, members, reader)
    else:
        asked = repr((reader.is_authenticated, chosen.values))
        key = f"people.counts.{digest_of(asked).hex()}"
        stamp = as_of, vocabulary.current().digest
        counts = while_unchanged(key, stamp, lambda: _counts(chosen, members, reader))
    found = []
    for name, options in _options().items():
        shown = [
            {
                "value": value,
                "label": str(words),
                "count": _count_words(counts.get((name, value), 0)),
                "checked": value in chosen.of(name),
                "patch": patch,
            }
            for value, words, patch in options
            if counts.get((name, value)) or value in chosen.of(name)
        ]
        if shown:
            found.append({"name": name, "legend": LEGENDS[name], "options": shown})
    return found


def _options():
    """Return {facet: [(value, words, patch)]} of all there is to choose."""
    terms = vocabulary.current()
    principles = [(term.slug, term.name, term.patch) for term in terms.principles.values()]
    sectors = [(term.slug, term.name, 0) for term in terms.sectors.values()]
    return {
        OPEN: [(YES, OPEN_WORDS, 0)],
        ROLE: [(value, words, 0) for value, words in Role.choices],
        PRINCIPLE: principles,
        SECTOR: sectors,
        REGION: [(value, words, 0) for value, words in Region.choices],
        OFFERS: [*principles, *sectors],
    }


def _counts(chosen, members, reader):
    """Return {(facet, value): how many}, each leaving out its own facet's choices."""
    terms = vocabulary.current()
    slugs = {
        PRINCIPLE: {str(pk): term.slug for pk, term in terms.principles.items()},
        SECTOR: {str(pk): term.slug for pk, term in terms.sectors.items()},
    }

    def among(name):
        return chosen.besides(name).narrow(members, reader).order_by()

    offers = HelpLine.objects.filter(
        sort=Help.OFFER, member__in=among(OFFERS).showing_help(reader).values("pk")
    ).order_by()
    located = among(REGION).filter(profile_held_because="", show_place__in=sights(reader)).exclude(region="")
    parts = [
        _part(among(OPEN).filter(open_to_contact=True), OPEN, "open_to_contact", "pk"),
        _part(_chose(Member.principles, among(PRINCIPLE)), PRINCIPLE, "principle_id", "member"),
        _part(_chose(Member.sectors, among(SECTOR)), SECTOR, "servicesector_id", "member"),
        _part(located, REGION, "region", "pk"),
        _part(offers.exclude(principle=None), f"{OFFERS} {PRINCIPLE}", "principle_id", "member"),
        _part(offers.exclude(sector=None), f"{OFFERS} {SECTOR}", "sector_id", "member"),
    ]
    counts = {}
    for name, value, number in parts[0].union(*parts[1:], all=True):
        name, _space, of = name.partition(" ")
        value = slugs[of or name].get(value) if (of or name) in slugs else value
        value = YES if name == OPEN else value
        counts[name, value] = counts.get((name, value), 0) + number
    shown = among(ROLE).filter(show_roles__in=sights(reader)).alias(role_words=Cast("roles", TextField()))
    by_role = shown.aggregate(
        **{role.name.lower(): Count("pk", filter=Q(role_words__contains=f'"{role.value}"')) for role in Role}
    )
    return counts | {(ROLE, role.value): by_role[role.name.lower()] for role in Role}


def _chose(relation, members):
    return relation.through.objects.filter(member__in=members.values("pk")).order_by()


def _part(rows, name, column, counted):
    """Return (name, value as text, how many members) for each value of a column."""
    named = rows.annotate(facet=Value(name, CharField()), value=Cast(column, CharField(max_length=60)))
    return (
        named.values("facet", "value")
        .annotate(n=Count(counted, distinct=True))
        .values_list("facet", "value", "n")
    )


def _count_words(number):
    if number > COUNT_TO:
        return str(_("over %(number)s") % {"number": f"{COUNT_TO:,}"})
    return f"{number:,}"
