"""What a member does with somebody's words without a word of their own: helpful, a bookmark, how far they have read."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..mark_querysets import BookmarkQuerySet, HelpfulQuerySet, ReadMarkQuerySet
from .comment import Comment
from .contribution import Contribution


class Helpful(models.Model):
    """One member found one contribution or comment helpful."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="found_helpful",
        verbose_name=_("member"),
    )
    contribution = models.ForeignKey(
        Contribution, null=True, on_delete=models.PROTECT, related_name="helpful_marks"
    )
    comment = models.ForeignKey(Comment, null=True, on_delete=models.PROTECT, related_name="helpful_marks")
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = HelpfulQuerySet.as_manager()

    class Meta:
        verbose_name = _("found helpful")
        verbose_name_plural = _("found helpful")
        constraints = [
            models.UniqueConstraint(fields=["member", "contribution"], name="helpful_once_an_item"),
            models.UniqueConstraint(fields=["member", "comment"], name="helpful_once_a_comment"),
            models.CheckConstraint(
                condition=models.Q(contribution=None) ^ models.Q(comment=None), name="helpful_one_thing"
            ),
        ]

    def __str__(self):
        return f"{self.member_id}: {self.contribution_id or self.comment_id}"


class Bookmark(models.Model):
    """A member's private note to find a contribution again."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookmarks", verbose_name=_("member")
    )
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="bookmarks")
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "contribution"], name="bookmark_once_an_item")
        ]

    def __str__(self):
        return f"{self.member_id}: {self.contribution_id}"


class ReadMark(models.Model):
    """How far a member has read a conversation: one row for a member and a contribution, which only moves forward."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="read_marks",
        verbose_name=_("member"),
    )
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="read_marks")
    position = models.PositiveIntegerField(_("read up to"), default=0)
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = ReadMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("read up to")
        verbose_name_plural = _("read up to")
        constraints = [
            models.UniqueConstraint(fields=["member", "contribution"], name="read_mark_once_an_item")
        ]

    def __str__(self):
        return f"{self.member_id}: {self.contribution_id} ({self.position})"
