"""What stands above the library's lists: which type or kind, as links, and a form for the rest.

The same for every reader, so its HTML is kept under what was chosen.
"""

from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.contributions.drawn import drawn
from commons.tagging import vocabulary
from commons.tagging.evidence import EvidenceLevel
from commons.tagging.regions import Region


def filters_html(path, facets, *, name, options, label, document=False):
    """Return the HTML of the choices above a list at `path`.

    `name` is the facet whose `options`, (value, words), stand as links, and `label` what those are called together;
    with `document` the form has what only documents are narrowed by.
    """
    chosen = {}
    for facet, value, _words in facets.chosen():
        chosen.setdefault(facet, []).append(value)
    made_of = ("library filters", path, chosen, name, get_language(), vocabulary.current().digest)
    return drawn(
        made_of,
        lambda: render_to_string(
            "components/list_filters.html",
            {
                "action": path,
                "label": label,
                "links": _links(path, chosen, name, options),
                "others": [
                    (facet, value)
                    for facet, values in chosen.items()
                    for value in values
                    if facet in {name, "keyword"}
                    or (not document and facet in {"region", "year", "evidence"})
                ],
                "selects": [_select(*each, chosen) for each in _choices(document)],
                "year": next(iter(chosen.get("year", [])), "") if document else None,
            },
        ),
    )


def filters_of_types(context, types, *, label, document=False):
    """Return {"filters": HTML} for a list's `context`, by its kind's `types` (TextChoices); {} in an archive."""
    if context["month_words"]:
        return {}
    options = [(code, str(words)) for code, words in types.choices]
    html = filters_html(
        context["kind_url"], context["facets"], name="type", options=options, label=label, document=document
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


def _choices(document):
    """Yield (name, words, options) of each select."""
    terms = vocabulary.current()
    yield "principle", _("Principle"), [(term.slug, term.name) for term in terms.principles.values()]
    yield "sector", _("Service sector"), [(term.slug, term.name) for term in terms.sectors.values()]
    if document:
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
