"""What contributions, comments, marks and follows hold on a member."""

from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import BATCH, Closing, Held

from .erasing import erase_comments, erase_contributions, erase_helpful_marks
from .models import Comment, Contribution

WRITTEN = ("published_at", "edited_at", "created_at", "helpful_count")


def contributions(member):
    """Yield a dict of each contribution the member wrote: the whole form as it was last saved, and where it stands."""
    for item in Contribution.objects.by(member).order_by("pk").iterator(chunk_size=BATCH):
        item = item.as_its_kind()
        yield {
            "id": item.pk,
            "kind": item.kind,
            "address": item.get_absolute_url(),
            "status": item.status,
            **{name: getattr(item, name) for name in WRITTEN},
            **item.snapshot(),
        }


def comments(member):
    """Yield a dict of each comment the member wrote."""
    for comment in _comments_of(member):
        yield {
            "id": comment.pk,
            "on": comment.contribution.title,
            "address": comment.get_absolute_url(),
            "number": comment.position,
            "status": comment.status,
            **{name: getattr(comment, name) for name in WRITTEN},
            "body": comment.body,
        }


def contributions_to_read(member):
    """Yield (path, Markdown) of each contribution."""
    for item in Contribution.objects.by(member).order_by("pk").iterator(chunk_size=BATCH):
        day = item.published_at or item.created_at
        parts = [f"# {item.title}", f"{day:%Y-%m-%d} · {item.get_absolute_url()}", item.summary, item.body]
        yield f"{item.kind}/{item.pk}-{item.slug}.md", _joined(parts)


def comments_to_read(member):
    """Yield (path, Markdown) of each comment: one path for all, for thousands of files would be no help."""
    for comment in _comments_of(member):
        parts = [
            f"# {comment}",
            f"{comment.created_at:%Y-%m-%d} · {comment.get_absolute_url()}",
            comment.body,
        ]
        yield "comments.md", _joined(parts)


def _comments_of(member):
    mine = Comment.objects.by(member).select_related("contribution")
    return mine.order_by("pk").iterator(chunk_size=BATCH)


def _joined(parts):
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


HELD = [
    Held(
        "contributions.Contribution",
        what=_("What you shared, from posts to case studies and videos, and your drafts."),
        why=_("To show it to those you share it with. Drafts are for you alone."),
        closing=Closing.CHOOSE,
        fields=("author", "mentioned"),
        rows=contributions,
        papers=contributions_to_read,
        erase=erase_contributions,
    ),
    Held(
        "contributions.Revision",
        what=_("Every saved version of what you shared."),
        why=_("So that readers see what was changed since they read it, and you can go back."),
        closing=Closing.CHOOSE,
        fields=("by",),
        columns=("contribution", "number", "at", "shown", "snapshot"),
        erased_with="contributions.Contribution",
    ),
    Held(
        "contributions.Comment",
        what=_("Your comments and replies, and where others mention you."),
        why=_("To show them in their conversation, and to tell you when somebody mentions you."),
        closing=Closing.CHOOSE,
        fields=("author", "mentioned"),
        rows=comments,
        papers=comments_to_read,
        erase=erase_comments,
    ),
    Held(
        "contributions.CommentRevision",
        what=_("Every saved version of your comments and replies."),
        why=_("So that readers see what was changed since they read it."),
        closing=Closing.CHOOSE,
        fields=("by",),
        columns=("comment", "number", "at", "shown", "body"),
        erased_with="contributions.Comment",
    ),
    Held(
        "contributions.Follow",
        what=_("What and whom you follow. Who follows you is told to nobody."),
        why=_("To tell you what is new there."),
        closing=Closing.DELETE,
        fields=("member", "person"),
        of=("member",),
        columns=(
            "contribution", "principle__name", "sector__name", "keyword__name", "person__display_name", "region",
            "since",
        ),
    ),
    Held(
        "contributions.Helpful",
        what=_("What you found helpful. Others see how many did, not who."),
        why=_("To show what helps, and to count each person once."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("contribution", "comment", "at"),
        erase=erase_helpful_marks,
    ),
    Held(
        "contributions.Bookmark",
        what=_("Your bookmarks, which only you see."),
        why=_("So that you find things again."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("contribution", "contribution__title", "at"),
    ),
    Held(
        "contributions.ReadMark",
        what=_("How far you have read in each conversation."),
        why=_("To show you what is new since then."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("contribution", "position", "at"),
    ),
    Held(
        "contributions.KeptText",
        what=_("What you had typed when your session ended, for seven days."),
        why=_("To give it back to you."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("path", "fields", "kept_at"),
    ),
]  # fmt: skip
