"""Filling a site with a sample network: every app's part, in one transaction."""

import time
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import override

from commons.contributions.generator import SampleNetwork, Stage, all_generators
from commons.search.models import SearchEntry
from commons.tagging.models import Principle, ServiceSector
from profiles.generator import DOMAIN

from .planning import count_rows


class CannotGenerate(Exception):
    """Why nothing was written, in a sentence for whoever started the command."""


@dataclass(frozen=True)
class Generated:
    """What was written: rows of every table, in how many seconds."""

    members: int
    contributions: int
    comments: int
    rows: int
    seconds: float

    @property
    def rows_a_second(self):
        return round(self.rows / self.seconds) if self.seconds else self.rows


def real_members():
    """Return how many members this site has that are no samples."""
    return get_user_model().objects.exclude(email__endswith=f"@{DOMAIN}").count()


def generate(
    *, members, contributions, comments, seed, until, password="", progress=lambda name, done, of: None
):
    """Write a sample network and return what was Generated; all of it or, when interrupted, nothing.

    `until` is the moment at which it ends (an aware datetime): with the same seed, numbers and moment the
    same rows are written. `progress(name, done, of)` is called after each batch. Raises CannotGenerate.
    """
    if not (Principle.objects.exists() and ServiceSector.objects.exists()):
        raise CannotGenerate("There is no principle or no service sector to tag with.")
    began = time.perf_counter()
    network = SampleNetwork(seed=seed, until=until, password=password)
    with override(settings.LANGUAGE_CODE), transaction.atomic():
        before = _rows()
        for generator, count in _parts(members, contributions, comments):
            done = 0
            progress(generator.name, done, count)
            for some in generator.make(network, count):
                done += some
                progress(generator.name, done, max(count, done))
        # When they were indexed is the only thing that the clock decides.
        SearchEntry.objects.filter(indexed_at__gt=until).update(indexed_at=until)
        rows = _rows() - before
        count_rows()
    return Generated(members, contributions, comments, rows, time.perf_counter() - began)


def _rows():
    """Return how many rows there are in all tables."""
    return sum(model._base_manager.count() for model in apps.get_models(include_auto_created=True))


def _parts(members, contributions, comments):
    """Return each Generator with how much it is to make; the shares of the contributions add up exactly."""
    generators = all_generators()
    kinds = [generator for generator in generators if generator.stage == Stage.CONTRIBUTIONS]
    whole = sum(generator.share for generator in kinds)
    counts, before = {}, 0
    for generator in kinds:
        after = before + generator.share
        counts[generator.name] = contributions * after // whole - contributions * before // whole
        before = after
    whole_of_a_stage = {Stage.MEMBERS: members, Stage.COMMENTS: comments}
    return [
        (generator, counts.get(generator.name, whole_of_a_stage.get(generator.stage, 0)))
        for generator in generators
    ]
