"""The ways from a principle to its page in each service sector, and from a sector to its page for each principle."""

from django.template.loader import render_to_string
from django.utils.translation import get_language

from commons.contributions.drawn import drawn
from commons.tagging import vocabulary
from commons.tagging.places import Pair


def pairs_html(facet, term):
    """Return them as HTML. `facet` is "principle" or "sector", and `term` one of those."""
    terms = vocabulary.current()

    def draw():
        if facet == "principle":
            others = [(sector, Pair(term, sector)) for sector in terms.sectors.values()]
        else:
            others = [(principle, Pair(principle, term)) for principle in terms.principles.values()]
        context = {
            "facet": facet,
            "others": [(other, pair.get_absolute_url()) for other, pair in others],
        }
        return render_to_string("library/_pairs.html", context)

    return drawn(("pairs", facet, term.pk, get_language(), terms.digest), draw)
