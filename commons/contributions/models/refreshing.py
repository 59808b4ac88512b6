"""Bringing what is kept beside many rows up to date, after something changed that they all show."""

from django.db import transaction
from django.utils import timezone

from commons.moderation.models import Status

from .. import conversation
from ..signals import contribution_changed
from .comment import Comment
from .contribution import Contribution


def refresh_all(contributions):
    """Bring reach and card of many contributions up to date after their author or a keyword changed.

    Rows are read in batches; each is written only where something differs.
    """
    changed = []
    tagged = contributions.select_related("author").prefetch_related("principles", "sectors", "keywords")
    for item in tagged.iterator(chunk_size=200):
        reach, card = item._reach(), {**item.card, **item.build_card()}
        if (reach, card) != (item.reach, item.card):
            item.reach, item.card, item.changed_at = reach, card, timezone.now()
            changed.append(item)
    Contribution.objects.bulk_update(changed, ["reach", "card", "changed_at"], batch_size=200)
    if changed:
        contribution_changed.send(sender=Contribution, ids=[item.pk for item in changed])


def refresh_written_by(member):
    """Bring all that `member` wrote up to date after their name, roles or what may be seen of them changed."""
    refresh_all(member.contributions.all())
    _refresh_comments_of(member)


def _refresh_comments_of(member):
    """Let a member's comments show who they now are, or nothing of theirs; and their conversations count anew."""
    written = Comment.objects.by(member)
    readable = written.filter(status=Status.PUBLISHED)
    with transaction.atomic():
        for pk in written.order_by("contribution").values_list("contribution", flat=True).distinct():
            talk = conversation.lock(pk)
            here = readable.on(pk)
            here.filter(listed=member.contributions_hidden).update(listed=not member.contributions_hidden)
            written.on(pk).update(byline=member.card_byline())
            for answered in Comment.objects.filter(answered_with__in=written.on(pk)).distinct():
                answered.keep_answers()
            conversation.bring_up_to_date(talk)
            conversation.announce(pk)
