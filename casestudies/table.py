"""Case studies as a table for a spreadsheet: those that are listed to who asks, one a row."""

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from commons.contributions.facets import EvidenceFacets
from commons.contributions.feeds import canonical
from commons.markup import spreadsheets
from commons.tagging import vocabulary
from commons.tagging.evidence import EvidenceLevel

from .facts import ledger_words, outcome_words, people_words, place_words, sentences_of, when_words
from .models import CaseStudy
from .models.sides import Side

BATCH = 200
COLUMNS = (
    _("Title"),
    _("Address"),
    _("By"),
    _("Published"),
    _("In short"),
    _("Place"),
    _("When"),
    _("Sectors"),
    _("Principles"),
    _("How they showed up"),
    _("Who took part"),
    _("Outcomes"),
    _("Level of evidence"),
    _("Left over to each budget holder"),
    _("Told by"),
)


def table(request):
    """The case studies of the list, with the facets in its address, as CSV. One query a batch."""
    facets = EvidenceFacets.read(request.GET, request.user)
    found = facets.narrow(CaseStudy.objects.listed_to(request.user)).newest()
    rows = map(_row, found.iterator(chunk_size=BATCH))
    response = StreamingHttpResponse(
        spreadsheets.lines(COLUMNS, rows), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = content_disposition_header(True, "case-studies.csv")
    return response


def _row(item):
    terms = vocabulary.current()
    level = item.evidence_level
    return [
        item.title,
        canonical(item.get_absolute_url()),
        item.card.get("byline", {}).get("name", ""),
        f"{item.published_at:%Y-%m-%d}" if item.published_at else "",
        item.lead(),
        place_words(item),
        when_words(item),
        _names(terms.sectors, item.card.get("sectors", [])),
        _names(terms.principles, item.card.get("principles", [])),
        " ".join(f"{term.name}: {sentence}" for term, sentence in sentences_of(item)),
        people_words(item),
        outcome_words(item),
        "" if level is None else f"{level}. {EvidenceLevel(level).label}",
        ledger_words(item),
        "; ".join(str(Side(side).label) for side in item.card.get("sides", [])),
    ]


def _names(terms, pks):
    return ", ".join(terms[pk].name for pk in pks if pk in terms)
