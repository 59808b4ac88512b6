"""The gate for versions: which of what was once written may be read by whom."""

from datetime import timedelta

from django.db import models
from django.db.models import DateTimeField, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from commons.moderation.models import Decision, Status

from .querysets import moderates

# In these states it is not its author's business alone.
NOT_PRIVATE = (Status.AWAITING, Status.PUBLISHED, Status.REMOVED, Status.MERGED)


class VersionQuerySet(models.QuerySet):
    def readable_by(self, user, thing):
        """Those of `thing`, which `user` can read, that they may read too, the last first.

        One's own all; others' when anybody could read them. A moderator also what awaited approval, was removed, or
        was taken out of the history; what its author saved as a draft, or while it was withdrawn, nobody else.
        """
        found = self.order_by("-number")
        if thing.author_id is not None and thing.author_id == user.pk:
            return found
        return found._not_private(thing) if moderates(user) else found.filter(shown=True)

    def _not_private(self, thing):
        steps = Decision.objects.about(thing).exclude(to_status="")
        before = steps.filter(at__lte=OuterRef("at")).values("to_status")[:1]
        following = self.model.objects.filter(number=OuterRef("number") + 1, **self._same_thing())
        never = Value(timezone.now() + timedelta(days=1), output_field=DateTimeField())
        while_it_stood = steps.filter(
            to_status__in=NOT_PRIVATE, at__gte=OuterRef("at"), at__lt=OuterRef("stood_until")
        )
        found = self.annotate(
            status_before=Subquery(before),
            stood_until=Coalesce(Subquery(following.order_by().values("at")[:1]), never),
        )
        return found.filter(Q(shown=True) | Q(status_before__in=NOT_PRIVATE) | Exists(while_it_stood))

    def _same_thing(self):
        name = self.model.THING
        return {name: OuterRef(name)}
