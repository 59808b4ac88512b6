"""The form above the lists of events by which they are narrowed. Its HTML is kept under what was chosen."""

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.contributions.drawn import drawn
from commons.tagging import vocabulary
from commons.tagging.regions import Region


def filters_html(path, facets):
    """Return the HTML of a form at `path` with what Facets chose already chosen."""
    chosen = {}
    for facet, value, _words in facets.chosen():
        chosen.setdefault(facet, []).append(value)
    made_of = ("event filters", path, chosen, get_language(), vocabulary.current().digest)
    return drawn(made_of, lambda: _draw(path, chosen))


def _draw(path, chosen):
    terms = vocabulary.current()
    facets = (
        ("region", _("Nation or region"), Region.choices),
        ("principle", _("Principle"), [(term.slug, term.name) for term in terms.principles.values()]),
        ("sector", _("Service sector"), [(term.slug, term.name) for term in terms.sectors.values()]),
    )
    selects = [
        {
            "name": name,
            "label": label,
            "options": [(value, words, chosen.get(name) == [value]) for value, words in options],
        }
        for name, label, options in facets
    ]
    # What the form does not ask for stays chosen.
    others = [(name, value) for name in ("keyword", "year") for value in chosen.get(name, [])]
    return render_to_string("events/_filters.html", {"path": path, "selects": selects, "others": others})
