"""What may be shown, who decided so, and why.

`Moderated` gives a model its status and the only ways to change it; each change leaves a Decision. What waits for
a moderator lies in cases.py, the record in decisions.py.
"""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from . import told
from .appeals import Appeal, AppealRefused
from .cases import Case, CaseClosed, State, Why
from .decisions import Action, Decision, OwnCase, Status
from .flags import Flag, FlagReason
from .mails import ModeratorMail

__all__ = [
    "Action",
    "Appeal",
    "AppealRefused",
    "Case",
    "CaseClosed",
    "Decision",
    "Flag",
    "FlagReason",
    "Moderated",
    "ModeratorMail",
    "OwnCase",
    "State",
    "Status",
    "TransitionRefused",
    "Why",
]


class TransitionRefused(Exception):
    """The item is not in a state from which this step can be taken; `status` is the state it is in.

    `words` say in a sentence what else stands in the way, where it is something else.
    """

    def __init__(self, status, words=""):
        super().__init__(status)
        self.status, self.words = Status(status), words


class Moderated(models.Model):
    """Something that is written, shown, and may be taken down again."""

    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.DRAFT, editable=False
    )

    class Meta:
        abstract = True

    def moderation_target(self):
        """Return (model, id) under which decisions about this object are kept."""
        return type(self), self.pk

    def moderation_label(self):
        """Return what the record and the queue call it."""
        return str(self)

    def named_to_its_author(self):
        """Return what it is called in a sentence to its author."""
        return f"“{self.moderation_label()}”"

    def concerns(self):
        """Return the member whom decisions about it concern, or None."""
        return self.author

    @property
    def awaits_approval(self):
        return self.status == Status.AWAITING

    def submit(self, by, *, held_because=""):
        """The author publishes: it is listed at once, or awaits approval when `held_because` says why.

        Raises TransitionRefused unless it is a draft or was withdrawn.
        """
        to = Status.AWAITING if held_because else Status.PUBLISHED
        self._move(Action.SUBMIT, to, (Status.DRAFT, Status.WITHDRAWN), by, held_because)

    def hold(self, by, held_because):
        """The author has changed what is listed in a way that a moderator should see first."""
        self._move(Action.HOLD, Status.AWAITING, (Status.PUBLISHED,), by, held_because)

    def approve(self, by, reason=""):
        """A moderator lets through what awaits approval; `reason` are words to the author."""
        self._move(Action.APPROVE, Status.PUBLISHED, (Status.AWAITING,), by, reason)

    def remove(self, by, reason):
        """A moderator takes it down; `reason` is told to the author and must not be empty."""
        if not reason.strip():
            raise ValueError("A removal needs a reason.")
        self._move(Action.REMOVE, Status.REMOVED, (Status.PUBLISHED, Status.AWAITING), by, reason)

    def restore(self, by, reason=""):
        """A moderator puts back what was removed; `reason` are words to the author."""
        self._move(Action.RESTORE, Status.PUBLISHED, (Status.REMOVED,), by, reason)

    def withdraw(self, by):
        """The author takes it back; a draft that is withdrawn was never listed and leaves no trace for others."""
        self._move(
            Action.WITHDRAW, Status.WITHDRAWN, (Status.DRAFT, Status.AWAITING, Status.PUBLISHED), by, ""
        )

    def lock_and_read(self):
        """Lock the row until the transaction ends, read it as it now stands, and return its status.

        Of two at once, the second sees what the first did.
        """
        model, pk = self.moderation_target()
        # Weaker than FOR UPDATE: what points to the row can still be written.
        model._base_manager.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        self.refresh_from_db()
        return self.status

    def become_part_of_another(self, by):
        """A moderator has put all of it into another; what is left only leads there."""
        self._move(Action.MERGE, Status.MERGED, (Status.PUBLISHED,), by, "")

    def columns_with_status(self, action):
        """Return other columns of the row that must change in the same statement as `status`, as a dict."""
        return {}

    def after_transition(self, decision):
        """Called inside the transition's transaction, once `status` is saved."""

    def _move(self, action, to, allowed, by, reason):
        """Take one step: status, record, case, and what the author is told, all or nothing.

        Raises TransitionRefused from a state that does not allow it, OwnCase where `by` may not decide.
        """
        model, pk = self.moderation_target()
        with transaction.atomic():
            was = self.lock_and_read()
            if was not in allowed:
                raise TransitionRefused(was)
            self.status = to
            model._base_manager.filter(pk=pk).update(status=to, **self.columns_with_status(action))
            decision = Decision.objects.record(self, action, by, reason, from_status=was, to_status=to)
            self.after_transition(decision)
            if to == Status.AWAITING:
                Case.objects.open(self, Why.AWAITING, held_because=reason)
            else:
                Case.objects.settle(self, decision)
            told.tell_member(self, decision)
