"""Proving that what is kept beside contributions and comments is right, and mending what is not.

Everything is read in batches, with the same number of queries for each. What looks wrong there is looked at again
under the lock of its conversation, for on a living site somebody may have written meanwhile: only what is wrong then
is told, and mended when asked.
"""

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from commons.moderation.models import Status

from . import conversation, kinds
from .models import Comment, Contribution, Helpful, ReadMark
from .paging import PER_PAGE

BATCH = 500
GAPS = _(
    "%(item)s: %(count)s comments have a place there, but the last one is number %(last)s: some numbers are missing."
)
OF_ITEM = {
    "comment_count": _("%(item)s: %(kept)s comments are counted, and %(right)s can be read."),
    "last_position": _(
        "%(item)s: %(kept)s is kept as the last number that was given to a comment; it is %(right)s."
    ),
    "last_comment_id": _(
        "%(item)s: the latest comment is kept as the one with id %(kept)s; it is %(right)s."
    ),
    "last_reply": _(
        "%(item)s: who wrote the latest comment, and when, is kept as %(kept)s; it is %(right)s."
    ),
    "last_activity_at": _("%(item)s: the last activity is kept as %(kept)s; it was at %(right)s."),
    "voices": _("%(item)s: whose voices take part is kept as %(kept)s; it is %(right)s."),
    "helpful_count": _("%(item)s: %(kept)s members are counted who found it helpful; they are %(right)s."),
    "answered": _("%(item)s: whether it is answered is kept as %(kept)s; it is %(right)s."),
}
OF_COMMENT = {
    "listed": _("%(item)s: whether it can be read is kept as %(kept)s; it is %(right)s."),
    "helpful_count": OF_ITEM["helpful_count"],
    "answers_position": _("%(item)s: the number of what it answers is kept as %(kept)s; it is %(right)s."),
    "answered_by": _(
        "%(item)s: what answers it is kept as %(kept)s (id and number of each); it is %(right)s."
    ),
}


def recount(*, repair=False):
    """Yield a sentence for everything that is kept wrong, mending it with `repair`; nothing else is written."""
    for pks in _ids_of(Contribution):
        for pk in _with_gaps(pks):
            yield from _close_gaps(pk, repair)
    for pks in _ids_of(Comment):
        for pk, comments in sorted(_suspected_comments(pks).items()):
            yield from _look_at_comments(pk, comments, repair)
    for pks in _ids_of(Contribution):
        for pk in _suspected_items(pks):
            yield from _look_at_item(pk, repair)


def _ids_of(model):
    """Yield the ids of all rows, BATCH at a time, in their order."""
    last = 0
    while True:
        found = model._base_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
        pks = list(found[:BATCH])
        if not pks:
            return
        yield pks
        last = pks[-1]


def _between(pks, name="pk"):
    return {f"{name}__gte": pks[0], f"{name}__lte": pks[-1]}


# --- numbers ------------------------------------------------------------------------------------------


def _with_gaps(pks):
    """Return the contributions among these on which the numbers of comments don't run from 1 to the last. One query."""
    found = Comment.objects.filter(**_between(pks, "contribution")).order_by().values("contribution")
    numbered = found.annotate(count=Count("pk"), last=Max("position")).exclude(count=F("last"))
    return sorted(numbered.values_list("contribution", flat=True))


def _close_gaps(pk, repair):
    """Return a sentence if numbers are missing; with `repair` let later comments move up, and what was read of them."""
    with transaction.atomic():
        talk = conversation.lock(pk)
        numbers = list(Comment.objects.on(pk).order_by("position").values_list("position", flat=True))
        if not numbers or numbers[-1] == len(numbers):
            return []
        last = numbers[-1]
        said = [GAPS % {"item": _name(talk), "count": len(numbers), "last": last}]
        if not repair:
            return said
        for place, number in enumerate(numbers, start=1):
            if place != number:
                Comment.objects.on(pk).filter(position=number).update(position=place)
        answering = Comment.objects.on(pk).exclude(answers=None)
        answering.update(
            answers_position=Subquery(
                Comment.objects.filter(pk=OuterRef("answers")).order_by().values("position")
            )
        )
        answered = Comment.objects.on(pk).exclude(answered_by=[]).values_list("pk", flat=True)
        for comment in list(answered):
            Comment.objects.keep_answers_to(comment)
        ReadMark.objects.filter(contribution=pk, position__gt=len(numbers)).update(position=len(numbers))
        _write(talk, {"last_position": len(numbers)} if talk.last_position == last else {})
    return said


# --- comments -----------------------------------------------------------------------------------------


def _suspected_comments(pks):
    """Return {id of the contribution: [ids of comments beside which something is kept wrong]}. Three queries."""
    rows = Comment.objects.filter(**_between(pks)).order_by("pk")
    kept = rows.values_list(
        "pk", "contribution", "listed", "status", "moved_to", "author__contributions_hidden", "helpful_count",
        "answered_by", "answers_position", "answers__position",
    )  # fmt: skip
    answers, helpful = _answers(_between(pks, "answers")), _marks("comment", pks)
    found = {}
    for pk, talk, listed, status, moved_to, hidden, count, answered_by, answers_position, position in kept:
        readable = status == Status.PUBLISHED and moved_to is None and not hidden
        right = (readable, helpful.get(pk, 0), answers.get(pk, []), position)
        if (listed, count, answered_by, answers_position) != right:
            found.setdefault(talk, []).append(pk)
    return found


def _answers(within):
    """Return {id: [[id, position] of the first listed comments that answer it]}. One query."""
    answers = {}
    rows = Comment.objects.filter(**within, listed=True).order_by("answers", "position")
    for answered, *answer in rows.values_list("answers", "pk", "position").iterator(chunk_size=BATCH):
        first = answers.setdefault(answered, [])
        if len(first) < PER_PAGE:
            first.append(answer)
    return answers


def _marks(name, pks):
    """Return {id: how many found it helpful} of those among `pks` that anybody did. One query."""
    found = Helpful.objects.filter(**_between(pks, name)).order_by().values(name)
    return dict(found.annotate(count=Count("pk")).values_list(name, "count"))


def _look_at_comments(pk, comments, repair):
    with transaction.atomic():
        talk = conversation.lock(pk)
        said, mended = [], False
        for comment in (
            Comment.objects.on(pk).filter(pk__in=comments).select_related("author", "answers").order_by("pk")
        ):
            comment.contribution = talk
            right = {
                "listed": (
                    comment.is_published and comment.moved_to_id is None and not comment.author_is_hidden
                ),
                "helpful_count": comment.helpful_marks.count(),
                "answered_by": Comment.objects.answers_to(comment.pk),
                "answers_position": comment.answers.position if comment.answers_id else None,
            }
            wrong = {name: value for name, value in right.items() if getattr(comment, name) != value}
            said += _sentences(OF_COMMENT, str(comment), comment, wrong)
            if wrong and repair:
                mended = True
                Comment.objects.filter(pk=comment.pk).update(**wrong)
                if "listed" in wrong and comment.answers_id:
                    Comment.objects.keep_answers_to(comment.answers_id)
        if mended:
            _write(talk, {})
    return said


# --- contributions ------------------------------------------------------------------------------------


def _suspected_items(pks):
    """Return the ids of contributions beside which something is kept wrong. As many queries for one as for BATCH."""
    listed = Comment.objects.filter(listed=True)
    last = listed.filter(contribution=OuterRef("pk")).newest()
    names = ("comment_count", "last_position", "last_comment_id", "helpful_count", "answered")
    rows = Contribution._base_manager.filter(**_between(pks)).order_by("pk")
    kept = rows.annotate(
        last_id=Subquery(last.values("pk")[:1]),
        last_at=Subquery(last.values("published_at")[:1]),
        last_by=Subquery(last.values("byline")[:1]),
    )
    items = list(
        kept.only("kind", "author", "published_at", "last_activity_at", "last_reply", "voices", *names)
    )
    counts = _counts(listed.filter(**_between(pks, "contribution")), Count("pk"))
    highest = _counts(Comment.objects.filter(**_between(pks, "contribution")), Max("position"))
    helpful, answered = _marks("contribution", pks), _answered(items)
    voices = conversation.voices_of({item.pk: item.author_id for item in items})
    found = []
    for item in items:
        right = {
            "comment_count": counts.get(item.pk, 0),
            "last_position": highest.get(item.pk, 0),
            "last_comment_id": item.last_id,
            "last_reply": conversation.reply(item.last_at, item.last_by) if item.last_id else {},
            "last_activity_at": max(filter(None, [item.published_at, item.last_at]), default=None),
            "voices": voices[item.pk],
            "helpful_count": helpful.get(item.pk, 0),
            "answered": answered.get(item.pk),
        }
        if any(getattr(item, name) != value for name, value in right.items()):
            found.append(item.pk)
    return found


def _counts(comments, what):
    """Return {id of the contribution: figure} of comments. One query."""
    found = comments.order_by().values("contribution").annotate(figure=what)
    return dict(found.values_list("contribution", "figure"))


def _answered(items):
    """Return {id: whether it is answered} as the kinds of these contributions say."""
    answered, by_kind = {}, {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item.pk)
    for code, pks in by_kind.items():
        answered.update(kinds.get(code).model_class().answered_among(pks))
    return answered


def _look_at_item(pk, repair):
    with transaction.atomic():
        talk = conversation.lock(pk)
        right = {
            **conversation.counted(talk),
            "helpful_count": talk.helpful_marks.count(),
            "answered": type(talk).answered_among([pk]).get(pk),
        }
        wrong = {name: value for name, value in right.items() if getattr(talk, name) != value}
        said = _sentences(OF_ITEM, _name(talk), talk, wrong)
        if wrong and repair:
            _write(talk, wrong)
    return said


def _write(talk, columns):
    """Mend a contribution, whose row is locked, and tell the floors above that its page has changed."""
    if columns:
        Contribution._base_manager.filter(pk=talk.pk).update(**columns)
    conversation.announce(talk.pk)


def _name(talk):
    """Return what a contribution is called where it is told of: a title alone may stand for several."""
    kind = kinds.get(talk.kind)
    return _now("%(kind)s %(id)d, “%(title)s”") % {"kind": kind.label, "id": talk.pk, "title": talk.title}


def _sentences(patterns, name, row, right):
    """Return what is wrong with `row`, whose columns should be `right`, as sentences."""
    return [
        patterns[column] % {"item": name, "kept": _said(getattr(row, column)), "right": _said(value)}
        for column, value in right.items()
    ]


def _said(value):
    if value is None:
        return _now("nothing")
    if value is True or value is False:
        return _now("yes") if value else _now("no")
    if hasattr(value, "tzinfo"):
        return timezone.localtime(value).isoformat(sep=" ")
    return str(value)
