"""The cost ledger: from rows of costs and benefits, who pays, who gains, and what is left, for each budget holder.

What can't be added is not added. Amounts of different currencies stand in different statements, and so do amounts that
come once, each year or for each person. Prices of different years are added as they stand, and the statement says so.
A row without a source stays out of every statement and is shown apart. A range gives a range: what is left is, at
least, the least that is gained less the most that is paid (interval arithmetic: R E Moore, *Interval Analysis*, 1966).
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .models.rows import CostOrBenefit, Flow, Recurrence
from .money import Range

NOTHING = Range()


@dataclass
class Holder:
    """What one budget holder pays and gains in one statement. `cash` is the part of the gains that frees money."""

    name: str
    pays: Range = NOTHING
    gains: Range = NOTHING
    cash: Range = NOTHING

    @property
    def net(self):
        return self.gains - self.pays

    def add(self, row):
        """Take a CostOrBenefit in."""
        amount = Range(row.low, row.low if row.high is None else row.high)
        if row.flow == Flow.COST:
            self.pays += amount
        else:
            self.gains += amount
            if row.cash_releasing:
                self.cash += amount


@dataclass
class Statement:
    """Amounts that may be added: of one currency, and as often as each other. `total` is all holders together."""

    currency: str
    recurrence: str
    holders: list = field(default_factory=list)
    price_years: set = field(default_factory=set)
    total: Holder = None

    def heading(self):
        """Return what kind of amounts they are, such as "pounds sterling (£), every year"."""
        currency = CostOrBenefit._meta.get_field("currency").flatchoices
        words = [str(dict(currency)[self.currency])]
        words.append(
            str(Recurrence(self.recurrence).label) if self.recurrence else _("how often is not said")
        )
        return ", ".join(words)

    def price_year_words(self):
        """Return of which year the prices are; where they differ, that they were added as they stand."""
        known = sorted(year for year in self.price_years if year)
        if len(self.price_years) == 1:
            return (
                _("In prices of %(year)d.") % {"year": known[0]}
                if known
                else _("The price year is not known.")
            )
        years = [*map(str, known), *([_("an unknown year")] if None in self.price_years else [])]
        return _("Prices of different years are added as they stand, not adjusted: %(years)s.") % {
            "years": ", ".join(years)
        }


@dataclass
class Ledger:
    """The statements that sourced rows make, in the order of the rows; and the rows without a source."""

    statements: list = field(default_factory=list)
    unsourced: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.statements or self.unsourced)


def ledger_of(rows):
    """Return the Ledger of CostOrBenefit rows (saved or not), in their order. Holders are told apart by name alone."""
    ledger, statements = Ledger(), {}
    for row in rows:
        if not row.source.strip():
            ledger.unsourced.append(row)
            continue
        key = row.currency, row.recurrence
        if key not in statements:
            statements[key] = Statement(row.currency, row.recurrence, total=Holder(_("All together")))
            ledger.statements.append(statements[key])
        statement = statements[key]
        statement.price_years.add(row.price_year)
        _holder(statement, row.holder).add(row)
        statement.total.add(row)
    return ledger


def _holder(statement, name):
    """Return the statement's Holder of this name, whatever its capitals and spaces; a new one where there is none."""
    same = _folded(name)
    for holder in statement.holders:
        if _folded(holder.name) == same:
            return holder
    holder = Holder(" ".join(name.split()))
    statement.holders.append(holder)
    return holder


def _folded(name):
    return " ".join(name.split()).casefold()
