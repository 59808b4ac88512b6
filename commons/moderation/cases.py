"""The queue: what waits for a moderator, one case a thing.

Readers' reports (flags.py) and answers to decisions (appeals.py) hang on their case.
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import mails, queued, told
from .decisions import LABEL_LENGTH, REVERSED_BY, Action, Decision, OwnCase
from .moderators import all_with

TRIES = 5  # at opening the one case of a thing, while others open and close it

# Decisions after which nothing waits any more; those that give something back settle only an answer to what they undo.
SETTLES = {
    Action.APPROVE, Action.REMOVE, Action.RESTORE, Action.KEEP, Action.UPHOLD, Action.SUSPEND, Action.HIDE,
    Action.HIDE_WRITTEN, Action.CLEAR, Action.APPROVE_PROFILE,
}  # fmt: skip


class Why(models.TextChoices):
    """Why something stands in the queue, the least urgent first: the most urgent is what is shown."""

    REMOVED = "removed", _("Removed")
    AWAITING = "awaiting", _("Awaiting approval")
    REPORTED = "reported", _("Reported")
    SPAM = "spam", _("Spam")
    APPEAL = "appeal", _("Answer to a decision")


class State(models.TextChoices):
    OPEN = "open", _("Waiting")
    CLOSED = "closed", _("Decided")


class CaseClosed(Exception):
    """Somebody has decided meanwhile; `case` says who and what."""

    def __init__(self, case):
        super().__init__(case.pk)
        self.case = case


class CaseQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=State.OPEN)

    def about(self, thing):
        """The cases of one moderated object."""
        model, pk = thing.moderation_target()
        return self.filter(target_type=ContentType.objects.get_for_model(model), target_id=pk)

    def in_order(self):
        """What waits first, the longest waiting at the top; then what was decided, the latest at the top."""
        return self.order_by(F("closed_at").desc(nulls_first=True), "opened_at", "pk")

    def visible_to(self, user):
        """Cases of the kinds about which `user` may decide; others see none."""
        types = [found.content_type().pk for found in queued.decided_by(user)]
        return self.filter(target_type__in=types) if types else self.none()

    def awaiting(self, user):
        """What waits for a decision that `user` may take.

        Nothing about themselves, and no answer to a decision of theirs where another moderator can look at it.
        """
        found = self.waiting().visible_to(user).exclude(about=user)
        answered = found.filter(appeals__decided_at=None, appeals__decision__by=user)
        answered = answered.values_list("pk", "target_type", "about").distinct()
        if not answered:
            return found
        others = {
            kind.content_type().pk: {member.pk for member in all_with(kind.permission)} - {user.pk}
            for kind in queued.decided_by(user)
        }
        return found.exclude(pk__in=[pk for pk, kind, about in answered if others[kind] - {about}])

    def open(self, thing, why, *, held_because="", tell=True):
        """Return the one open case of `thing`, made if there is none. Moderators are told of a new one."""
        with transaction.atomic():
            case, new = self._the_open_one(thing, why)
            urgency = Why.values.index
            case.why = max(case.why, why, key=urgency)
            case.held_because = held_because or case.held_because
            case.save(update_fields=["why", "held_because"])
            if new and tell:
                mails.tell_moderators(case)
        return case

    def _the_open_one(self, thing, why):
        for _try in range(TRIES):
            case = self.about(thing).waiting().select_for_update().first()
            if case is not None:
                return case, False
            try:
                with transaction.atomic():
                    return self._make(thing, why), True
            except IntegrityError:  # somebody else was quicker: theirs it is
                continue
        raise RuntimeError("The case of a thing was opened and closed too often at once.")

    def _make(self, thing, why, **more):
        model, pk = thing.moderation_target()
        return self.create(
            target_type=ContentType.objects.get_for_model(model),
            target_id=pk,
            target_label=thing.moderation_label()[:LABEL_LENGTH],
            about=thing.concerns(),
            why=why,
            **more,
        )

    def gather(self, member, decision):
        """Make one open case of all that waits about a member and what they wrote, and return it.

        Reports move into it, and those who made them are told of `decision`. An answer to a decision stays by
        itself, for it waits for another moderator.
        """
        case = self.open(member, Why.SPAM, tell=False)
        answers = self.waiting().filter(appeals__isnull=False, appeals__decided_at=None).values("pk")
        others = self.waiting().filter(about=member).exclude(pk=case.pk).exclude(pk__in=answers)
        for other in others.select_for_update().order_by("pk"):
            other.close(decision)
            other.flags.update(case=case)
            case.held_because = case.held_because or other.held_because
        case.save(update_fields=["held_because"])
        case.flags.answer(decision)
        return case

    def why_held(self, thing):
        """Return what was last said of why a thing was held, or ""."""
        held = self.about(thing).exclude(held_because="").order_by("-pk")
        return held.values_list("held_because", flat=True).first() or ""

    def settle(self, thing, decision):
        """Close the open case of `thing` if `decision` settles it; what was taken down has a case in any event.

        Raises OwnCase when the decision is on an answer to a decision by the same moderator, and another could take it.
        """
        case = self.about(thing).waiting().select_for_update().first()
        if case is not None:
            case.settle(decision)
        elif decision.action == Action.REMOVE:
            now = timezone.now()
            self._make(
                thing, Why.REMOVED, state=State.CLOSED, opened_at=now, closed_at=now, closed_by=decision.by,
                outcome=decision,
            )  # fmt: skip


class Case(models.Model):
    """One thing that waits, or waited, for a moderator, with all that was said about it."""

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
        related_name="cases",
    )
    why = models.CharField(_("why"), max_length=20, choices=Why)
    held_because = models.TextField(_("why it was held"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("waiting since"), default=timezone.now)
    closed_at = models.DateTimeField(_("decided"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    outcome = models.ForeignKey(
        Decision, verbose_name=_("decision"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["state", "opened_at"], name="case_waiting"),
            models.Index(fields=["target_type", "target_id"], name="case_target"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["target_type", "target_id"], condition=Q(state="open"), name="case_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | Q(state="closed", closed_at__isnull=False),
                name="case_closed_has_date",
            ),
        ]

    def __str__(self):
        return self.target_label

    @property
    def is_open(self):
        return self.state == State.OPEN

    @property
    def is_about_member(self):
        """Whether it is about a membership and not about something written."""
        return self.target_type.model_class() is get_user_model()

    @property
    def title(self):
        """What it is called: a member by name, for the record names them by number alone."""
        return str(self.about) if self.is_about_member and self.about_id else self.target_label

    @property
    def named(self):
        """What it is called within a sentence."""
        return queued.in_a_sentence(self.target_type, self.title)

    def target(self):
        """Return the object it is about, ready to be decided about, or None."""
        found = queued.of_type(self.target_type)
        return found.find(self.target_id) if found else None

    def open_appeals(self):
        return self.appeals.filter(decided_at=None).select_related("decision")

    @property
    def has_open_appeals(self):
        return self.appeals.filter(decided_at=None).exists()

    def deciders(self):
        """Return the moderators who may decide, by id.

        Never the member concerned, and on an answer somebody else than whose decision it is, where there is one.
        """
        found = queued.of_type(self.target_type)
        able = [m for m in all_with(found.permission) if m.pk != self.about_id] if found else []
        answered = {appeal.decision.by_id for appeal in self.open_appeals()}
        return [member for member in able if member.pk not in answered] or able

    def check_decider(self, by):
        """Raise OwnCase when `by` may not decide what waits here. None is the site itself."""
        if by is None:
            return
        if by.pk == self.about_id:
            raise OwnCase
        answered = {appeal.decision.by_id for appeal in self.open_appeals()}
        if by.pk in answered and any(member.pk not in answered for member in self.deciders()):
            raise OwnCase(_("This is an answer to a decision of yours: another moderator decides."))

    def keep(self, by, words=""):
        """Leave it as it is: reports are dismissed, or a decision that was answered stands. Return the Decision.

        The member concerned is told when `words` are given, and always when they had answered.
        Raises CaseClosed when somebody has decided meanwhile.
        """
        with transaction.atomic():
            thing = self.lock_target()
            self.refresh_from_db()
            if not self.is_open:
                raise CaseClosed(self)
            action = Action.UPHOLD if self.has_open_appeals else Action.KEEP
            decision = Decision.objects.record(thing, action, by, words)
            Case.objects.settle(thing, decision)
            if words or action == Action.UPHOLD:
                told.tell_member(thing, decision)
        return decision

    def lock_target(self):
        """Lock what it is about and then itself, in the order that every decision keeps; return the object."""
        found = queued.of_type(self.target_type)
        if found and found.lock_first:
            found.lock_first(self.target_id)
        rows = self.target_type.model_class()._base_manager
        rows.select_for_update(no_key=True).filter(pk=self.target_id).values_list("pk").first()
        Case.objects.select_for_update().filter(pk=self.pk).values_list("pk").first()
        return self.target()

    def lock_member(self):
        """Lock the member concerned and return them, or None."""
        return get_user_model()._base_manager.select_for_update(no_key=True).filter(pk=self.about_id).first()

    def settle(self, decision):
        """Answer what `decision` settles of this case, and close it when nothing is left. See CaseQuerySet.settle."""
        appeals = list(self.open_appeals())
        settled = [a for a in appeals if decision.action in {Action.UPHOLD, *REVERSED_BY[a.decision.action]}]
        if settled:
            self.check_decider(decision.by)
            self.appeals.filter(pk__in=[appeal.pk for appeal in settled]).update(
                decided_at=decision.at, outcome=decision
            )
        if len(settled) < len(appeals):
            return
        if settled or self._is_settled_by(decision):
            self.close(decision)

    def _is_settled_by(self, decision):
        if decision.action == Action.WITHDRAW:
            return not self.flags.unanswered().exists()
        if self.why == Why.SPAM:
            return decision.action in {Action.KEEP, Action.UPHOLD, Action.CLEAR}
        return decision.action in SETTLES

    def close(self, decision):
        """Note the decision that ends it, and tell those who reported."""
        self.state, self.closed_at = State.CLOSED, decision.at
        self.closed_by, self.outcome = decision.by, decision
        self.save(update_fields=["state", "closed_at", "closed_by", "outcome"])
        self.flags.answer(decision)
