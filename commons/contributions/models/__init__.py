"""What members add, and what others do with it: contributions, files, comments, versions, marks and follows."""

from .attachment import Attachment, Role
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
    "Attachment",
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
    "Role",
    "StaleEdit",
    "TaggedContribution",
    "lock_written_by",
    "refresh_all",
    "refresh_written_by",
]
