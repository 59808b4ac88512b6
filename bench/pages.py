"""The pages that are measured, and their limits.

SQL, bytes and buffers have the limits that every page of the site must meet; function calls are held near
what was measured when the limit was set, so that a page which becomes dearer is noticed.
"""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.urls import reverse

from commons.contributions.conversation import page_of
from commons.contributions.models import Contribution
from commons.contributions.paging import PER_PAGE
from commons.contributions.sample_texts import COMMON_WORD, RARE_WORD
from commons.tagging import vocabulary

VISITOR, MEMBER = "visitor", "member"


@dataclass(frozen=True)
class Limits:
    """What may not be passed. `ratio` is what requests a second should reach of the floor's: shown, not held."""

    sql: int
    calls: int
    raw: int
    compressed: int
    ratio: float
    not_modified: int = 2
    buffers: int | None = None


@dataclass(frozen=True)
class Page:
    """One page as one reader asks for it."""

    name: str
    reader: str
    path: str
    limits: Limits

    @property
    def signed_in(self):
        return self.reader == MEMBER


PAGE_SQL, FACETS_SQL = {VISITOR: 6, MEMBER: 10}, {VISITOR: 12, MEMBER: 16}
KB = 1024
COMPRESSED = 12 * KB
# Name: SQL; calls of a visitor's and of a member's page; KB; ratios to the floor; buffers.
LIMITS = {
    "home": (PAGE_SQL, (12_000, 12_500), 40, (0.5, 0.5), None),
    "browse": (FACETS_SQL, (12_000, 12_500), 52, (0.5, 0.5), None),
    "browse, two facets": (FACETS_SQL, (28_000, 29_500), 52, (0.3, 0.3), None),
    "browse, most helpful": (FACETS_SQL, (12_000, 12_500), 52, (0.5, 0.5), None),
    "evidence map": (FACETS_SQL, (19_000, 19_500), 52, (0.5, 0.5), None),
    "search, rare word": (FACETS_SQL, (25_000, 26_500), 40, (0.3, 0.3), None),
    "search, common word": (FACETS_SQL, (36_000, 38_500), 52, (0.15, 0.15), None),
    "search, nothing found": (FACETS_SQL, (20_500, 22_000), 40, (0.3, 0.3), None),
    "search, suggestions": (PAGE_SQL, (3_500, 4_000), 40, (0.5, 0.5), None),
    "blog list": (PAGE_SQL, (11_000, 11_500), 40, (0.5, 0.5), 100),
    # 8,000 calls for members until "more like this" came to stand below each post.
    "post": (PAGE_SQL, (7_500, 9_000), 40, (1.0, 0.5), 100),
    "profile": (PAGE_SQL, (12_500, 14_500), 40, (0.5, 0.5), 100),
    "principle": (PAGE_SQL, (11_500, 13_500), 40, (0.5, 0.5), None),
    "thread": (PAGE_SQL, (10_000, 14_000), 40, (1.0, 0.5), 100),
    "long thread, page 1": (PAGE_SQL, (10_000, 12_500), 40, (1.0, 0.5), 100),
    "long thread, last page": (PAGE_SQL, (6_500, 10_500), 40, (1.0, 0.5), 100),
    "forum list": (PAGE_SQL, (11_500, 12_500), 40, (0.5, 0.5), 100),
}


def pages():
    """Return every Page, each as visitor and as member; the sample network decides which post and profile."""
    paths = _paths()
    found = []
    for name, (sql, calls, raw, ratios, buffers) in LIMITS.items():
        for number, reader in enumerate((VISITOR, MEMBER)):
            limits = Limits(
                sql=sql[reader],
                calls=calls[number],
                raw=raw * KB,
                compressed=COMPRESSED,
                ratio=ratios[number],
                buffers=buffers,
            )
            found.append(Page(name, reader, paths[name], limits))
    return found


def _paths():
    listed = Contribution.objects.listed_to(AnonymousUser())
    post = listed.of_kind("blog").newest()[:50][::-1][0]
    writers = listed.exclude(author=None).order_by().values("author").annotate(items=Count("pk"))
    writer = get_user_model().objects.get(pk=writers.order_by("-items", "author")[0]["author"])
    search, browse = reverse("discovery:search"), reverse("discovery:browse")
    terms = vocabulary.current()
    principle, sector = next(iter(terms.principles.values())), next(iter(terms.sectors.values()))
    return {
        "home": reverse("home"),
        "browse": browse,
        "browse, two facets": f"{browse}?principle={principle.slug}&sector={sector.slug}",
        "browse, most helpful": f"{browse}?sort=helpful",
        "evidence map": reverse("discovery:evidence_map"),
        "search, rare word": f"{search}?q={RARE_WORD}",
        "search, common word": f"{search}?q={COMMON_WORD}",
        "search, nothing found": f"{search}?q=xylophones",
        "search, suggestions": f"{reverse('discovery:search_suggest')}?q={COMMON_WORD[:4]}",
        "blog list": reverse("blog:list"),
        "post": post.get_absolute_url(),
        "profile": writer.get_absolute_url(),
        "principle": principle.url,
        **_conversation_paths(listed),
    }


def _conversation_paths(listed):
    """Return the paths of a thread with a full page of replies, of the longest one, and of their list."""
    threads = listed.of_kind("forum").order_by("-last_position", "pk")
    longest = threads[0]
    full = threads.filter(last_position__gte=PER_PAGE).last() or longest
    return {
        "thread": full.get_absolute_url(),
        "long thread, page 1": longest.get_absolute_url(),
        "long thread, last page": f"{longest.get_absolute_url()}?page={page_of(longest.last_position)}",
        "forum list": reverse("forum:list"),
    }
