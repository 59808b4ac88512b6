"""The filters beside a list. A page has some seventy options, so what is the same each time is kept."""

from functools import lru_cache
from operator import itemgetter

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language

from commons.markup.render import HOLE, around, filled

KEPT_OPTIONS = 2_000
KEPT_PANELS = 200  # at about 20 KB each
OPTION = itemgetter("value", "label", "count", "checked", "patch")
register = template.Library()


@register.simple_tag(takes_context=True)
def facets_panel(context):
    """Return components/facets_panel.html, kept under all that it is made of: words, addresses and each number."""
    shown = {name: context.get(name) for name in ("facets", "facet_action", "active_facets", "q", "sort")}
    if settings.DEBUG:
        return render_to_string("components/facets_panel.html", shown)
    options = [(group["name"], *map(OPTION, group["options"])) for group in shown["facets"]]
    made_of = (
        options,
        *map(shown.get, ("facet_action", "q", "sort")),
        len(shown["active_facets"] or ()),
        get_language(),
    )
    return _panel(_Panel(repr(made_of), shown))


class _Panel:
    """What a panel's HTML is kept under; equal when all that the HTML is made of is equal."""

    __slots__ = ("made_of", "shown")

    def __init__(self, made_of, shown):
        self.made_of, self.shown = made_of, shown

    def __hash__(self):
        return hash(self.made_of)

    def __eq__(self, other):
        return self.made_of == other.made_of


@lru_cache(maxsize=KEPT_PANELS)
def _panel(panel):
    shown, panel.shown = panel.shown, None  # the key lives as long as the HTML, and needs no more
    return render_to_string("components/facets_panel.html", shown)


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
