"""What a contribution keeps of the comments on it: how many, the last one, whose voices; and the lock that holds it.

Whoever changes a comment locks its contribution first. So of many who write at once each gets a number of its own,
and what is kept is always right for what is there.
"""

from django.contrib.auth import get_user_model
from django.utils import timezone

from .paging import PER_PAGE
from .signals import contribution_changed


def lock(pk):
    """Lock a contribution's row until the transaction ends, and return it, as its own kind, as it now stands."""
    from .models import Contribution

    rows = Contribution._base_manager
    # Weaker than FOR UPDATE: comments that point to it can still be written.
    rows.select_for_update(no_key=True).only("pk").get(pk=pk)
    return rows.get(pk=pk).as_its_kind()


def page_of(position):
    """Return the number of the page on which a comment with this number stands."""
    return (position - 1) // PER_PAGE + 1


def counted(talk):
    """Return what should be kept of the comments on `talk`, by column. Four queries."""
    from .models import Comment

    listed = Comment.objects.on(talk.pk).filter(listed=True)
    last = listed.newest().values_list("pk", "published_at").first()
    highest = Comment.objects.on(talk.pk).order_by("-position").values_list("position", flat=True).first()
    authors = listed.order_by().values("author")
    return {
        "comment_count": listed.count(),
        "last_position": highest or 0,
        "last_comment_id": last[0] if last else None,
        "last_activity_at": max(filter(None, [talk.published_at, last and last[1]]), default=None),
        "voices": get_user_model().objects.voices(authors, talk.author_id),
    }


def bring_up_to_date(talk):
    """Keep anew what is kept of the comments on `talk`, whose row must be locked."""
    from .models import Contribution

    columns = counted(talk)
    for name, value in columns.items():
        setattr(talk, name, value)
    Contribution._base_manager.filter(pk=talk.pk).update(**columns)
    talk.conversation_changed()


def announce(pk):
    """Note that a contribution's page has changed, and tell the floors above."""
    from .models import Contribution

    Contribution._base_manager.filter(pk=pk).update(changed_at=timezone.now())
    contribution_changed.send(sender=Contribution, ids=[pk])
