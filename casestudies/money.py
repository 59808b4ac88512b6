"""Amounts of money in words. An amount is a whole number of pence or cents, and so is each end of a range."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

# What stands before an amount; of dollars it says whose.
SIGNS = {"GBP": "£", "EUR": "€", "USD": "US$", "AUD": "A$"}
IN_ONE = 100
# A word joiner keeps the minus on the line of its amount.
MINUS = "−\N{WORD JOINER}"


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, both in the smallest unit of one currency; equal where an amount is exact."""

    low: int = 0
    high: int = 0

    def __post_init__(self):
        if self.low > self.high:
            raise ValueError(f"A range goes up, not from {self.low} to {self.high}.")

    def __add__(self, other):
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other):
        """Return all that the difference can be: the least less the most, to the most less the least."""
        return Range(self.low - other.high, self.high - other.low)

    @property
    def is_exact(self):
        return self.low == self.high

    def words(self, currency):
        """Return it as people read it: "£1,250", "£1,000 to £2,000", "−£20.50"."""
        if self.is_exact:
            return amount_words(self.low, currency)
        return _("%(low)s to %(high)s") % {
            "low": amount_words(self.low, currency),
            "high": amount_words(self.high, currency),
        }


def amount_words(amount, currency):
    """Return an amount in words; pence or cents only where there are some."""
    whole, part = divmod(abs(amount), IN_ONE)
    figures = f"{whole:,}.{part:02d}" if part else f"{whole:,}"
    return f"{MINUS if amount < 0 else ''}{SIGNS[currency]}{figures}"


def read_amount(text):
    """Return what a person typed, such as "£1,250.50", as a whole number of pence. Raises ValueError.

    A sign of a currency, spaces and commas between thousands are taken; more than two places after the point, a
    minus or an exponent are not.
    """
    figures = text.strip().lstrip("£€$").strip().replace(" ", "")
    whole, _point, part = figures.partition(".")
    groups = whole.split(",")
    well_grouped = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:]))
    plain = "".join(groups)
    if not (well_grouped and plain.isascii() and plain.isdecimal()):
        raise ValueError(f"No amount: {text!r}")
    if part and not (part.isascii() and part.isdecimal() and len(part) <= 2):
        raise ValueError(f"No pence: {text!r}")
    return int(plain) * IN_ONE + int((part or "0").ljust(2, "0"))
