"""The same lists for machines: `?format=json` and `?format=csv` of any list of contributions.

What stands in either is written down here and in docs/public-data.md, with one version for both. Both pass through
the list's own gate and filters, for they are made of the list's own Pager: a visitor gets what is public, a signed-in
member what they may see.
"""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.markup import spreadsheets
from commons.markup.render import clean_text
from commons.tagging import vocabulary
from commons.tagging.evidence import EvidenceLevel
from commons.tagging.regions import Region

from .cards import keyword_path
from .paging import COUNT_TO, MOST_PAGES, PER_PAGE, rows_between

# Raised when something is taken away or means another thing; what is added leaves it as it is.
VERSION = 1
JSON, CSV = "json", "csv"
MOST_ROWS = MOST_PAGES * PER_PAGE
COLUMNS = (
    gettext_lazy("Number"),
    gettext_lazy("Kind"),
    gettext_lazy("Type"),
    gettext_lazy("Title"),
    gettext_lazy("Address"),
    gettext_lazy("In short"),
    gettext_lazy("By"),
    gettext_lazy("Published"),
    gettext_lazy("Updated"),
    gettext_lazy("Principles"),
    gettext_lazy("Sectors"),
    gettext_lazy("Keywords"),
    gettext_lazy("Region"),
    gettext_lazy("Year"),
    gettext_lazy("Language"),
    gettext_lazy("Level of evidence"),
    gettext_lazy("Begins on"),
    gettext_lazy("Answered"),
    gettext_lazy("For whom"),
)


def wanted(query):
    """Return which of the formats a request's GET asks for, or "" for the page itself, as for a format unknown."""
    asked = query.get("format", "")
    return asked if asked in (JSON, CSV) else ""


def answer(request, pager, title):
    """Return the list that `pager` has a page of in the format asked for, or None where that is the page itself.

    JSON is that page, and costs nothing beside it; CSV the whole list, up to MOST_ROWS, for one query more.
    """
    asked = wanted(request.GET)
    if not asked:
        return None
    response = _csv(pager, title) if asked == CSV else _json(request, pager, title)
    response.headers["X-Robots-Tag"] = "noindex"  # what it holds is found by the pages it names
    if not request.user.is_authenticated:
        # Scripts on other sites may read what everyone may; a browser sends no session where any site may ask.
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _json(request, pager, title):
    path, links = f"{settings.SITE_URL}{request.path}", pager.links
    query = request.GET.copy()
    for name in ("format", "page"):
        query.pop(name, None)
    chosen = query.urlencode()

    def address(number, *more):
        parts = [chosen, *([f"page={number}"] if number > 1 else []), *more]
        found = "&".join(filter(None, parts))
        return f"{path}?{found}" if found else path

    as_json = f"format={JSON}"
    return JsonResponse(
        {
            "version": VERSION,
            "title": clean_text(title),
            "network": settings.NETWORK_NAME,
            "rights": _(
                "What is written stays its author’s. You may quote it, and must name them; lead to its address, where "
                "it stands as it is now. The terms say what members agreed to."
            ),
            "terms": f"{settings.SITE_URL}{reverse('terms')}",
            "self": address(links.number, as_json),
            "html": address(links.number),
            "previous": address(links.number - 1, as_json) if links.previous_url else None,
            "next": address(links.number + 1, as_json) if links.next_url else None,
            "page": links.number,
            "count": min(links.count, COUNT_TO),
            "count_is_exact": links.count <= COUNT_TO,
            "items": [item_of(row) for row in pager.rows],
        },
        json_dumps_params={"ensure_ascii": False},
    )


def item_of(row):
    """Return what JSON says of a contribution (a base row is enough), in plain values."""
    stored, terms = row.card, vocabulary.current()
    keywords = keyword_path()
    return {
        "id": row.pk,
        "kind": row.kind,
        "type": row.subtype,
        "title": clean_text(row.title),
        "url": f"{settings.SITE_URL}{row.get_absolute_url()}",
        "summary": clean_text(row.lead()),
        "byline": clean_text(stored.get("byline", {}).get("name", "")),
        "published": _moment(row.published_at),
        "updated": _moment(row.edited_at or row.published_at),
        "principles": [_term(terms.principles[pk]) for pk in stored["principles"] if pk in terms.principles],
        "sectors": [_term(terms.sectors[pk]) for pk in stored["sectors"] if pk in terms.sectors],
        "keywords": [
            {"slug": slug, "name": name, "url": f"{settings.SITE_URL}{keywords}{slug}/"}
            for name, slug in stored["keywords"]
        ],
        "region": row.region or None,
        "year": row.year,
        "language": row.language,
        "evidence_level": row.evidence_level,
        "starts_on": row.starts_on and row.starts_on.isoformat(),
        "answered": row.answered,
        "audience": row.audience,
    }


def _term(term):
    return {"slug": term.slug, "name": term.name, "url": f"{settings.SITE_URL}{term.url}"}


def _moment(moment):
    return moment and moment.isoformat(timespec="seconds")


def _csv(pager, title):
    rows = map(_cells, rows_between(pager.queryset, 0, MOST_ROWS))
    table = "".join(spreadsheets.lines(COLUMNS, rows))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{slugify(title) or CSV}.csv")
    return response


def _cells(row):
    item = item_of(row)
    level, region, answered = row.evidence_level, row.region, row.answered
    names = {
        name: ", ".join(each["name"] for each in item[name]) for name in ("principles", "sectors", "keywords")
    }
    return [
        item["id"],
        item["kind"],
        item["type"],
        item["title"],
        item["url"],
        item["summary"],
        item["byline"],
        item["published"] or "",
        item["updated"] or "",
        names["principles"],
        names["sectors"],
        names["keywords"],
        Region(region).label if region in Region.values else "",
        "" if row.year is None else row.year,
        row.language,
        "" if level is None else f"{level}. {EvidenceLevel(level).label}",
        item["starts_on"] or "",
        "" if answered is None else _("Yes") if answered else _("No"),
        row.get_audience_display(),
    ]
