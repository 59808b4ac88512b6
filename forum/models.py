"""Threads: questions and discussions. What is replied to them are comments, as on every other kind."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from commons.contributions import conversation, telling
from commons.contributions.models import Comment, Contribution
from commons.contributions.prepared import Prepared
from commons.contributions.querysets import moderates
from commons.markup.render import plain

QUESTION, DISCUSSION = "question", "discussion"


class NoAnswer(Exception):
    """What was to be the best answer is no reply that can be read, or it stands under no question."""


class Thread(Contribution):
    """A question or a discussion that members reply to.

    A question has a best answer once its asker or a moderator says so. It stays noted while the answer can't be read,
    or the thread is no question; `answered` says whether there is one to be read now.
    """

    KIND = "forum"
    SEARCHED_WITH = ("best_answer",)
    BLANKS = {"closed_at": None}
    SET_BY_OTHERS = ("best_answer_id", "pinned_at", "closed_at", "closed_reason", "merged_into_id")

    is_question = models.BooleanField(_("this is a question"), default=False)
    best_answer = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    pinned_at = models.DateTimeField(_("pinned"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    closed_reason = models.CharField(_("why it is closed"), max_length=300, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", editable=False
    )

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        indexes = [
            models.Index(
                fields=["-pinned_at"], name="thread_pinned", condition=models.Q(pinned_at__isnull=False)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | ~models.Q(closed_reason=""),
                name="thread_closed_with_reason",
            ),
        ]

    def store(self, values, *, by=None):
        """Write cleaned `values` as a new version; whether it is a question decides in which lists it stands."""
        is_question = values.get("is_question", self.is_question)
        self.subtype = QUESTION if is_question else DISCUSSION
        self.answered = self._can_read_best_answer() if is_question else None
        super().store(values, by=by)

    def snapshot(self):
        return {**super().snapshot(), "is_question": self.is_question}

    @classmethod
    def answered_among(cls, pks):
        """Return {id: whether there is a best answer that can be read} of the questions among `pks`. One query."""
        questions = cls._base_manager.filter(pk__in=pks, is_question=True)
        rows = questions.values_list("pk", "best_answer__listed", "best_answer__contribution")
        return {pk: bool(listed) and stands_on == pk for pk, listed, stands_on in rows}

    @classmethod
    def best_answers_among(cls, pks):
        """Return {id: id of the reply that answered it best} of the answered questions among `pks`. One query."""
        answered = cls._base_manager.filter(pk__in=pks, is_question=True, answered=True)
        return dict(answered.values_list("pk", "best_answer"))

    def build_card(self):
        return {
            **super().build_card(),
            "question": self.is_question,
            "closed": self.closed_at is not None,
            "pinned": self.pinned_at is not None,
        }

    def search_text(self):
        """Return the best answer's words: a question is found by what answered it. No query with SEARCHED_WITH."""
        best = self.best_answer if self.answered else None
        can_be_read = best is not None and best.listed and best.contribution_id == self.pk
        return {"body": plain(best.body_html)} if can_be_read else {}

    def closed_because(self):
        return self.closed_reason if self.closed_at else ""

    # --- the best answer ------------------------------------------------------------------------

    def move_path(self):
        return self.url_below("move/") if self.is_published else ""

    def may_mark_best(self, user):
        """Whether `user` may say which reply answered it: its asker and moderators may."""
        asked = self.author_id is not None and self.author_id == user.pk
        return self.is_question and self.is_published and (asked or moderates(user))

    @property
    def best_comment_id(self):
        return self.best_answer_id if self.answered else None

    def readable_best_answer(self):
        """Return the Comment that answered it, or None; one query where it is answered, else none."""
        return _readable_answer.first(self.pk, self.best_answer_id) if self.answered else None

    def mark_best(self, comment, marked=True, *, by=None):
        """Let `comment` be the best answer, in place of any other; or, where it is, no more.

        Its author is told, unless it is `by` themselves. Said twice it is said once. Raises NoAnswer.
        """
        with transaction.atomic():
            thread = conversation.lock(self.pk)
            there = Comment.objects.on(self.pk).filter(pk=comment.pk, listed=True).exists()
            if not (there and thread.is_question):
                raise NoAnswer
            changed = marked != (thread.best_answer_id == comment.pk)
            if changed:
                thread.best_answer_id = comment.pk if marked else None
                thread.save(update_fields=["best_answer"])
                thread.conversation_changed()
                conversation.announce(self.pk)
                if marked and by is not None:
                    telling.tell_best(comment, by)

    def conversation_changed(self):
        """A best answer that can't be read any more answers nothing; when it can again, it does."""
        if self.is_question:
            answered = self._can_read_best_answer()
            if answered != self.answered:
                self.answered = answered
                Contribution._base_manager.filter(pk=self.pk).update(answered=answered)

    def _can_read_best_answer(self):
        return bool(self.best_answer_id) and self._best_answers().exists()

    def _best_answers(self):
        # It may have been moved to another thread since it was marked.
        return Comment.objects.on(self.pk).filter(pk=self.best_answer_id, listed=True)


_readable_answer = Prepared(
    lambda thread, comment: Comment.objects.on(thread).filter(pk=comment, listed=True).order_by(), 0, 0
)
