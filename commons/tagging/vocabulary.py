"""The principles and sectors as one small snapshot, so that a list of cards needs no query for their names.

Kept in the shared cache for a minute at most and dropped when an editor changes a term; without a
working cache each call costs two queries. Within `one_for_all()`, as in a request, it is read once.
"""

import hashlib
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property

from django.core.cache import cache
from django.db import transaction

from .models import Principle, ServiceSector

CACHE_KEY = "tagging.vocabulary"
SECONDS = 60

_held = ContextVar("held", default=None)  # a list with the snapshot in it, once it has been asked for


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

    @cached_property
    def digest(self):
        """A short name for all that is in it: whatever shows terms has changed when this has."""
        return hashlib.sha256(repr((self.principles, self.sectors)).encode()).hexdigest()[:16]

    def principle_by_slug(self, slug):
        return next((term for term in self.principles.values() if term.slug == slug), None)

    def sector_by_slug(self, slug):
        return next((term for term in self.sectors.values() if term.slug == slug), None)


def current():
    """Return the Vocabulary: `principles` and `sectors` as dicts of Term by id, in the editors' order."""
    held = _held.get()
    if held is None:
        return _read()
    if not held:
        held.append(_read())
    return held[0]


@contextmanager
def one_for_all():
    """Give everything within the same snapshot, read when it is first asked for."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def _read():
    found = cache.get(CACHE_KEY)
    if found is None:
        found = Vocabulary(
            principles={term.pk: _term(term, term.patch) for term in Principle.objects.all()},
            sectors={term.pk: _term(term) for term in ServiceSector.objects.all()},
        )
        found.digest  # noqa: B018 -- worked out once, and kept with it
        cache.set(CACHE_KEY, found, SECONDS)
    return found


def forget():
    """Drop the snapshot once the running transaction has committed."""
    transaction.on_commit(_drop)


def _drop():
    cache.delete(CACHE_KEY)
    if _held.get():
        _held.get().clear()


def _term(row, patch=0):
    return Term(row.pk, row.name, row.short_name, row.slug, row.get_absolute_url(), row.summary, patch)
