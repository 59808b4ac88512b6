"""What an evidence map is narrowed by in its address: what browse takes, years from and to, and a day it is as of."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from commons.contributions.facets import MOST_VALUES
from commons.tagging.evidence import EvidenceLevel
from commons.tagging.regions import Region

from .chosen import Chosen
from .kinds import contribution_kinds, kind_labels

FIRST_YEAR = 1900


@dataclass(frozen=True)
class MapFilters:
    """`chosen` as browse has it, without principles and sectors, which are the map's own sides.

    `until` is the last day whose items count, or None. `cut` is the first year that counts, where years from and to
    were asked for that are more than an address holds; else None.
    """

    chosen: Chosen
    until: date | None = None
    cut: int | None = None

    @classmethod
    def read(cls, query, user):
        """Return what is chosen in a request's GET, as far as `user` may know of it; what makes no sense is ignored."""
        chosen = Chosen.read(query, user, contribution_kinds()).besides("principle").besides("sector")
        first, last = _year(query.get("from", "")), _year(query.get("to", ""))
        cut = None
        if first or last:
            last = min(last or timezone.localdate().year, timezone.localdate().year)
            years = list(range(first or FIRST_YEAR, last + 1))
            if len(years) > MOST_VALUES:
                years = years[-MOST_VALUES:]
                cut = years[0]
            if years:
                chosen = replace(chosen, facets=replace(chosen.facets, years=years))
        return cls(chosen, _day(query.get("until", "")), cut)

    def __bool__(self):
        return bool(self.chosen or self.until)

    def key(self):
        """Return all that decides what is counted, as plain values."""
        return self.chosen.query(), str(self.until)

    def narrow(self, contributions):
        found = self.chosen.narrow(contributions)
        if self.until:
            after = timezone.make_aware(datetime.combine(self.until + timedelta(days=1), time()))
            found = found.filter(published_at__lt=after)
        return found

    def query(self, **more):
        """Return the whole address's query, with `more` in it; `until` may be replaced by it."""
        given = {**({"until": self.until.isoformat()} if self.until else {}), **more}
        return "&".join(filter(None, [self.chosen.query(), urlencode(given)]))

    def address(self, name="discovery:evidence_map", **more):
        """Return the path of a page of this map, with the same filters."""
        query = self.query(**more)
        return f"{reverse(name)}?{query}" if query else reverse(name)

    def list_path(self, cell):
        """Return the path of the list that a Cell counts, in browse. It knows no last day."""
        terms = {"principle": cell.principle, "sector": cell.sector}
        place = urlencode({name: term.slug for name, term in terms.items() if term})
        query = "&".join(filter(None, [place, self.chosen.query()]))
        return f"{reverse('discovery:browse')}?{query}" if query else reverse("discovery:browse")

    def words(self):
        """Return the filters in words, such as ["Reports", "Wales", "2010–2014"]; the day is not among them."""
        return [words for words, _pairs in self._choices()]

    def until_words(self):
        return formats.date_format(self.until, "j F Y") if self.until else ""

    def chips(self, name="discovery:evidence_map"):
        """Return {label, remove_url} for each choice on the page of this name, for components/active_facets.html."""
        pairs = self._pairs()
        until = [("until", self.until.isoformat())] if self.until else []
        chips = [
            (words, [*(pair for pair in pairs if pair not in removed), *until])
            for words, removed in self._choices()
        ]
        if self.until:
            chips.append((_("Up to %(day)s") % {"day": self.until_words()}, pairs))
        path = reverse(name)
        return [
            {"label": words, "remove_url": f"{path}?{urlencode(left)}" if left else path}
            for words, left in chips
        ]

    def fields(self):
        """Return what the form shows: its selects, the first and last year, and the values that it only keeps."""
        facets = self.chosen.facets
        labels = kind_labels()
        levels = [(str(level), f"{level}: {words}") for level, words in EvidenceLevel.choices]
        selects = [
            _select(
                "kind", _("Kind"), [(code, labels[code]) for code in contribution_kinds()], self.chosen.kinds
            ),
            _select("region", _("Nation or region"), Region.choices, facets.regions),
            _select(
                "evidence", _("Strength of evidence"), levels, [str(level.value) for level in facets.levels]
            ),
        ]
        asked = {"kind", "region", "evidence", "year"}
        kept = [(name, value) for name, value in self._pairs() if name not in asked]
        return {
            "selects": selects,
            "first": min(facets.years, default=""),
            "last": max(facets.years, default=""),
            "kept": [*kept, *([("until", self.until.isoformat())] if self.until else [])],
        }

    def _pairs(self):
        return [(name, value) for name, value, _words, _patch in self.chosen.chosen()]

    def _choices(self):
        """Yield (words, what the address has of it); years that follow each other are one choice."""
        for name, value, words, _patch in self.chosen.chosen():
            if name != "year":
                yield str(words), [(name, value)]
        years = sorted(set(self.chosen.facets.years))
        for _distance, run in groupby(enumerate(years), lambda each: each[1] - each[0]):
            run = [year for _place, year in run]
            words = f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0])
            yield words, [("year", str(year)) for year in run]


def _select(name, label, options, chosen):
    only = chosen[0] if len(chosen) == 1 else ""
    return {
        "name": name,
        "label": label,
        "options": [(value, words, value == only) for value, words in options],
    }


def _year(text):
    """Return the year, or None where it is none."""
    plain = text.isascii() and text.isdecimal() and len(text) == 4
    return int(text) if plain and int(text) >= FIRST_YEAR else None


def _day(text):
    """Return the day of an ISO date that is not in the future, or None."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day and date(FIRST_YEAR, 1, 1) <= day <= timezone.localdate() else None
