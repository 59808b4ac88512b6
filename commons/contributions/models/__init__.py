"""What members add, and what others do with it: contributions, comments, versions, marks and follows."""

from .comment import Comment, CommentRevision, ConversationOver
from .contribution import COUNTED, SUMMARY_LENGTH, Audience, Contribution, StaleEdit, TaggedContribution
from .follow import Follow
from .kept_text import KeptText
from .marks import Bookmark, Helpful, ReadMark
from .refreshing import lock_written_by, refresh_all, refresh_written_by
from .revision import Revision

__all__ = [
    "COUNTED",
    "SUMMARY_LENGTH",
    "Audience",
    "Bookmark",
    "Comment",
    "CommentRevision",
    "Contribution",
    "ConversationOver",
    "Follow",
    "Helpful",
    "KeptText",
    "ReadMark",
    "Revision",
    "StaleEdit",
    "TaggedContribution",
    "lock_written_by",
    "refresh_all",
    "refresh_written_by",
]
