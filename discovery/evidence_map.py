"""The evidence map: how much is known of each principle in each sector, of what kind, and how strong it is.

All of it is counted by one statement over what has passed the gate, narrowed by the same code that narrows browse,
so that a cell's number is that of the list behind it. Where it stands is said by the thresholds of `State`.
"""

# ruff: noqa: S608 -- names in the SQL are our models' own; whatever was typed is a parameter.

from dataclasses import dataclass
from operator import attrgetter
from urllib.parse import urlencode

from django.db import connection, models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commons.contributions.drawn import digest_of
from commons.contributions.models import Contribution, TaggedContribution
from commons.contributions.querysets import reach_of
from commons.contributions.unchanged import while_unchanged
from commons.tagging import vocabulary
from commons.tagging.evidence import EvidenceLevel

from .counting import CONTRIBUTION_TAGS, Sets

ENOUGH_TO_BRING_TOGETHER = 5
# A report with one of these keywords brings together what others found.
REVIEW_KEYWORDS = ("review", "evidence-review", "literature-review", "rapid-review", "systematic-review")


class Sort(models.IntegerChoices):
    """What kind of evidence an item is."""

    CASE_STUDY = 0, _("Case studies")
    EVALUATION = 1, _("Evaluations")
    RESEARCH = 2, _("Research and reports")
    PRACTICE = 3, _("Practice talk")


class State(models.TextChoices):
    """Where a cell stands. The last is 3ie's synthesis gap; it comes before how strong the best is."""

    GAP = "gap", _("Gap")
    WEAK = "weak", _("Weak")
    MODERATE = "moderate", _("Moderate")
    STRONG = "strong", _("Strong")
    APART = "apart", _("Not yet brought together")


IS_EVALUATION = Q(kind="document", subtype="evaluation")
IS_RESEARCH = Q(kind="report") | Q(kind="document", subtype="guidance")


@dataclass(frozen=True)
class Cell:
    """What there is of a principle in a sector; of all of them where either is None.

    `counts` are the numbers of items by Sort, `best` the highest level of evidence among them or None, `together`
    whether an evaluation or a review is among them.
    """

    principle: object
    sector: object
    counts: tuple = (0, 0, 0, 0)
    best: int | None = None
    together: bool = False

    @property
    def total(self):
        return sum(self.counts)

    @property
    def state(self):
        if not self.total:
            return State.GAP
        if self.total >= ENOUGH_TO_BRING_TOGETHER and not self.together:
            return State.APART
        if self.best is None or self.best < EvidenceLevel.BEFORE_AND_AFTER:
            return State.WEAK
        return State.MODERATE if self.best == EvidenceLevel.BEFORE_AND_AFTER else State.STRONG

    @property
    def place(self):
        """What an address asks for to be about the same: principle and sector."""
        return urlencode({"principle": self.principle.slug, "sector": self.sector.slug})

    @property
    def items_words(self):
        words = ngettext("%(number)s item", "%(number)s items", self.total)
        return words % {"number": f"{self.total:,}"}

    @property
    def best_words(self):
        """The best level of evidence and what it means, such as "3, Compared with others", or ""."""
        return "" if self.best is None else f"{self.best}, {EvidenceLevel(self.best).label}"

    def sorts(self):
        """Return (words, number in words) of each kind of evidence that there is."""
        return [
            (label, f"{number:,}") for label, number in zip(Sort.labels, self.counts, strict=True) if number
        ]


@dataclass(frozen=True)
class Row:
    """One sector: its cells in the order of the principles, and what there is of it in all."""

    sector: object
    cells: list
    total: Cell


@dataclass(frozen=True)
class EvidenceMap:
    """Sectors down, principles across. Every total counts an item once, in however many cells it counts."""

    principles: list
    rows: list
    totals: list
    whole: Cell

    def cells(self):
        return [cell for row in self.rows for cell in row.cells]

    def cell(self, principle, sector):
        """Return the Cell of these two terms."""
        return next(cell for cell in self.cells() if (cell.principle, cell.sector) == (principle, sector))

    def how_many(self):
        """Return {State: number of cells}."""
        counts = dict.fromkeys(State, 0)
        for cell in self.cells():
            counts[cell.state] += 1
        return counts

    def most_known(self):
        """Return the cell that has most items, or None where there is nothing."""
        most = max(self.cells(), key=attrgetter("total"), default=None)
        return most if most and most.total else None


def map_of(filters, user, as_of):
    """Return the EvidenceMap of what is listed to `user` and passes `filters` (discovery.evidence_map_filters).

    One query; none where the numbers are kept since any contribution last changed (`as_of`).
    """
    key = f"discovery.evidence_map.{reach_of(user)}.{digest_of(filters.key()).hex()}"
    terms = vocabulary.current()
    found = while_unchanged(
        key, (as_of, terms.digest), lambda: _counted(filters.narrow(Contribution.objects.listed_to(user)))
    )
    return _laid_out(found, terms)


def _laid_out(found, terms):
    principles, sectors = list(terms.principles.values()), list(terms.sectors.values())

    def cell(principle=None, sector=None):
        place = principle and principle.pk, sector and sector.pk
        return Cell(principle, sector, *found.get(place, ()))

    rows = [
        Row(sector, [cell(principle, sector) for principle in principles], cell(sector=sector))
        for sector in sectors
    ]
    return EvidenceMap(principles, rows, [cell(principle) for principle in principles], cell())


def _counted(contributions):
    """Return {(principle id or None, sector id or None): (counts by Sort, best level, together)}. One query."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(*_statement(contributions))
        for principle, sector, sort, number, best, together in cursor.fetchall():
            counts, levels, _together = found.setdefault((principle, sector), ([0] * len(Sort), [], []))
            counts[sort] += number
            levels += [] if best is None else [best]
            _together.append(together)
    return {
        place: (tuple(counts), max(levels, default=None), any(together))
        for place, (counts, levels, together) in found.items()
    }


def _statement(contributions):
    """Return the SQL that counts items by principle, sector and both, and once in all; and its parameters."""
    reviews = TaggedContribution.objects.filter(tag__slug__in=REVIEW_KEYWORDS).values("content_object")
    rows = contributions.annotate(
        sort=Case(
            When(kind="case-study", then=Value(Sort.CASE_STUDY.value)),
            When(IS_EVALUATION, then=Value(Sort.EVALUATION.value)),
            When(IS_RESEARCH, then=Value(Sort.RESEARCH.value)),
            default=Value(Sort.PRACTICE.value),
        ),
        together=Case(
            When(IS_EVALUATION, then=Value(1)),
            When(IS_RESEARCH & Q(pk__in=reviews), then=Value(1)),
            default=Value(0),
        ),
    )
    sets = Sets()
    sets.add("listed", rows, "id", "evidence_level", "sort", "together")
    tags = {name: CONTRIBUTION_TAGS[name] for name in ("principle", "sector")}
    return sets.statement(
        [
            _part(tags),
            _part({"principle": tags["principle"]}),
            _part({"sector": tags["sector"]}),
            _part({}),
        ]
    )


def _part(tags):
    """Return the SELECT that counts what is listed by these tags: {"principle": ..., "sector": ...}, or fewer."""
    columns, tables, where = [], [], []
    for name in ("principle", "sector"):
        if name not in tags:
            columns.append("CAST(NULL AS integer)")
            continue
        through, item, tag = tags[name]
        columns.append(f"{name}.{tag}")
        # CROSS JOIN, for SQLite to look up the tags of what is listed, and not to walk all tags there are.
        tables.append(f"CROSS JOIN {connection.ops.quote_name(through._meta.db_table)} {name}")
        where.append(f"{name}.{item} = l.id")
    grouped = [f"{name}.{tags[name][2]}" for name in tags]
    return (
        f"SELECT {', '.join(columns)}, l.sort, COUNT(*), MAX(l.evidence_level), MAX(l.together) "
        f"FROM listed l {' '.join(tables)} {'WHERE ' if where else ''}{' AND '.join(where)} "
        f"GROUP BY {', '.join([*grouped, 'l.sort'])}"
    )
