"""How a contribution is named in an address: `<id>`, or `<id>-<slug>` where only the id decides."""

from typing import NamedTuple

from django.urls import register_converter


class ItemAddress(NamedTuple):
    pk: int
    slug: str


class ItemConverter:
    """Matches 12 and 12-a-title. At most 18 digits: a larger id could not be in the database."""

    regex = r"[1-9][0-9]{0,17}(?:-[^/]*)?"

    def to_python(self, value):
        number, _dash, slug = value.partition("-")
        return ItemAddress(int(number), slug)

    def to_url(self, value):
        return f"{value.pk}-{value.slug}" if isinstance(value, ItemAddress) and value.slug else str(value)


class NumberConverter:
    """The number of a row, such as 12. At most 18 digits, as above."""

    regex = r"[1-9][0-9]{0,17}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


class YearConverter:
    """A year with four digits, from 1000 on: what a date can hold."""

    regex = r"[1-9][0-9]{3}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return f"{value:04d}"


class MonthConverter:
    regex = r"0[1-9]|1[0-2]"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return f"{int(value):02d}"


class TokenConverter:
    """The token of a stored file, as files.models.make_token makes it: what can be none never reaches the database."""

    regex = r"[A-Za-z0-9_-]{32,43}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


def register():
    """Make <item:…>, <number:…>, <year4:…>, <month2:…> and <token:…> known to Django's paths."""
    register_converter(ItemConverter, "item")
    register_converter(NumberConverter, "number")
    register_converter(YearConverter, "year4")
    register_converter(MonthConverter, "month2")
    register_converter(TokenConverter, "token")
