"""What a contribution keeps of the comments on it: how many, the last one, whose voices; and the lock that holds it.

Whoever changes a comment locks its contribution first. So of many who write at once each gets a number of its own,
and what is kept is always right for what is there. The order of all locks is: the member who acts or is decided
about, contributions by their ids, what hangs on them, the case in the moderators' queue.
"""

from datetime import UTC

from django.contrib.auth import get_user_model
from django.utils import timezone

from . import kinds
from .paging import PER_PAGE
from .signals import contribution_changed

BATCH = 500


def lock(pk):
    """Lock a contribution's row until the transaction ends, and return it, as its own kind, as it now stands."""
    from .models import Contribution

    # Weaker than FOR UPDATE: comments that point to it can still be written.
    rows = Contribution._base_manager.select_for_update(no_key=True)
    kind = rows.values_list("kind", flat=True).get(pk=pk)
    return kinds.get(kind).model_class()._base_manager.get(pk=pk)


def lock_all(pks):
    """Lock the rows of many contributions in the order of their ids, so that no two who do so wait for each other."""
    from .models import Contribution

    rows = Contribution._base_manager.select_for_update(no_key=True).order_by("pk")
    for batch in batches(sorted(set(pks))):
        list(rows.filter(pk__in=batch).values_list("pk"))


def batches(things, size=BATCH):
    """Yield lists of up to `size` of a list of things."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


def page_of(position):
    """Return the number of the page on which a comment with this number stands."""
    return (position - 1) // PER_PAGE + 1


def counted(talk):
    """Return what should be kept of the comments on `talk`, by column. Four queries."""
    from .models import Comment

    listed = Comment.objects.on(talk.pk).filter(listed=True)
    last = listed.newest().values_list("pk", "published_at", "byline").first()
    highest = Comment.objects.on(talk.pk).order_by("-position").values_list("position", flat=True).first()
    count = listed.count()
    return {
        "comment_count": count,
        "last_position": highest or 0,
        "last_comment_id": last[0] if last else None,
        "last_reply": reply(*last[1:]) if last else {},
        "last_activity_at": max(filter(None, [talk.published_at, last and last[1]]), default=None),
        "voices": _voices(listed, talk) if count else {},
    }


def reply(published_at, byline):
    """Return what is kept of the last comment, for lists that show no more of it: who wrote it, and when, as JSON."""
    return {"by": byline, "at": published_at.astimezone(UTC).isoformat()}


def replies_of(comments):
    """Return {id: what reply() says} for comments given by their ids. One query."""
    from .models import Comment

    rows = Comment.objects.filter(pk__in=comments).order_by().values_list("pk", "published_at", "byline")
    return {pk: reply(published_at, byline) for pk, published_at, byline in rows}


def _voices(listed, talk):
    return get_user_model().objects.voices(listed.order_by().values("author"), talk.author_id)


def voices_of(authors):
    """Return {id: voices} for the conversations on contributions, given as {id: id of the author}. Two queries.

    The same as counted() says of each one, for many at a time.
    """
    from .models import Comment

    taking_part = {pk: set() for pk in authors}
    listed = Comment.objects.filter(contribution__in=authors, listed=True).order_by()
    for pk, member in listed.values_list("contribution", "author").distinct():
        taking_part[pk] |= {authors[pk], member} - {None}
    return get_user_model().objects.voices_of_groups(taking_part)


def bring_up_to_date(talk, **more):
    """Keep anew what is kept of the comments on `talk`, whose row must be locked, and write `more` columns with it."""
    from .models import Contribution

    columns = {**counted(talk), **more}
    for name, value in columns.items():
        setattr(talk, name, value)
    Contribution._base_manager.filter(pk=talk.pk).update(**columns)
    talk.conversation_changed()


def announce(*pks):
    """Note that the pages of contributions have changed, and tell the floors above."""
    from .models import Contribution

    Contribution._base_manager.filter(pk__in=pks).update(changed_at=timezone.now())
    tell(pks)


def tell(pks):
    """Tell the floors above that contributions, whose rows say so already, have changed."""
    from .models import Contribution

    if pks:
        contribution_changed.send(sender=Contribution, ids=list(pks))
