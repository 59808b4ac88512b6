"""What stands above a list: which type or kind, as links where there are some, and a form for the rest.

The same for every reader, so its HTML is kept under what was chosen.
"""

from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.tagging import vocabulary
from commons.tagging.evidence import EvidenceLevel
from commons.tagging.regions import Region

from .drawn import drawn

TERMS = ("principle", "sector")
MORE = (*TERMS, "region", "evidence")


def filters_html(path, facets, *, name="", options=(), label="", selects=TERMS, year=False):
    """Return the HTML of the choices above a list at `path`.

    `name` is the facet whose `options`, (value, words), stand as links, and `label` what those are called together;
    `selects` are the facets that the form has, of MORE, and `year` whether it asks for a year too.
    """
    chosen = {}
    for facet, value, _words in facets.chosen():
        chosen.setdefault(facet, []).append(value)
    in_form = {*selects, *(["year"] if year else [])}
    made_of = ("filters", path, chosen, name, selects, year, get_language(), vocabulary.current().digest)
    return drawn(
        made_of,
        lambda: render_to_string(
            "components/list_filters.html",
            {
                "action": path,
                "label": label,
                "links": _links(path, chosen, name, options) if name else [],
                "others": [
                    (facet, value)
                    for facet, values in chosen.items()
                    for value in values
                    if facet not in in_form
                ],
                "selects": [_select(*each, chosen) for each in _choices() if each[0] in selects],
                "year": next(iter(chosen.get("year", [])), "") if year else None,
            },
        ),
    )


def filters_of_types(context, types, *, label, selects=TERMS, year=False):
    """Return {"filters": HTML} for a list's `context`, by its kind's `types` (TextChoices); {} in an archive."""
    if context["month_words"]:
        return {}
    options = [(code, str(words)) for code, words in types.choices]
    html = filters_html(
        context["kind_url"],
        context["facets"],
        name="type",
        options=options,
        label=label,
        selects=selects,
        year=year,
    )
    return {"filters": html}


def _links(path, chosen, name, options):
    """Return {label, url, current} for each option of the facet that stands as links, "all" the first."""
    rest = [(facet, value) for facet, values in chosen.items() if facet != name for value in values]

    def link(words, *values):
        query = urlencode([*((name, value) for value in values), *rest])
        current = sorted(chosen.get(name, [])) == sorted(values)
        return {"label": words, "url": f"{path}?{query}" if query else path, "current": current}

    return [link(_("All")), *(link(words, value) for value, words in options)]


def _choices():
    """Yield (name, words, options) of each select."""
    terms = vocabulary.current()
    yield "principle", _("Principle"), [(term.slug, term.name) for term in terms.principles.values()]
    yield "sector", _("Service sector"), [(term.slug, term.name) for term in terms.sectors.values()]
    yield "region", _("Nation or region"), Region.choices
    levels = [(str(value), f"{value}: {words}") for value, words in EvidenceLevel.choices]
    yield "evidence", _("Strength of evidence"), levels


def _select(name, words, options, chosen):
    only = chosen.get(name, [])
    only = only[0] if len(only) == 1 else ""
    return {
        "name": name,
        "label": words,
        "options": [(value, label, value == only) for value, label in options],
    }
