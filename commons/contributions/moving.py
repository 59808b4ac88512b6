"""Moving comments to another conversation, with all that hangs on them.

A comment keeps its id, and so its permalink, history, reports and marks. Where it stood it leaves one line with its
number, for numbers in a conversation never change. Both conversations must be locked.
"""

from commons.moderation.models import Status

from . import conversation
from .models import Comment, Follow, ReadMark

BATCH = 200


def with_answers(comment):
    """Return a comment and all that answers it, directly or not, in the order of their numbers. One query."""
    beside = Comment.objects.on(comment.contribution_id).filter(moved_to=None, position__gte=comment.position)
    chosen, found = {comment.pk}, []
    for other in beside.order_by("position"):  # an answer always has a higher number
        if other.pk in chosen or other.answers_id in chosen:
            chosen.add(other.pk)
            found.append(other)
    return found


def move(comments, here, there):
    """Move `comments`, in their order, from the contribution `here` to the end of `there`.

    What answered something that stands elsewhere now answers nothing any more; the lines left behind lead on to them.
    """
    left = []
    for position, comment in enumerate(comments, start=there.last_position + 1):
        left.append(
            Comment(
                contribution_id=here.pk, position=comment.position, moved_to=comment, status=Status.PUBLISHED
            )
        )
        comment.contribution_id, comment.position = there.pk, position
    numbers = {comment.pk: comment.position for comment in comments}
    for comment in comments:
        comment.answers_position = numbers.get(comment.answers_id)
        if comment.answers_position is None:
            comment.answers_id = None
    columns = ["contribution", "position", "answers", "answers_position"]
    Comment.objects.bulk_update(comments, columns, batch_size=BATCH)
    Comment.objects.on(here.pk).filter(answers__in=numbers).update(answers=None, answers_position=None)
    Comment.objects.bulk_create(left, batch_size=BATCH)
    _carry_reading(here, there, left, comments)
    for talk in (here, there):
        keep_all_answers(talk)
        conversation.bring_up_to_date(talk)
        conversation.announce(talk.pk)


def keep_all_answers(talk):
    """Note anew, for every comment of a conversation, which comments answer it and can be read. Two queries or so."""
    answers = Comment.objects.on(talk.pk).filter(listed=True, answers__isnull=False).order_by("position")
    by_answered = {}
    for pk, position, answered in answers.values_list("pk", "position", "answers"):
        by_answered.setdefault(answered, []).append([pk, position])
    changed = []
    for comment in Comment.objects.on(talk.pk).only("pk", "answered_by"):
        right = by_answered.get(comment.pk, [])[: conversation.PER_PAGE]
        if comment.answered_by != right:
            comment.answered_by = right
            changed.append(comment)
    Comment.objects.bulk_update(changed, ["answered_by"], batch_size=BATCH)


def _carry_reading(here, there, left, comments):
    """Who had read what was moved has read it there too, as far as they had read all before it there."""
    before = there.last_position
    known = dict(ReadMark.objects.filter(contribution=there.pk).values_list("member", "position"))
    for mark in ReadMark.objects.filter(contribution=here.pk).select_related("member"):
        if known.get(mark.member_id, 0) < before:
            continue
        read = sum(line.position <= mark.position for line in left)
        # They are in order, so that what was read of them comes first.
        if read:
            ReadMark.objects.move(mark.member, there, comments[read - 1].position)


def carry_follows(here, there, members):
    """Let those of `members` (ids) who follow the contribution `here` follow `there` too."""
    following = Follow.objects.on(here).filter(member__in=members).values_list("member", flat=True)
    Follow.objects.bulk_create(
        [Follow(member_id=pk, contribution_id=there.pk) for pk in following], ignore_conflicts=True
    )


def lock_both(first, second):
    """Lock two conversations, always in the same order; return them as they now stand, in the order asked for."""
    locked = {pk: conversation.lock(pk) for pk in sorted({first, second})}
    return locked[first], locked[second]
