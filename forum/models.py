"""Threads: questions and discussions. What is replied to them are comments, as on every other kind."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.contributions.models import Comment, Contribution

QUESTION, DISCUSSION = "question", "discussion"


class Thread(Contribution):
    """A question or a discussion that members reply to."""

    KIND = "forum"

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
        self.answered = bool(self.best_answer_id) if is_question else None
        super().store(values, by=by)

    def snapshot(self):
        return {**super().snapshot(), "is_question": self.is_question}

    @classmethod
    def answered_among(cls, pks):
        """Return {id: whether there is a best answer that can be read} of the questions among `pks`. One query."""
        questions = cls._base_manager.filter(pk__in=pks, is_question=True)
        rows = questions.values_list("pk", "best_answer__listed", "best_answer__contribution")
        return {pk: bool(listed) and stands_on == pk for pk, listed, stands_on in rows}

    def build_card(self):
        return {
            **super().build_card(),
            "question": self.is_question,
            "closed": self.closed_at is not None,
            "pinned": self.pinned_at is not None,
        }

    def closed_because(self):
        return self.closed_reason if self.closed_at else ""

    def conversation_changed(self):
        """A best answer that can't be read any more answers nothing."""
        if self.is_question:
            self.answered = bool(self.best_answer_id) and self.best_answer.listed
            Thread._base_manager.filter(pk=self.pk).update(answered=self.answered)
