"""What stands above a list of the forum: which list, which principle and sector, which order. Rendered once a choice.

It is the same for every reader, and has some forty links and options.
"""

from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language

from commons.contributions import kinds
from commons.tagging import vocabulary

from .models import Thread

KEPT_CHOICES = 500


class _Key:
    """What the HTML is kept under: equal when all that it is made of is equal."""

    def __init__(self, chosen):
        self.chosen = chosen
        self.made_of = (tuple(chosen.parameters()), get_language(), vocabulary.current().digest)

    def __hash__(self):
        return hash(self.made_of)

    def __eq__(self, other):
        return self.made_of == other.made_of


def choices_of(chosen):
    """Return the HTML of the choices of a ThreadList, and that of its orders."""
    return (_kept.__wrapped__ if settings.DEBUG else _kept)(_Key(chosen))


@lru_cache(maxsize=KEPT_CHOICES)
def _kept(key):
    chosen, terms = key.chosen, vocabulary.current()
    key.chosen = None  # the key lives as long as the HTML
    context = {
        "action": kinds.list_path(Thread.KIND),
        "show_links": chosen.show_links(),
        "sort_links": chosen.sort_links(),
        "principles": _options(terms.principles, chosen.facets.principles),
        "sectors": _options(terms.sectors, chosen.facets.sectors),
        # What the form of principle and sector must not lose.
        "others": [pair for pair in chosen.parameters() if pair[0] not in {"principle", "sector"}],
    }
    return tuple(
        render_to_string(name, context)
        for name in ("forum/_list_choices.html", "components/list_orders.html")
    )


def _options(terms, chosen):
    """Return (slug, name, whether it is the one chosen) for each term of a filter with one choice."""
    only = chosen[0].slug if len(chosen) == 1 else ""
    return [(term.slug, term.name, term.slug == only) for term in terms.values()]
