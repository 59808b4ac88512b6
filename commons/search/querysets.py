"""What may be found by whom, and how entries come and go."""

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from commons.contributions.models import Contribution
from commons.contributions.querysets import Reach, reach_of

from .counting import counted
from .words import clean

TITLE_LENGTH = 200
SUMMARY_LENGTH = 400
EXTRA_LENGTH = 2_000
BODY_LENGTH = 50_000
FILES_LENGTH = 1_000_000
BATCH = 200
MEMBER = "member"


class SearchEntryQuerySet(models.QuerySet):
    def listed_to(self, user):
        """Entries of what may be listed to `user`.

        The entry's own reach is kept in step by whoever puts it; the gates of contributions and members
        are asked as well, so that an entry left behind shows nothing.
        """
        contribution = Contribution.objects.listed_to(user).filter(pk=OuterRef("contribution_id"))
        member = get_user_model().objects.listed_to(user).filter(pk=OuterRef("target_id"))
        return self.reaching(user).filter(
            Q(contribution=None) | Exists(contribution),
            ~Q(kind=MEMBER) | Exists(member),
        )

    def reaching(self, user):
        """Entries by their own reach alone, which is not enough to show one to `user`: see listed_to()."""
        return self.filter(reach__gte=reach_of(user))

    def for_target(self, target):
        """The entry of one object, whatever its model."""
        model, pk = _target(target)
        return self.filter(target_type=ContentType.objects.get_for_model(model), target_id=pk)

    def describe(
        self, target, *, kind, title, reach, url, summary="", body="", extra="", facets=(), **columns
    ):
        """Return an entry for `target`, not yet saved.

        `summary`, `body` and `extra` (keywords, names) are plain text; `url` is a path under English; `facets` are
        the (facet, value) by which it is counted beside a search, without its kind; `columns` are year, published_at,
        language, contribution (when the target is one) and files_from. The words of attached files are not
        described: they are put only when they have changed.
        """
        model, pk = _target(target)
        return self.model(
            target_type=ContentType.objects.get_for_model(model),
            target_id=pk,
            kind=kind,
            title=clean(title)[:TITLE_LENGTH],
            summary=clean(summary)[:SUMMARY_LENGTH],
            body=clean(body)[:BODY_LENGTH],
            extra=clean(extra)[:EXTRA_LENGTH],
            reach=reach,
            url=url,
            counted=counted([("kind", kind), *facets]),
            **columns,
        )

    def put(self, target, **fields):
        """Make `target` findable or bring its entry up to date; with reach NOBODY drop it. See describe()."""
        self.put_all([self.describe(target, **fields)])

    def put_all(self, entries, *, with_files=False):
        """Store entries made by describe(), over those that are there; drop those nobody may see.

        The words of attached files stay as they are, unless told that the entries hold them.
        """
        left = {"id", "target_type", "target_id", *([] if with_files else ["files"])}
        shown = [entry for entry in entries if entry.reach != Reach.NOBODY]
        for entry in shown:
            entry.indexed_at = timezone.now()
        self.bulk_create(
            shown,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["target_type", "target_id"],
            update_fields=[
                field.name for field in self.model._meta.concrete_fields if field.name not in left
            ],
        )
        for entry in entries:
            if entry.reach == Reach.NOBODY:
                self.filter(target_type=entry.target_type, target_id=entry.target_id).delete()

    def drop(self, target):
        """Make `target` unfindable."""
        self.for_target(target).delete()


def _target(target):
    """Return the model and id under which an object's entry is kept: every kind of contribution under one."""
    if isinstance(target, Contribution):
        return Contribution, target.pk
    return type(target), target.pk
