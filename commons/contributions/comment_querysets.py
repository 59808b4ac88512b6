"""The gate for comments: whose can be read by whom. What hangs on a contribution is seen through it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from commons.moderation.models import Status

from .paging import PER_PAGE
from .querysets import moderates

# What its author took back before anybody could read it is nobody else's business.
_NEVER_SHOWN = Q(status=Status.WITHDRAWN, published_at=None)


def _has_a_place_for(reader, moderates):
    if moderates:
        return ~_NEVER_SHOWN | Q(author=reader)
    left_a_line = Q(published_at__isnull=False) | Q(moved_to__isnull=False)
    return left_a_line if reader is None else left_a_line | Q(author=reader)


def can_be_read(listed, author_id, moved_to_id, *, reader_id, moderates):
    """Whether a reader whose page a comment stands on may read it: what visible_to() says, of a row that is at hand."""
    own = reader_id is not None and author_id == reader_id
    return moved_to_id is None and (listed or own or moderates)


class CommentQuerySet(models.QuerySet):
    def listed_to(self, user):
        """What belongs on pages, in feeds, counts and search: the same for author and moderator."""
        from .models import Contribution

        return self.filter(listed=True, contribution__in=Contribution.objects.listed_to(user))

    def visible_to(self, user):
        """What can be read where it stands: the above, one's own, and what a moderator must see."""
        from .models import Contribution

        if not user.is_authenticated:
            return self.listed_to(user)
        found = self.filter(moved_to=None, contribution__in=Contribution.objects.visible_to(user))
        if moderates(user):
            return found.filter(~_NEVER_SHOWN | Q(author=user))
        return found.filter(Q(listed=True) | Q(author=user))

    def leading_to(self, user):
        """What has a place in a conversation that `user` can open: the above, and what left a line with its number."""
        from .models import Contribution

        has_a_place = _has_a_place_for(user.pk, moderates(user))
        return self.filter(has_a_place, contribution__in=Contribution.objects.visible_to(user))

    def standing_on(self, contribution, reader=None, *, moderates=False):
        """The same on the page of one `contribution` (an id), which its reader got through the gate.

        `reader` is a member's id or None, `moderates` what moderates() said of them. That the contribution may be seen
        is not asked again: numbers of a conversation are read from their own index, whatever else there is.
        """
        return self.filter(_has_a_place_for(reader, moderates), contribution=contribution)

    def editable_by(self, user):
        """What `user` may change: their own, unless a moderator has removed it."""
        if not user.is_authenticated:
            return self.none()
        return self.visible_to(user).filter(author=user).exclude(status=Status.REMOVED)

    def by(self, member):
        """What a member wrote; the lines that moved comments left behind are nobody's."""
        return self.filter(author=member, moved_to=None)

    def on(self, contribution):
        return self.filter(contribution=contribution)

    def between(self, first, last):
        """Those with these numbers, in their order."""
        return self.filter(position__gte=first, position__lte=last).order_by("position")

    def newest(self):
        return self.order_by("-published_at", "-pk")

    def answers_to(self, pk):
        """Return what is kept beside the comment with this id: [id, position] of the first that answer it."""
        found = self.filter(answers=pk, listed=True).order_by("position")[:PER_PAGE]
        return [list(row) for row in found.values_list("pk", "position")]

    def keep_answers_to(self, pk):
        """Note beside the comment with this id which comments answer it and can be read."""
        self.filter(pk=pk).update(answered_by=self.answers_to(pk))

    def stayed_listed(self, now=None):
        """Those that could be read for as long as makes their author an established member."""
        since = (now or timezone.now()) - timedelta(days=settings.NETWORK_NEW_MEMBER_DAYS)
        return self.filter(status__in=(Status.PUBLISHED, Status.WITHDRAWN), listed_since__lte=since)
