"""Readers' reports: what is wrong with a thing, in whose words, and what became of it."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commons.markup.render import clean_text

from . import told
from .cases import Case, Why
from .decisions import Action, Decision
from .references import report_reference


class FlagReason(models.TextChoices):
    ILLEGAL = "illegal", _("Illegal content")
    HARM = "harm", _("Harm to a person")
    SPAM = "spam", _("Spam")
    PERSONAL_DATA = "personal_data", _("Personal data")
    OFF_TOPIC = "off_topic", _("Off topic")
    OTHER = "other", _("Other")


class FlagQuerySet(models.QuerySet):
    def unanswered(self):
        return self.filter(answered_at=None)

    def report(self, thing, *, reason, words="", by=None, email="", form_key=None, acknowledge=True):
        """Keep a reader's report about `thing` and return the Flag, whose `reference` they are told.

        `by` is the member, if signed in; else `email` an address that wants to hear back. The same member who
        reports the same thing while it waits gets their first report; so does who says the same from the same
        address, or sends the same form (`form_key`, a UUID made with the empty form) twice. Acknowledged by
        notice or mail, unless `acknowledge` is false.
        """
        reason, words = FlagReason(reason), clean_text(words).strip()
        with transaction.atomic():
            made = self.filter(case__in=Case.objects.about(thing)).sent_with(form_key).first()
            if made:
                return made
            case = Case.objects.open(thing, Why.REPORTED)
            mine = Q(by=by) if by else Q(by=None, reason=reason, words=words, email=email) & ~Q(email="")
            made = case.flags.unanswered().filter(mine).first() or case.flags.sent_with(form_key).first()
            if made:
                return made
            flag = case.flags.create(
                reason=reason,
                words=words,
                by=by,
                email="" if by else email,
                form_key=form_key,
                language=get_language() or settings.LANGUAGE_CODE,
            )
            # Not by whom: the trail is read by more people than those who may know.
            Decision.objects.record(thing, Action.REPORT, None, str(reason.label))
            if acknowledge:
                told.acknowledge(flag, thing)
        return flag

    def sent_with(self, form_key):
        """What came from this one form; nothing when there is no key."""
        return self.filter(form_key=form_key) if form_key else self.none()

    def answer(self, decision):
        """Tell those who have not heard back what was decided."""
        for flag in self.unanswered().select_related("by", "case__target_type").order_by("pk"):
            told.tell_reporter(flag, decision)
            Flag.objects.filter(pk=flag.pk).update(answered_at=decision.at, outcome=decision)


class Flag(models.Model):
    """A reader's report. Who made it is known to moderators, never to whom it is about."""

    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="flags")
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=report_reference, editable=False
    )
    reason = models.CharField(_("what is wrong"), max_length=20, choices=FlagReason)
    words = models.TextField(_("in their words"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="flags_made",
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    made_at = models.DateTimeField(_("when"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    outcome = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")
    form_key = models.UUIDField(null=True, editable=False)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "by"], condition=Q(answered_at=None), name="flag_once_a_member"
            ),
            models.UniqueConstraint(fields=["case", "form_key"], name="flag_once_a_form"),
        ]

    def __str__(self):
        return self.reference
