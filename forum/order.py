"""Keeping the forum in order: pinning, closing, moving replies to a thread of their own, merging two threads.

For moderators. Each step is one transaction and stands in the record; nothing is deleted, and old addresses lead on.
"""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commons.contributions import conversation, kinds, moving
from commons.contributions.models import Bookmark, Comment, CommentRevision, Follow, Helpful
from commons.markup.render import BODY_LENGTH
from commons.moderation import told
from commons.moderation.models import Action, Decision, Status

from .models import Thread


class CannotMerge(Exception):
    """The two threads can't be made one; the message says why, in words for a moderator."""


def pin(thread, by, pinned):
    """Show a thread above all others, or no more."""
    with transaction.atomic():
        thread = conversation.lock(thread.pk)
        if (thread.pinned_at is not None) == pinned:
            return
        thread.pinned_at = timezone.now() if pinned else None
        thread.save(update_fields=["pinned_at"])
        Decision.objects.record(thread, Action.PIN if pinned else Action.UNPIN, by)
        thread.refresh()


def close(thread, by, reason):
    """Let nobody reply any more; `reason` is read by everyone, and told to its author."""
    with transaction.atomic():
        thread = conversation.lock(thread.pk)
        thread.closed_at, thread.closed_reason = timezone.now(), reason
        thread.save(update_fields=["closed_at", "closed_reason"])
        told.tell_member(thread, Decision.objects.record(thread, Action.CLOSE, by, reason))
        thread.refresh()


def reopen(thread, by):
    """Let everybody reply again."""
    with transaction.atomic():
        thread = conversation.lock(thread.pk)
        if thread.closed_at is None:
            return
        thread.closed_at, thread.closed_reason = None, ""
        thread.save(update_fields=["closed_at", "closed_reason"])
        told.tell_member(thread, Decision.objects.record(thread, Action.REOPEN, by))
        thread.refresh()


def split(comment, by, title):
    """Move a comment and what answers it to a new thread with this title; return the Thread.

    It is about the same principles and sectors, for the same readers, and says where it began.
    """
    with transaction.atomic():
        here = conversation.lock(comment.contribution_id)
        comment = Comment.objects.get(pk=comment.pk)
        comments = moving.with_answers(comment)
        there = Thread(kind=Thread.KIND, author=by, form_key=uuid.uuid4())
        there.store(
            {
                "title": title,
                "body": _("These replies began in [another conversation](%(address)s).")
                # By number alone: were it taken down, its title would still stand here.
                % {"address": kinds.address(here.kind, here.pk, "")},
                "audience": here.audience,
                "principles": list(here.principles.all()),
                "sectors": list(here.sectors.all()),
                "keywords": [keyword.name for keyword in here.keywords.all()],
            },
            by=by,
        )
        there.submit(by)
        here, there = moving.lock_both(here.pk, there.pk)
        moving.carry_follows(here, there, [other.author_id for other in comments])
        moving.move(comments, here, there)
        for other in comments:
            decision = Decision.objects.record(other, Action.MOVE, by)
            if other.listed:
                told.tell_member(other, decision)
    return there


def merge(thread, into, by):
    """Make `thread` a part of `into`: its text and its replies are added there, and its address leads there.

    Raises CannotMerge.
    """
    if thread.pk == into.pk:
        raise CannotMerge(_("That is this thread itself."))
    with transaction.atomic():
        thread, into = moving.lock_both(thread.pk, into.pk)
        for one in (thread, into):
            if not one.is_published:
                raise CannotMerge(_("Only threads that can be read can be merged."))
        if thread.audience == "members" and into.audience != "members":
            raise CannotMerge(
                _(
                    "This one is for members only, the other for everyone: what was said here would be shown to all."
                )
            )
        _text_as_comment(thread, into)
        into = conversation.lock(into.pk)
        comments = list(Comment.objects.on(thread.pk).filter(moved_to=None).order_by("position"))
        moving.carry_follows(thread, into, Follow.objects.on(thread).values("member"))
        kept = Bookmark.objects.filter(contribution=thread.pk).values_list("member", flat=True)
        Bookmark.objects.bulk_create(
            [Bookmark(member_id=pk, contribution_id=into.pk) for pk in kept], ignore_conflicts=True
        )
        moving.move(comments, thread, into)
        thread = conversation.lock(thread.pk)
        thread.merged_into, thread.pinned_at = into, None
        thread.save(update_fields=["merged_into", "pinned_at"])
        thread.merged.update(merged_into=into)  # so that no address needs more than one step
        thread.become_part_of_another(by)
    return into


def _text_as_comment(thread, into):
    """Add a thread's own text to another as a comment by the same author, with the marks it had."""
    with_title = f"**{thread.title}**\n\n{thread.body}"
    comment = Comment(
        contribution=into,
        author=thread.author,
        byline=thread.card.get("byline", {}),
        position=into.last_position + 1,
        status=Status.PUBLISHED,
        created_at=thread.created_at,
        published_at=thread.published_at,
        listed_since=thread.listed_since,
    )
    comment.store(with_title if len(with_title) <= BODY_LENGTH else thread.body, by=thread.author)
    comment.listed = not comment.author_is_hidden
    comment.helpful_count = thread.helpful_count
    comment.save(update_fields=["listed", "helpful_count"])
    CommentRevision.objects.filter(comment=comment).update(shown=True)
    Helpful.objects.filter(contribution=thread.pk).update(contribution=None, comment=comment)
    Thread._base_manager.filter(pk=thread.pk).update(helpful_count=0)
    conversation.bring_up_to_date(into)
