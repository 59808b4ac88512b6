"""The audit trail: every change of what may be shown and who may act, and every word that led to it.

Append-only: the database itself refuses to change or delete a row (see append_only.py).
"""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .references import CAPABILITY_LENGTH, decision_reference

LABEL_LENGTH = 200


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    AWAITING = "awaiting", _("Awaiting approval")
    PUBLISHED = "published", _("Published")
    REMOVED = "removed", _("Removed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Part of another")


class Action(models.TextChoices):
    SUBMIT = "submit", _("Sent in by its author")
    HOLD = "hold", _("Held for approval after a change by its author")
    APPROVE = "approve", _("Approved")
    REMOVE = "remove", _("Removed")
    RESTORE = "restore", _("Restored")
    WITHDRAW = "withdraw", _("Withdrawn by its author")
    # What moderators do to the history of what is written.
    BACK_TO_VERSION = "back_to_version", _("An earlier version put back")
    HIDE_VERSION = "hide_version", _("A version taken out of the history")
    SHOW_VERSION = "show_version", _("A version put back into the history")
    # What leads to a decision, and what a decision can be when nothing changes.
    REPORT = "report", _("Reported")
    APPEAL = "appeal", _("Answered by the member concerned")
    KEEP = "keep", _("Kept as it is")
    UPHOLD = "uphold", _("Decision kept after an answer")
    # What keeps a conversation in order.
    PIN = "pin", _("Pinned")
    UNPIN = "unpin", _("No longer pinned")
    CLOSE = "close", _("Closed")
    REOPEN = "reopen", _("Opened again")
    MOVE = "move", _("Moved to another conversation")
    MERGE = "merge", _("Merged into another conversation")
    # What moderators do to an event of somebody else.
    CALL_OFF = "call_off", _("Called off")
    TAKE_PLACE = "take_place", _("Takes place after all")
    CHANGE_DATE = "change_date", _("A date changed")
    # What is decided about a member: see profiles.
    CONFIRM = "confirm", _("Address confirmed by hand")
    APPROVE_PROFILE = "approve_profile", _("Profile let through")
    SUSPEND = "suspend", _("Suspended")
    LIFT = "lift", _("Suspension ended")
    HIDE = "hide", _("Profile hidden")
    SHOW = "show", _("Profile shown again")
    HIDE_WRITTEN = "hide_contributions", _("Contributions hidden")
    SHOW_WRITTEN = "show_contributions", _("Contributions shown again")
    SPAMMER = "spammer", _("Spammer: suspended, profile and contributions hidden")
    CLEAR = "clear", _("Not a spammer: everything given back")
    ERASE = "erase", _("Account closed by the member, and what was personal taken out")


# Which decisions the member concerned may answer, and what takes each back.
REVERSED_BY = {
    Action.REMOVE: {Action.RESTORE},
    Action.SUSPEND: {Action.LIFT, Action.CLEAR},
    Action.HIDE: {Action.SHOW, Action.CLEAR},
    Action.HIDE_WRITTEN: {Action.SHOW_WRITTEN, Action.CLEAR},
    Action.SPAMMER: {Action.CLEAR},
}
# What is decided for others. (To send in, withdraw or answer is for oneself.)
FOR_OTHERS = {
    Action.APPROVE, Action.KEEP, Action.UPHOLD, Action.CONFIRM, *REVERSED_BY, *set().union(*REVERSED_BY.values()),
    Action.BACK_TO_VERSION, Action.HIDE_VERSION, Action.SHOW_VERSION,
}  # fmt: skip


class OwnCase(Exception):
    """Nobody decides about themselves, about what they wrote, or about an answer to their own decision."""

    def __init__(self, words=None):
        super().__init__(
            str(words or _("This is about you, or about something you wrote: somebody else decides."))
        )


class DecisionQuerySet(models.QuerySet):
    def about(self, thing):
        """Decisions about one moderated object, newest first."""
        model, pk = thing.moderation_target()
        return self.filter(target_type=ContentType.objects.get_for_model(model), target_id=pk).order_by(
            "-at", "-pk"
        )

    def record(self, thing, action, by, reason="", from_status="", to_status=""):
        """Keep one step about `thing`, and return it. Raises OwnCase where nobody may take it for themselves."""
        concerned = thing.concerns()
        if action in FOR_OTHERS and by is not None and concerned is not None and by.pk == concerned.pk:
            raise OwnCase
        model, pk = thing.moderation_target()
        return self.create(
            target_type=ContentType.objects.get_for_model(model),
            target_id=pk,
            target_label=thing.moderation_label()[:LABEL_LENGTH],
            about=concerned,
            action=action,
            from_status=from_status,
            to_status=to_status,
            reason=reason,
            by=by,
        )

    def by_reference(self, reference):
        """Return the decision with this reference (as somebody may have typed it), or None."""
        reference = reference.strip().upper()
        if len(reference) != CAPABILITY_LENGTH or not reference.isascii() or not reference.isalnum():
            return None
        return self.select_related("about", "target_type").filter(reference=reference).first()


class Decision(models.Model):
    """One step in the life of an item or a membership: what, by whom, when and why."""

    target_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind")
    )
    target_id = models.PositiveBigIntegerField(_("number"))
    target_label = models.CharField(_("item"), max_length=LABEL_LENGTH)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member concerned"),
        null=True,
        on_delete=models.PROTECT,
        related_name="decided_about",
    )
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
    reference = models.CharField(
        max_length=CAPABILITY_LENGTH, unique=True, default=decision_reference, editable=False
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["target_type", "target_id", "-at"], name="decision_target")]

    def __str__(self):
        return f"{self.get_action_display()}: {self.target_label}"

    def concerns(self):
        """Return the member whom it concerns, or None: the author of an item, or the member themselves."""
        return self.about

    @property
    def can_be_answered(self):
        """Whether it is of a kind that the member concerned may answer once."""
        return self.action in REVERSED_BY and self.about_id is not None

    def appealable_by(self, member):
        """Whether `member` may answer it: it concerns them, and they have not answered yet."""
        return (
            member is not None
            and self.can_be_answered
            and member.pk == self.about_id
            and not self.is_reversed()
            and not hasattr(self, "appeal")
        )

    def is_reversed(self):
        """Whether a later decision has taken it back, so that there is nothing left to answer."""
        back = REVERSED_BY.get(self.action, ())
        return Decision.objects.filter(
            target_type=self.target_type_id, target_id=self.target_id, action__in=back, pk__gt=self.pk
        ).exists()

    def appeal_path(self):
        """Return the address at which it can be answered, in the active language."""
        return reverse("appeal", args=[self.reference])
