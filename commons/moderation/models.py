"""What may be shown, who decided so, and why.

`Moderated` gives a model its status and the only ways to change it; each change leaves a Decision.
"""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    AWAITING = "awaiting", _("Awaiting approval")
    PUBLISHED = "published", _("Published")
    REMOVED = "removed", _("Removed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Action(models.TextChoices):
    SUBMIT = "submit", _("Sent in by its author")
    APPROVE = "approve", _("Approved")
    REMOVE = "remove", _("Removed")
    RESTORE = "restore", _("Restored")
    WITHDRAW = "withdraw", _("Withdrawn by its author")
    # What is decided about a member: see profiles.
    CONFIRM = "confirm", _("Address confirmed by hand")
    SUSPEND = "suspend", _("Suspended")
    LIFT = "lift", _("Suspension ended")
    HIDE = "hide", _("Profile hidden")
    SHOW = "show", _("Profile shown again")
    HIDE_WRITTEN = "hide_contributions", _("Contributions hidden")
    SHOW_WRITTEN = "show_contributions", _("Contributions shown again")


class TransitionRefused(Exception):
    """The item is not in a state from which this step can be taken; `status` is the state it is in."""

    def __init__(self, status):
        super().__init__(status)
        self.status = Status(status)


class DecisionQuerySet(models.QuerySet):
    def about(self, thing):
        """Decisions about one moderated object, newest first."""
        model, pk = thing.moderation_target()
        return self.filter(target_type=ContentType.objects.get_for_model(model), target_id=pk).order_by(
            "-at", "-pk"
        )


class Decision(models.Model):
    """One change of what may be shown: what, by whom, when and why."""

    target_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind")
    )
    target_id = models.PositiveBigIntegerField(_("number"))
    target_label = models.CharField(_("item"), max_length=200)
    action = models.CharField(_("what was done"), max_length=20, choices=Action)
    from_status = models.CharField(_("from"), max_length=20, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=20, choices=Status, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["target_type", "target_id", "-at"], name="decision_target")]

    def __str__(self):
        return f"{self.get_action_display()}: {self.target_label}"


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

    def submit(self, by, *, held_because=""):
        """The author publishes: it is listed at once, or awaits approval when `held_because` says why.

        Raises TransitionRefused unless it is a draft or was withdrawn.
        """
        to = Status.AWAITING if held_because else Status.PUBLISHED
        self._move(Action.SUBMIT, to, (Status.DRAFT, Status.WITHDRAWN), by, held_because)

    def approve(self, by, reason=""):
        """A moderator lets through what awaits approval."""
        self._move(Action.APPROVE, Status.PUBLISHED, (Status.AWAITING,), by, reason)

    def remove(self, by, reason):
        """A moderator takes it down; `reason` is told to the author and must not be empty."""
        if not reason.strip():
            raise ValueError("A removal needs a reason.")
        self._move(Action.REMOVE, Status.REMOVED, (Status.PUBLISHED, Status.AWAITING), by, reason)

    def restore(self, by, reason=""):
        """A moderator puts back what was removed."""
        self._move(Action.RESTORE, Status.PUBLISHED, (Status.REMOVED,), by, reason)

    def withdraw(self, by):
        """The author takes it back; a draft that is withdrawn was never listed and leaves no trace for others."""
        self._move(
            Action.WITHDRAW, Status.WITHDRAWN, (Status.DRAFT, Status.AWAITING, Status.PUBLISHED), by, ""
        )

    def columns_with_status(self):
        """Return other columns of the row that must change in the same statement as `status`, as a dict."""
        return {}

    def after_transition(self, decision):
        """Called inside the transition's transaction, once `status` is saved."""

    def _move(self, action, to, allowed, by, reason):
        model, pk = self.moderation_target()
        with transaction.atomic():
            # The row is locked and read afresh: of two at once, the second sees what the first did.
            was = model._base_manager.select_for_update().values_list("status", flat=True).get(pk=pk)
            if was not in allowed:
                raise TransitionRefused(was)
            self.refresh_from_db()
            self.status = to
            model._base_manager.filter(pk=pk).update(status=to, **self.columns_with_status())
            decision = Decision.objects.create(
                target_type=ContentType.objects.get_for_model(model),
                target_id=pk,
                target_label=str(self)[:200],
                action=action,
                from_status=was,
                to_status=to,
                reason=reason,
                by=by,
            )
            self.after_transition(decision)
