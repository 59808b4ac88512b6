"""The options of a filter. A page has some seventy of them, so what is the same each time is kept."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language

from commons.markup.render import HOLE, around, filled

KEPT_OPTIONS = 2_000
register = template.Library()


@register.simple_tag
def facet_options(group):
    """Return the options of one facet (see FacetCounts.groups) as HTML."""
    halves = _halves.__wrapped__ if settings.DEBUG else _halves
    language = get_language()
    pieces = []
    for option in group["options"]:
        same = (option["value"], option["label"], option["patch"], option["checked"])
        before, after = halves(group["name"], *same, language)
        pieces.append((before, option["count"], after))
    return filled(pieces)


@lru_cache(maxsize=KEPT_OPTIONS)
def _halves(name, value, label, patch, checked, _language):
    """Return the HTML of an option before and after its count."""
    option = {"name": name, "value": value, "label": label, "patch": patch, "checked": checked, "count": HOLE}
    return around(render_to_string("components/facet_option.html", option))
