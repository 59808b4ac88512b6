"""Comments: what people answer to a contribution. On a forum thread they are called replies; they are the same thing.

A comment has a number, its `position`, given once in its conversation, dense from 1 and never again, so that a page
of a conversation is a range of numbers. What was withdrawn, removed or moved away leaves one line with its number.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.markup.render import BODY_LENGTH, clean_text, render, stored
from commons.moderation import holds, told
from commons.moderation.models import Action, Case, Decision, Moderated, Status, Why

from .. import conversation, kinds, mentions, sending
from ..comment_querysets import CommentQuerySet
from .contribution import Contribution, StaleEdit
from .revision import Version

FIRST_HEADING = 4  # of a comment's text: its page has an h1, its conversation an h2, the comment itself an h3


class ConversationOver(Exception):
    """Nobody can comment here any more: `reason` is said to everyone, "" where the item itself is gone."""

    def __init__(self, reason=""):
        super().__init__(reason)
        self.reason = reason


class Comment(Moderated):
    """What somebody answers to a contribution, or to another comment on it."""

    # Without an index of its own: it is the first column of two. Beside them PostgreSQL would take it for a page by
    # numbers, and read the whole conversation.
    contribution = models.ForeignKey(
        Contribution,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="comments",
        verbose_name=_("contribution"),
    )
    position = models.PositiveIntegerField(_("number"), editable=False)
    answers = models.ForeignKey(
        "self",
        verbose_name=_("answers"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="answered_with",
        editable=False,
    )
    # The number of what it answers, which stands in the same conversation: a page reads its own comments alone.
    answers_position = models.PositiveIntegerField(null=True, editable=False)
    # [id, position] of the first comments that answer this one and can be read, so that a page asks for no more.
    answered_by = models.JSONField(default=list, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.PROTECT,
        related_name="comments",
    )
    byline = models.JSONField(default=dict, editable=False)
    body = models.TextField(_("text"), max_length=BODY_LENGTH)
    body_html = models.TextField(blank=True, editable=False)
    # Which members the text names with @username; kept by id, for names change.
    mentioned = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="mentioned_in", blank=True, editable=False
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    listed = models.BooleanField(_("can be read"), default=False, editable=False)
    listed_since = models.DateTimeField(null=True, editable=False)
    helpful_count = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    form_key = models.UUIDField(default=uuid.uuid4, editable=False)
    # Set on the line that a comment leaves where it was moved away from; the comment itself lives on elsewhere.
    moved_to = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="left_behind", editable=False
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["contribution", "position"]
        indexes = [
            # Counting what can be read, and the latest of it, without the rows.
            models.Index(
                fields=["contribution", "published_at", "author"],
                name="comment_listed",
                condition=models.Q(listed=True),
            ),
            # What is new to somebody who has read up to a number, without the rows.
            models.Index(
                fields=["contribution", "position", "author", "id"],
                name="comment_unread",
                condition=models.Q(listed=True),
            ),
            models.Index(fields=["author", "published_at"], name="comment_author"),
            models.Index(fields=["-created_at", "-id"], name="comment_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "position"], name="comment_position_once"),
            models.UniqueConstraint(fields=["author", "form_key"], name="comment_form_once"),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="comment_position_from_one"),
            models.CheckConstraint(
                condition=models.Q(listed=False)
                | models.Q(status=Status.PUBLISHED, published_at__isnull=False, moved_to=None),
                name="comment_listed_only_published",
            ),
        ]

    def __str__(self):
        return self.moderation_label()

    def get_absolute_url(self):
        """Return the address that leads to it wherever it now stands."""
        return reverse("comment", args=[self.pk])

    def url_on_page(self):
        """Return the path of the page of its conversation on which it stands, and its place there. May cost a query."""
        page = conversation.page_of(self.position)
        query = f"?page={page}" if page > 1 else ""
        return f"{self.contribution.get_absolute_url()}{query}#comment-{self.pk}"

    @property
    def html(self):
        """The text as safe HTML, as it was rendered when it was saved."""
        return stored(self.body_html)

    @property
    def is_published(self):
        return self.status == Status.PUBLISHED

    @property
    def is_awaiting(self):
        return self.status == Status.AWAITING

    @property
    def status_label(self):
        return Status(self.status).label

    def can_be_edited_by(self, user):
        return bool(self.author_id) and self.author_id == user.pk and self.status != Status.REMOVED

    # --- writing ------------------------------------------------------------------------------

    @classmethod
    def begin(cls, by, contribution, body, *, form_key, answers=None, form_signs=()):
        """Add a comment and return it, listed or awaiting approval; the same form sent twice makes one.

        `answers` is the comment of this conversation that it answers, or None; `form_key` and `form_signs` are as
        in Contribution.begin(). Raises ConversationOver, sending.PastPostRate.
        """
        try:
            with transaction.atomic():
                author = sending.one_at_a_time(by)
                return cls._already(author, form_key) or cls._create(
                    author, contribution.pk, body, form_key, answers, form_signs
                )
        except IntegrityError:
            made = cls._already(by, form_key)
            if made is None:
                raise
            return made

    @classmethod
    def _already(cls, by, form_key):
        return cls.objects.filter(author=by, form_key=form_key).first()

    @classmethod
    def _create(cls, by, contribution_id, body, form_key, answers, form_signs):
        sending.check_post_rate(by)
        talk = conversation.lock(contribution_id)
        cls._check_open(talk, by)
        comment = cls(contribution=talk, author=by, form_key=form_key, position=talk.last_position + 1)
        if answers is not None and answers.contribution_id == talk.pk:
            comment.answers, comment.answers_position = answers, answers.position
        comment.store(body, by=by)
        comment._locked = True
        comment.submit(by, held_because=comment._why_held(form_signs))
        return comment

    @staticmethod
    def _check_open(talk, by):
        """Raise ConversationOver unless `by` can read `talk` and it is not closed."""
        if not Contribution.objects.listed_to(by).filter(pk=talk.pk).exists():
            raise ConversationOver
        if talk.closed_because():
            raise ConversationOver(talk.closed_because())

    def revise(self, by, body, *, version, publish=False, form_signs=()):
        """Save a new text over version `version`; with `publish` what was withdrawn is listed again.

        What its author adds is looked at as in something new. Raises StaleEdit, ConversationOver when it can't be
        listed again because nobody can comment here any more, sending.PastPostRate when it would be one too many.
        """
        with transaction.atomic():
            by_author = self.author_id is not None and self.author_id == by.pk
            if by_author:
                sending.one_at_a_time(by)
            self.lock_and_read()
            shown = self.body
            if self.version != version:
                raise StaleEdit(self)
            publish = publish and self.status == Status.WITHDRAWN
            if publish:
                self._check_open(self.contribution, by)
            if self.published_at:
                self.edited_at = timezone.now()
            self.store(body, by=by)
            if publish:
                if self.published_at is None:
                    sending.check_post_rate(by, besides=self)
                self.submit(by, held_because=self._why_held(form_signs))
            elif by_author and (why := self._why_held_again(form_signs, shown)):
                if self.status == Status.PUBLISHED:
                    self.hold(by, why)
                else:
                    Case.objects.open(self, Why.AWAITING, held_because=why)
            elif self.listed:
                self.announce()

    def _why_held_again(self, form_signs, shown):
        """Return why what its author has changed must wait for approval, or "". `shown` is what others read so far."""
        if self.status == Status.PUBLISHED:
            return self._why_held(form_signs, shown=shown)
        return self._why_held(form_signs) if self.status == Status.AWAITING else ""

    def lock_and_read(self):
        """Lock its conversation and read it as it now stands; return its status.

        Nobody changes a comment without the lock of its conversation, so that its own row needs none.
        """
        if self.__dict__.pop("_locked", False):  # it was written a moment ago, under the lock
            return self.status
        talk = None
        while talk is None or talk.pk != self.contribution_id:  # it may be moved while we wait
            talk = conversation.lock(self.contribution_id)
            self.refresh_from_db()
        self.contribution = talk
        return self.status

    def go_back_to(self, kept, by, reason="", *, version):
        """A moderator makes the earlier version `kept` the one that stands, as a new version of theirs; recorded.

        Raises OwnCase, StaleEdit when another version than `version` stands by now.
        """
        with transaction.atomic():
            self.revise(by, kept.body, version=version)
            told.tell_member(self, Decision.objects.record(self, Action.BACK_TO_VERSION, by, reason))

    def _why_held(self, form_signs, shown=None):
        """Return why it must wait for approval, or "". `shown` is the text that others read so far."""
        standing = sending.standing_of(self.author, besides=self)
        return holds.why_held(self.body, standing, form_signs, shown=shown)

    def store(self, body, *, by=None):
        """Write a text as a new version of this comment."""
        with transaction.atomic(savepoint=False):
            self.body = clean_text(body)
            self.version += 1
            self.byline = self.author.card_byline() if self.author_id else self.byline
            self.changed_at = timezone.now()
            if self._state.adding:
                self.save()
            people = mentions.People()
            self.body_html = render(
                self.body, document=f"m{self.pk}", first_heading=FIRST_HEADING, people=people
            )
            self.save(update_fields=["body", "body_html", "version", "byline", "edited_at", "changed_at"])
            mentions.keep(self, people)
            CommentRevision.keep(self, by)

    def announce(self):
        """What its page shows has changed: let caches, feeds and search know, and whom a new version names."""
        self._note_shown()
        conversation.announce(self.contribution_id)

    def _note_shown(self, *, is_first=False):
        """Note that others may read this version. `is_first`: any version, at last, which is told of by itself."""
        stands = CommentRevision.objects.filter(comment=self, number=self.version)
        if self.listed and stands.filter(shown=False).update(shown=True) and not is_first:
            mentions.tell(self)

    # --- transitions ----------------------------------------------------------------------------

    def moderation_label(self):
        """Return its number and what it stands on, such as: Reply 3 in “Who pays?”"""
        names = {"number": self.position, "title": self.contribution.title}
        return str(kinds.get(self.contribution.kind).numbered_comment % names)

    def named_to_its_author(self):
        return str(kinds.get(self.contribution.kind).your_comment % {"title": self.contribution.title})

    def columns_with_status(self, action):
        """All that follows from the status, in the same statement (a constraint holds some of it together)."""
        self.changed_at = timezone.now()
        if self.status == Status.PUBLISHED and self.published_at is None:
            self.published_at = self.changed_at
        self._note_listing(action)
        self.listed = self.status == Status.PUBLISHED and not self.author_is_hidden
        return {
            "published_at": self.published_at,
            "listed_since": self.listed_since,
            "listed": self.listed,
            "changed_at": self.changed_at,
        }

    def after_transition(self, decision):
        """Keep what the conversation counts in step with what can be read of it; tell of what can be read at last."""
        if self.answers_id:
            Comment.objects.keep_answers_to(self.answers_id)
        is_first = self.status == Status.PUBLISHED and self.published_at == self.changed_at
        self._note_shown(is_first=is_first)
        conversation.bring_up_to_date(self.contribution, changed_at=self.changed_at)
        conversation.tell([self.contribution_id])
        if is_first:
            from ..telling import tell_of

            tell_of(self)

    @property
    def author_is_hidden(self):
        """Whether a moderator has hidden what its author wrote."""
        return bool(self.author_id) and self.author.contributions_hidden

    def _note_listing(self, action):
        """Keep since when it can be read; what was put back counts as if it had never been taken down."""
        if self.status == Status.PUBLISHED:
            back = self.published_at if action == Action.RESTORE else self.changed_at
            self.listed_since = self.listed_since or back
        elif self.status == Status.REMOVED or not self.has_stayed_listed():
            self.listed_since = None

    def has_stayed_listed(self):
        """Whether it could be read for as long as makes its author an established member."""
        days = timedelta(days=settings.NETWORK_NEW_MEMBER_DAYS)
        return self.listed_since is not None and self.listed_since <= timezone.now() - days


class CommentRevision(Version):
    """One saved version of a comment."""

    THING = "comment"

    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("comment")
    )
    body = models.TextField(_("as saved"))

    class Meta:
        verbose_name = _("version of a comment")
        verbose_name_plural = _("versions of comments")
        ordering = ["comment", "-number"]
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="comment_revision_once")]

    def __str__(self):
        return f"{self.comment_id} ({self.number})"

    @property
    def text(self):
        return self.body

    @classmethod
    def keep(cls, comment, by):
        return cls.objects.create(comment=comment, number=comment.version, body=comment.body, by=by)
