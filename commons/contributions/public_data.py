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
from .models import Audience
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


def answer(request, pager, title, *, describe=None, read_at=""):
    """Return the list that `pager` has a page of in the format asked for, or None where that is the page itself.

    JSON is that page, and costs nothing beside it; CSV the whole list, up to MOST_ROWS, for one query more. `describe`
    makes an item of a row, where the rows are no contributions; `read_at` is the address at which people read the
    pages of the list, with its query, where that is another than the one asked for.
    """
    asked = wanted(request.GET)
    if not asked:
        return None
    describe = describe or item_of
    response = (
        _csv(pager, title, describe) if asked == CSV else _json(request, pager, title, describe, read_at)
    )
    response.headers["X-Robots-Tag"] = "noindex"  # what it holds is found by the pages it names
    if not request.user.is_authenticated:
        # Scripts on other sites may read what everyone may; a browser sends no session where any site may ask.
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _json(request, pager, title, describe, read_at):
    links = pager.links
    query = request.GET.copy()
    for name in ("format", "page"):
        query.pop(name, None)
    here = request.path, query.urlencode()
    for_people = tuple(read_at.split("?", 1)) if read_at else here

    def address(number, *more, at=here):
        path, chosen = at
        parts = [chosen, *([f"page={number}"] if number > 1 else []), *more]
        found = "&".join(filter(None, parts))
        return f"{settings.SITE_URL}{path}?{found}" if found else f"{settings.SITE_URL}{path}"

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
            "html": address(links.number, at=for_people),
            "previous": address(links.number - 1, as_json) if links.previous_url else None,
            "next": address(links.number + 1, as_json) if links.next_url else None,
            "page": links.number,
            "count": min(links.count, COUNT_TO),
            "count_is_exact": links.count <= COUNT_TO,
            "items": [describe(row) for row in pager.rows],
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


def other_item(*, kind, title, path, summary, for_members):
    """Return what JSON says of a member, a principle or a sector that was found: the same names, most of them null.

    It has no number: what it is known by is its address.
    """
    return {
        "id": None,
        "kind": kind,
        "type": "",
        "title": clean_text(title),
        "url": f"{settings.SITE_URL}{path}",
        "summary": clean_text(summary),
        "byline": "",
        "published": None,
        "updated": None,
        "principles": [],
        "sectors": [],
        "keywords": [],
        "region": None,
        "year": None,
        "language": None,
        "evidence_level": None,
        "starts_on": None,
        "answered": None,
        "audience": Audience.MEMBERS.value if for_members else Audience.EVERYONE.value,
    }


def _term(term):
    return {"slug": term.slug, "name": term.name, "url": f"{settings.SITE_URL}{term.url}"}


def _moment(moment):
    return moment and moment.isoformat(timespec="seconds")


def _csv(pager, title, describe):
    rows = (_cells(describe(row)) for row in rows_between(pager.queryset, 0, MOST_ROWS))
    table = "".join(spreadsheets.lines(COLUMNS, rows))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{slugify(title) or CSV}.csv")
    return response


def _cells(item):
    """Return what a table says of an item, in words where JSON has codes."""
    level, region, answered = item["evidence_level"], item["region"], item["answered"]
    names = {
        name: ", ".join(each["name"] for each in item[name]) for name in ("principles", "sectors", "keywords")
    }
    return [
        "" if item["id"] is None else item["id"],
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
        "" if item["year"] is None else item["year"],
        item["language"] or "",
        "" if level is None else f"{level}. {EvidenceLevel(level).label}",
        item["starts_on"] or "",
        "" if answered is None else _("Yes") if answered else _("No"),
        Audience(item["audience"]).label,
    ]
