"""What one reader has set on a page: what they find helpful, keep and follow, and how far they have read. One query."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Value

from .models import Bookmark, Comment, Follow, Helpful, ReadMark
from .prepared import Prepared

COMMENT, ITEM, BOOKMARK, FOLLOW, READ, WROTE = "comment", "item", "bookmark", "follow", "read", "wrote"


@dataclass(frozen=True)
class ReaderMarks:
    """A member's own marks on an item and its comments; `read_up_to` is None where they were never there.

    `wrote` says whether a comment of theirs stands there.
    """

    helpful: bool = False
    bookmarked: bool = False
    follows: bool = False
    wrote: bool = False
    read_up_to: int | None = None
    helpful_comments: frozenset = frozenset()

    @property
    def on_item(self):
        return self.helpful, self.bookmarked, self.follows


def marks_of(member, item, comments=()):
    """Return the ReaderMarks of `member` on a contribution and on those of its comments with these ids."""
    ids = set(comments)
    # Their own marks between the lowest and the highest id are few, and one read of an index.
    found = _marks.rows(member.pk, item.pk, min(ids, default=0), max(ids, default=0))
    on_item = dict(found)
    return ReaderMarks(
        helpful=ITEM in on_item,
        bookmarked=BOOKMARK in on_item,
        follows=FOLLOW in on_item,
        wrote=WROTE in on_item,
        read_up_to=on_item.get(READ),
        helpful_comments=frozenset(pk for what, pk in found if what == COMMENT and pk in ids),
    )


def _statement(member, item, lowest, highest):
    parts = [
        (Helpful.objects.filter(comment__gte=lowest, comment__lte=highest), COMMENT, "comment_id"),
        (Helpful.objects.filter(contribution=item), ITEM, "pk"),
        (Bookmark.objects.filter(contribution=item), BOOKMARK, "pk"),
        (Follow.objects.filter(contribution=item), FOLLOW, "pk"),
        (ReadMark.objects.filter(contribution=item), READ, "position"),
    ]
    first, *others = [
        found.of(member).order_by().values_list(Value(what), number) for found, what, number in parts
    ]
    own = Comment.objects.on(item).filter(author=OuterRef("pk"))
    wrote = get_user_model()._base_manager.filter(Exists(own), pk=member).order_by()
    return first.union(*others, wrote.values_list(Value(WROTE), "pk"), all=True)


_marks = Prepared(_statement, 0, 0, 0, 0)
