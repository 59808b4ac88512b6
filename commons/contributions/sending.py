"""Sending in what one wrote: how often, and how the author stands when it is decided whether it waits for approval.

Counted in the database, under a lock on the author's row, so that ten forms at once in as many processes count ten.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from commons.moderation.holds import ESTABLISHED, Standing
from commons.moderation.limits import parts_of
from commons.moderation.models import Status

FIRST_DAY = timedelta(days=1)


class PastPostRate(Exception):
    """The member has sent in as much as NETWORK_POST_RATE allows; `seconds` from now there is room again."""

    def __init__(self, seconds):
        super().__init__(seconds)
        self.seconds = seconds


def one_at_a_time(member):
    """Let other forms of the same member wait until this transaction ends; return the member as they now stand."""
    # Weaker than FOR UPDATE: rows that point to the member can still be written meanwhile.
    return get_user_model()._base_manager.select_for_update(no_key=True).get(pk=member.pk)


def check_post_rate(member, besides=None):
    """Raise PastPostRate when one more item or comment would be too many; `besides` doesn't count."""
    most, seconds = parts_of(settings.NETWORK_POST_RATE)
    if not most:
        return
    now = timezone.now()
    since = now - timedelta(seconds=seconds)
    moments = []
    for written in _written_by(member, besides):
        recent = written.filter(Q(created_at__gte=since) | Q(published_at__gte=since)).order_by("-created_at")
        moments += [max(filter(None, row)) for row in recent.values_list("created_at", "published_at")[:most]]
    if len(moments) >= most:
        room = sorted(moments)[-most] + timedelta(seconds=seconds) - now
        raise PastPostRate(max(1, int(room.total_seconds()) + 1))


def _written_by(member, besides=None):
    """Return a queryset of contributions and one of comments: what a member wrote, but for one thing."""
    from .models import Comment, Contribution

    written = [Contribution.objects.by(member), Comment.objects.by(member)]
    if besides is None:
        return written
    same, _pk = besides.moderation_target()
    return [found.exclude(pk=besides.pk) if found.model is same else found for found in written]


def standing_of(member, besides=None):
    """Return the Standing of a member; one thing of theirs, `besides`, doesn't count among those sent in.

    One query for most members, four for a new one, none for those who look after the site.
    """
    if member.is_staff or not settings.NETWORK_NEW_MEMBER_DAYS:
        return ESTABLISHED
    if not member.contributions_hidden and any(
        written.stayed_listed().exists() for written in _written_by(member)
    ):
        return ESTABLISHED
    number, begun = 0, []
    for written in _written_by(member, besides):
        sent = written.exclude(status=Status.DRAFT).exclude(status=Status.WITHDRAWN, published_at=None)
        found = sent.aggregate(number=Count("pk"), begun=Min(Coalesce("published_at", "changed_at")))
        number += found["number"]
        begun += filter(None, [found["begun"]])
    over = not begun or timezone.now() - min(begun) >= FIRST_DAY
    return Standing(is_new=True, sent_on_first_day=0 if over else number)


NOT_TYPED = ("token", "role")  # of files


def words_in(snapshot):
    """Return all that a person may have typed in a contribution's snapshot, of whatever kind, as one text."""
    if isinstance(snapshot, str):
        return snapshot
    if isinstance(snapshot, dict):
        snapshot = [value for name, value in snapshot.items() if name not in NOT_TYPED]
    elif not isinstance(snapshot, (list, tuple)):
        return ""
    return "\n".join(filter(None, (words_in(part) for part in snapshot)))
