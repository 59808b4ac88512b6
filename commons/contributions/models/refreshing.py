"""Bringing what is kept beside many rows up to date, after something changed that they all show."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from commons.moderation.models import Status

from .. import conversation, kinds, sending
from ..signals import contribution_changed
from .comment import Comment
from .contribution import Contribution


def refresh_all(contributions):
    """Bring reach and card of many contributions up to date after their author or a keyword changed.

    Rows are locked, then read in batches; each is written only where something differs. Returns their ids.
    """
    with transaction.atomic():
        conversation.lock_all(contributions.order_by().values_list("pk", flat=True))
        changed = []
        tagged = contributions.select_related("author").prefetch_related("principles", "sectors", "keywords")
        for item in tagged.iterator(chunk_size=200):
            reach, card = item._reach(), {**item.card, **item.build_card()}
            if (reach, card) != (item.reach, item.card):
                item.reach, item.card, item.changed_at = reach, card, timezone.now()
                changed.append(item)
        Contribution.objects.bulk_update(changed, ["reach", "card", "changed_at"], batch_size=200)
        ids = [item.pk for item in changed]
        for code in {item.kind for item in changed}:
            model = kinds.get(code).model_class()
            model.reach_changed([item.pk for item in changed if item.kind == code])
        if ids:
            contribution_changed.send(sender=Contribution, ids=ids)
    return ids


def refresh_written_by(member):
    """Bring all that `member` wrote up to date after their name, roles or what may be seen of them changed."""
    with transaction.atomic():
        # As they now stand: whoever calls may have read them before somebody else decided about them.
        member = sending.one_at_a_time(member)
        _lock_written_by(member, Comment.objects.by(member).filter(_may_change(member)))
        own = refresh_all(member.contributions.all())
        _refresh_comments_of(member)
        # Theirs is one of the voices below what they wrote, also where it can't be read just now.
        theirs = Contribution._base_manager.filter(author=member, comment_count__gt=0)
        _refresh_voices_and_replies(theirs.filter(Q(pk__in=own) | ~Q(status=Status.PUBLISHED)))


def lock_written_by(member):
    """Lock the member, all that they wrote and what it hangs on, in the order that everybody keeps."""
    sending.one_at_a_time(member)
    _lock_written_by(member, Comment.objects.by(member))


def _lock_written_by(member, comments):
    pks = set(comments.order_by().values_list("contribution", flat=True))
    conversation.lock_all(pks.union(member.contributions.values_list("pk", flat=True)))


def _may_change(member):
    """Which comments of a member don't show who they now are; and what a moderator may be putting back just now."""
    return (
        ~Q(status=Status.PUBLISHED) | ~Q(byline=member.card_byline()) | Q(listed=member.contributions_hidden)
    )


def _refresh_comments_of(member):
    """Let a member's comments show who they now are, or nothing of theirs; and their conversations count anew."""
    written = Comment.objects.by(member)
    relisted = written.filter(status=Status.PUBLISHED, listed=member.contributions_hidden)
    counted_anew = set(relisted.order_by().values_list("contribution", flat=True))
    answered = set(relisted.order_by().exclude(answers=None).values_list("answers", flat=True))
    relisted.update(listed=not member.contributions_hidden)
    called_anew = written.exclude(byline=member.card_byline())
    shown_anew = set(called_anew.order_by().values_list("contribution", flat=True)) - counted_anew
    called_anew.update(byline=member.card_byline())
    for pk in sorted(answered):
        Comment.objects.keep_answers_to(pk)
    for talk in Contribution._base_manager.filter(pk__in=counted_anew).order_by("pk"):
        conversation.bring_up_to_date(talk.as_its_kind())
    for batch in conversation.batches(sorted(shown_anew)):
        _refresh_voices_and_replies(Contribution._base_manager.filter(pk__in=batch))
    conversation.announce(*sorted(counted_anew | shown_anew))


def _refresh_voices_and_replies(talks):
    """Keep anew who takes part in conversations on contributions (a queryset), whose rows must be locked."""
    found = talks.only("author", "voices", "last_comment", "last_reply").order_by("pk")
    rows = {row.pk: row for row in found}
    voices = conversation.voices_of({row.pk: row.author_id for row in rows.values()})
    replies = conversation.replies_of([row.last_comment_id for row in rows.values() if row.last_comment_id])
    changed = []
    for row in rows.values():
        kept = voices[row.pk], replies.get(row.last_comment_id, {})
        if kept != (row.voices, row.last_reply):
            row.voices, row.last_reply = kept
            changed.append(row)
    Contribution._base_manager.bulk_update(changed, ["voices", "last_reply"], batch_size=200)
