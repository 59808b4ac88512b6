"""Appeals: the one answer that a member has to a decision about them, or about what they wrote."""

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text

from . import mails
from .cases import Case, Why
from .decisions import Action, Decision


class AppealRefused(Exception):
    """A decision can't be answered; `code` is "not_yours", "not_answerable", "reversed" or "already"."""

    words = {
        "not_yours": _("This decision is not about you."),
        "not_answerable": _("This decision can’t be answered."),
        "reversed": _("This decision has been taken back already."),
        "already": _("You have answered this decision. It can be answered once."),
    }

    def __init__(self, code):
        super().__init__(str(self.words[code]))
        self.code = code


class AppealManager(models.Manager):
    def make(self, decision, by, words):
        """Keep the one answer of the member concerned to `decision`, and put it into the queue. Return the Appeal.

        Raises AppealRefused, whose words can be shown.
        """
        words = clean_text(words).strip()
        if not words:
            raise ValueError("An answer needs words.")
        if not decision.can_be_answered:
            raise AppealRefused("not_answerable")
        if by is None or by.pk != decision.about_id:
            raise AppealRefused("not_yours")
        if hasattr(decision, "appeal"):
            raise AppealRefused("already")
        with transaction.atomic():
            thing = decision.target_type.model_class()._base_manager.get(pk=decision.target_id)
            case = Case.objects.open(thing, Why.APPEAL, tell=False)
            if decision.is_reversed():
                raise AppealRefused("reversed")
            try:
                with transaction.atomic():
                    appeal = self.create(case=case, decision=decision, by=by, words=words)
            except IntegrityError as error:  # sent twice at once
                raise AppealRefused("already") from error
            Decision.objects.record(thing, Action.APPEAL, by)
            mails.tell_moderators(case)
        return appeal


class Appeal(models.Model):
    """The one answer of the member concerned to a decision."""

    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="appeals")
    decision = models.OneToOneField(
        Decision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="appeal"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="appeals"
    )
    words = models.TextField(_("in their words"))
    made_at = models.DateTimeField(_("when"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    outcome = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    objects = AppealManager()

    class Meta:
        verbose_name = _("answer to a decision")
        verbose_name_plural = _("answers to decisions")
        ordering = ["made_at", "pk"]

    def __str__(self):
        return str(self.decision)

    @property
    def was_upheld(self):
        """Whether the decision stood, None while nobody has looked again."""
        return None if self.outcome is None else self.outcome.action == Action.UPHOLD
