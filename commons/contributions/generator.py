"""A sample network for trying out and for benchmarks: what every app needs to add its part to it.

An app declares its part in its apps.py, with `register(Generator(...))`; `manage.py generate_network`
runs them all in one transaction. Everything is drawn from the network's seed, so that the same seed
gives the same rows. Rows are written in bulk and not by the models' own methods; what those keep beside a
row (card, reach, first version, decisions, search) is written too.
"""

import uuid
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from functools import cached_property
from random import Random

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from django.utils.text import slugify

from commons.moderation.models import Action, Case, Decision, Status, Why
from commons.moderation.references import CAPABILITY_LENGTH, SIGNS
from commons.tagging.models import Keyword, Principle, ServiceSector
from commons.tagging.regions import Region

from .models import Audience, Contribution, Revision, TaggedContribution
from .sample_texts import KEYWORDS, RARE_EVERY, SampleTexts, falling
from .signals import contribution_changed

BATCH = 200
YEARS = 8  # over which members joined and wrote
STATUSES = [Status.PUBLISHED, Status.DRAFT, Status.AWAITING, Status.REMOVED, Status.WITHDRAWN]
STATUS_WEIGHTS = [92, 4, 1, 1, 2]
MEMBERS_ONLY = 0.12
SAMPLE_REASON = "A sample reason: nobody decided this."
SAMPLE_SIGN = "A sample sign: nothing was looked at."


class Stage(IntEnum):
    """In which order the parts are made: each may use what the ones before it left in the SampleNetwork."""

    MEMBERS = 1
    CONTRIBUTIONS = 2
    COMMENTS = 3
    AROUND_CONTRIBUTIONS = 4


@dataclass(frozen=True)
class Generator:
    """One app's part of a sample network.

    `make(network, count)` writes `count` things and yields, after each batch, how many it has just
    written. `count` is the number of members, this kind's part of the contributions (parts are as `share`
    to all shares), or the number of comments; in the last stage it is 0, and the part judges by what is there.
    """

    name: str
    stage: Stage
    make: object
    share: int = 0


_generators = []


def register(generator):
    """Make an app's Generator known; called from AppConfig.ready()."""
    if generator.name not in {known.name for known in _generators}:
        _generators.append(generator)


def all_generators():
    """Return every Generator in the order in which they run."""
    return sorted(_generators, key=lambda generator: generator.stage)


@dataclass
class SampleNetwork:
    """What the parts share: the seed, the day on which it ends, and what was made so far.

    `members` are those who can write, by the day they joined; `contributions` are all items made; `talk` is how much
    is said about an item of a kind, by its code, where that is more than once as much as of others.
    """

    seed: int
    until: object
    password: str = ""
    members: list = field(default_factory=list)
    contributions: list = field(default_factory=list)
    talk: dict = field(default_factory=dict)

    def random(self, name):
        """Return the random.Random of one part, so that another part added later doesn't change this one."""
        return Random(f"{self.seed}/{name}")  # noqa: S311 -- samples, no secrets

    @property
    def since(self):
        """The day on which it begins."""
        return self.until - timedelta(days=365 * YEARS)

    @cached_property
    def texts(self):
        return SampleTexts(self.random("texts"))

    @cached_property
    def principles(self):
        return list(Principle.objects.all())

    @cached_property
    def sectors(self):
        return list(ServiceSector.objects.all())

    @cached_property
    def keywords(self):
        """Keywords by name."""
        return {keyword.name: keyword for keyword in Keyword.objects.for_names(KEYWORDS)}

    @cached_property
    def _joined(self):
        return [member.joined_at for member in self.members]

    def days(self, random, count):
        """Return `count` moments between `since` and `until`, in their order, more and more of them."""
        span = (self.until - self.since).total_seconds()
        return sorted(
            self.until - timedelta(seconds=int(span * random.random() ** 1.5)) for _ in range(count)
        )

    def author(self, random, day):
        """Return a member who had joined by then, or the first; some write far more than others."""
        there = bisect_right(self._joined, day)
        return self.members[int(there * random.random() ** 2)] if there else self.members[0]

    def some_terms(self, random, terms, most):
        """Return one to `most` terms, the first ones far more often, in the vocabulary's order."""
        drawn = random.choices(terms, cum_weights=falling(terms), k=random.randint(1, most))
        chosen = {term.pk for term in drawn}
        return [term for term in terms if term.pk in chosen]


def identifier(random):
    """Return a UUID drawn from `random`."""
    return uuid.UUID(int=random.getrandbits(128), version=4)


def set_related(instance, **related):
    """Let the many-to-many fields named read as these lists, without a query, as after prefetch_related()."""
    instance._prefetched_objects_cache = {**getattr(instance, "_prefetched_objects_cache", {}), **related}


def contributions(network, count, *, model, noun, own=lambda random, number, item: {}, talk=1):
    """Write `count` items of a kind and yield how many were written, batch by batch.

    `noun` is what their titles call them ("Sample post 12: ..."); `own(random, number, item)` returns the
    values of the kind's own fields, or others in place of the common ones, for an unsaved `item`; `talk` is how
    much is said about one, compared with others.
    """
    network.talk[model.KIND] = talk
    first = model._base_manager.filter(title__startswith=f"Sample {noun} ").count() + 1
    random = network.random(
        f"{model._meta.label}/{first}"
    )  # so that a second run adds others, not the same again
    batch = []
    for number, day in enumerate(network.days(random, count), start=first):
        item = _sample(network, random, model, noun, number, day)
        for name, value in own(random, number, item).items():
            setattr(item, name, value)
        batch.append(item)
        if len(batch) == BATCH:
            yield _write(network, random, model, batch)
            batch = []
    if batch:
        yield _write(network, random, model, batch)


def _sample(network, random, model, noun, number, day):
    """Return an unsaved item with its terms and keywords set as if prefetched."""
    texts = network.texts
    rare = number % RARE_EVERY == RARE_EVERY // 2
    status = Status.PUBLISHED if rare else random.choices(STATUSES, weights=STATUS_WEIGHTS)[0]
    listed_once = status not in (Status.DRAFT, Status.AWAITING)
    members_only = not rare and random.random() < MEMBERS_ONLY
    title = f"Sample {noun} {number}: {texts.title(random)}"
    has_summary = rare or random.random() < 0.8
    summary = texts.summary(random, rare=rare) if has_summary else ""
    body, html = texts.body(random)
    item = model(
        kind=model.KIND,
        author=network.author(random, day),
        title=title,
        slug=slugify(title)[:80].strip("-"),
        summary=summary,
        body=body,
        body_html=html,
        audience=Audience.MEMBERS if members_only else Audience.EVERYONE,
        status=status,
        created_at=day - timedelta(minutes=random.randint(1, 3000)),
        changed_at=day,
        published_at=day if listed_once else None,
        listed_since=day if status in (Status.PUBLISHED, Status.WITHDRAWN) else None,
        last_activity_at=day if listed_once else None,
        region=random.choice(Region.values) if random.random() < 0.5 else "",
        year=timezone.localtime(day).year if listed_once else None,
        version=1,
        form_key=identifier(random),
    )
    set_related(
        item,
        principles=network.some_terms(random, network.principles, 3),
        sectors=network.some_terms(random, network.sectors, 2),
        keywords=[network.keywords[name] for name in texts.keywords(random)],
        attachments=[],
    )
    return item


def _write(network, random, model, items):
    """Write a batch of items with all that is kept beside them; return how many."""
    for item in items:
        item.pk = 0  # tags can't be read of an item without one; its own comes with the rows
        item.reach = item._reach()
        item.card = item.build_card()
    _insert(model, items)
    _tag(items)
    Revision.objects.bulk_create(
        Revision(
            contribution_id=item.pk, number=1, snapshot=item.snapshot(), by=item.author, at=item.created_at
        )
        for item in items
    )
    Decision.objects.bulk_create([decision for item in items for decision in decisions_of(random, item)])
    Case.objects.bulk_create(case_of(item) for item in items if item.status == Status.AWAITING)
    network.contributions += items
    contribution_changed.send(sender=model, ids=[item.pk for item in items])
    return len(items)


def _insert(model, items):
    """Insert the rows of items into the table of contributions and into their own, and give each its id.

    bulk_create() refuses models of two tables. This is what Model.save_base(raw=True) calls for each table
    of each row, here for many rows at once.
    """
    key = Contribution._meta.pk
    for table in (Contribution, model):
        columns = [column for column in table._meta.local_concrete_fields if column is not key]
        returned = [key] if table is Contribution else None
        size = connection.ops.bulk_batch_size(columns, items)
        for start in range(0, len(items), size):
            some = items[start : start + size]
            made = table._base_manager._insert(some, columns, returning_fields=returned, raw=True)
            if returned:
                for item, (number,) in zip(some, made, strict=True):
                    item.pk = item.id = number


def _tag(items):
    principles, sectors = Contribution.principles.through, Contribution.sectors.through
    principles.objects.bulk_create(
        principles(contribution_id=item.pk, principle_id=term.pk)
        for item in items
        for term in item.principles.all()
    )
    sectors.objects.bulk_create(
        sectors(contribution_id=item.pk, servicesector_id=term.pk)
        for item in items
        for term in item.sectors.all()
    )
    TaggedContribution.objects.bulk_create(
        TaggedContribution(content_object_id=item.pk, tag_id=keyword.pk)
        for item in items
        for keyword in item.keywords.all()
    )


def decisions_of(random, item):
    """Yield the Decisions that led an item to its status."""
    draft, awaiting, published = Status.DRAFT, Status.AWAITING, Status.PUBLISHED
    if item.status == draft:
        return
    sent = awaiting if item.status == awaiting else published
    yield _decision(random, item, Action.SUBMIT, draft, sent, item.author)
    if item.status == Status.REMOVED:
        yield _decision(random, item, Action.REMOVE, published, Status.REMOVED, None, SAMPLE_REASON)
    elif item.status == Status.WITHDRAWN:
        yield _decision(random, item, Action.WITHDRAW, published, Status.WITHDRAWN, item.author)


def _decision(random, item, action, before, after, by, reason=""):
    model, pk = item.moderation_target()
    return Decision(
        target_type=ContentType.objects.get_for_model(model),
        target_id=pk,
        target_label=item.moderation_label()[:200],
        about=item.author,
        action=action,
        from_status=before,
        to_status=after,
        reason=reason,
        by=by,
        at=item.changed_at,
        # The right to answer a decision: guessable here, where there is nothing to be gained by it.
        reference="".join(random.choices(SIGNS, k=CAPABILITY_LENGTH)),
    )


def case_of(item):
    """Return the case by which what awaits approval stands in the queue."""
    model, pk = item.moderation_target()
    return Case(
        target_type=ContentType.objects.get_for_model(model),
        target_id=pk,
        target_label=item.moderation_label()[:200],
        about=item.author,
        why=Why.AWAITING,
        held_because=SAMPLE_SIGN,
        opened_at=item.changed_at,
    )
