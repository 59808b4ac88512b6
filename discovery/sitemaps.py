"""Sitemaps: every address that a search engine may keep, in files of ranges of ids, so that each costs the same.

A file holds what has an id in one range of MOST, read by the primary key from its first to its last, however much
there is before it. What is not public, and who did not choose to be found, is in none of them; decision 0041 says why.
"""

from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from commons.contributions import kinds
from commons.contributions.conditional import etag_for, not_modified, stamp
from commons.contributions.feeds import canonical
from commons.contributions.keywords import listed_keywords
from commons.contributions.lists import last_change
from commons.contributions.models import Contribution
from commons.tagging import vocabulary
from commons.tagging.places import Pair, RegionPlace
from profiles.models import Member

from .evidence_map import map_of
from .evidence_map_filters import MapFilters

MOST = 10_000  # addresses a file; the protocol allows 50,000 and 50 MB
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Pages that are there whatever people share.
STANDING = (
    "home", "about", "about_co_production", "about_network", "terms", "privacy", "accessibility", "report_issue",
    "library:home", "library:all", "library:principle_list", "library:sector_list", "discovery:browse", "events:past",
    "discovery:evidence_map", "discovery:region_list", "discovery:counts",
)  # fmt: skip


def items():
    """Return what is public, of every kind."""
    return Contribution.objects.listed_to(AnonymousUser())


def members():
    """Return the members who chose to be in the directory and to be found by search engines."""
    return Member.objects.listed_to(AnonymousUser()).filter(indexable=True)


def keywords():
    """Return the keywords that stand on something public."""
    return listed_keywords(AnonymousUser())


def last_change_of_members():
    return Member.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()


def _of_items(rows):
    for kind, pk, slug, changed in rows.values_list("kind", "pk", "slug", "changed_at"):
        yield kinds.address(kind, pk, slug), changed


def _of_members(rows):
    folder = reverse("profiles:directory")
    for username, changed in rows.values_list("username", "changed_at"):
        yield f"{folder}{username}/", changed


def _of_keywords(rows):
    for slug in rows.values_list("slug", flat=True):
        yield reverse("discovery:keyword", args=[slug]), None


# What has ranges: its rows, when any of them last changed, and (address, moment or None) of each row of a range.
SERIES = {
    "items": (items, last_change, _of_items),
    "members": (members, last_change_of_members, _of_members),
    "keywords": (keywords, last_change, _of_keywords),
}


@require_safe
def index(request):
    """The index of all sitemaps. One query for each file that it names, and one more for each series."""
    return _answer(request, (last_change(), last_change_of_members()), _index)


@require_safe
def pages(request):
    """The sitemap of the standing pages, the lists, the principles and sectors, and hubs of what is public.

    Two queries, and the last change.
    """
    return _answer(request, (last_change(),), lambda: _urlset((path, None) for path in _pages()))


@require_safe
def part(request, series, number):
    """The sitemap of one range of ids. Two queries. Raises Http404 where nothing of it is public."""
    rows, changed, addresses = SERIES[series]

    def draw():
        found = rows().filter(pk__gt=(number - 1) * MOST, pk__lte=number * MOST).order_by("pk")
        entries = list(addresses(found))
        if not entries:
            raise Http404
        return _urlset(entries)

    return _answer(request, (changed(),), draw)


def numbers(rows):
    """Yield the number, from 1, of each range of ids in which there is any of the rows: one query a range."""
    after = 0
    while True:
        first = rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True).first()
        if first is None:
            return
        number = -(-first // MOST)
        yield number
        after = number * MOST


def _answer(request, changes, draw):
    etag = etag_for(request, *changes)
    unchanged = not_modified(request, etag)
    if unchanged:
        return unchanged
    with override(settings.LANGUAGE_CODE):
        return stamp(HttpResponse(draw(), content_type="application/xml; charset=utf-8"), etag)


def _index():
    paths = [reverse("discovery:sitemap_pages")]
    for name, (rows, _changed, _addresses) in SERIES.items():
        paths += [reverse(f"discovery:sitemap_{name}", args=[number]) for number in numbers(rows())]
    return _document("sitemapindex", (f"<sitemap>{_location(path)}</sitemap>" for path in paths))


def _pages():
    yield from map(reverse, STANDING)
    lists = {kinds.list_path(kind.code) for kind in kinds.all_kinds()}
    yield from sorted(lists)
    terms = vocabulary.current()
    for term in (*terms.principles.values(), *terms.sectors.values()):
        yield term.url
    visitor = AnonymousUser()
    for cell in map_of(MapFilters.read(QueryDict(), visitor), visitor, last_change()).cells():
        if cell.total:
            yield Pair(cell.principle, cell.sector).get_absolute_url()
    for code in items().exclude(region="").order_by("region").values_list("region", flat=True).distinct():
        yield RegionPlace(code).get_absolute_url()


def _urlset(entries):
    return _document(
        "urlset",
        (
            f"<url>{_location(path)}{f'<lastmod>{moment:%Y-%m-%d}</lastmod>' if moment else ''}</url>"
            for path, moment in entries
        ),
    )


def _location(path):
    return f"<loc>{escape(canonical(path))}</loc>"


def _document(element, lines):
    # Each line a string of its own, joined once: a file of MOST addresses is about a megabyte.
    lines = "\n".join(lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} xmlns="{NAMESPACE}">\n{lines}\n</{element}>\n'
