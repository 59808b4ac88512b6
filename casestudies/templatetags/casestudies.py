"""Money and drawings in the templates of case studies."""

from django import template

from ..ledger_drawing import drawing_of
from ..money import Range

register = template.Library()


@register.filter
def money(amount, currency):
    """Return a Range in words."""
    return amount.words(currency)


@register.filter
def row_money(row):
    """Return the amount of one CostOrBenefit in words."""
    return Range(row.low, row.low if row.high is None else row.high).words(row.currency)


@register.filter
def drawing(statement):
    return drawing_of(statement)


@register.filter
def unlocalised(number):
    """Return a number as SVG wants it, whatever the language: "12.5"."""
    return f"{number:g}"
