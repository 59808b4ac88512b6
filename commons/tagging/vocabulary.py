"""The principles and sectors as one small snapshot, so that a list of cards needs no query for their names.

Kept in the shared cache for a minute at most and dropped when an editor changes a term; without a
working cache each call costs two queries.
"""

from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction

from .models import Principle, ServiceSector

CACHE_KEY = "tagging.vocabulary"
SECONDS = 60


@dataclass(frozen=True)
class Term:
    """What a template needs of a principle or sector. `patch` is 0 for a sector."""

    pk: int
    name: str
    short_name: str
    slug: str
    url: str
    summary: str
    patch: int = 0


@dataclass(frozen=True)
class Vocabulary:
    principles: dict
    sectors: dict

    def principle_by_slug(self, slug):
        return next((term for term in self.principles.values() if term.slug == slug), None)

    def sector_by_slug(self, slug):
        return next((term for term in self.sectors.values() if term.slug == slug), None)


def current():
    """Return the Vocabulary: `principles` and `sectors` as dicts of Term by id, in the editors' order."""
    found = cache.get(CACHE_KEY)
    if found is None:
        found = Vocabulary(
            principles={term.pk: _term(term, term.patch) for term in Principle.objects.all()},
            sectors={term.pk: _term(term) for term in ServiceSector.objects.all()},
        )
        cache.set(CACHE_KEY, found, SECONDS)
    return found


def forget():
    """Drop the snapshot once the running transaction has committed."""
    transaction.on_commit(lambda: cache.delete(CACHE_KEY))


def _term(row, patch=0):
    return Term(row.pk, row.name, row.short_name, row.slug, row.get_absolute_url(), row.summary, patch)
