"""What people tell the people who run the site, kept until it has been answered."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from commons.notifications.notify import send

ISSUE_LENGTH = 5_000
PAGE_LENGTH = 300
# The law's time for acknowledging a complaint about personal data, and ours for answering it.
ANSWER_WITHIN = timedelta(days=30)


class IssueKind(models.TextChoices):
    NOT_WORKING = "not-working", _("Something does not work")
    ACCESSIBILITY = "accessibility", _("Something is hard to read or to use")
    CONTENT = "content", _("A complaint about something written here, or about a decision")
    PERSONAL_DATA = "personal-data", _("A question or a complaint about personal data")
    OTHER = "other", _("Something else")


class SiteIssueQuerySet(models.QuerySet):
    def unanswered(self):
        """Those that wait for an answer; of those whose words are gone there is nothing left to answer."""
        return self.filter(answered_at=None).exclude(text="")

    def complaints(self):
        """What is about personal data, and so has a day by which it must be answered."""
        return self.filter(kind=IssueKind.PERSONAL_DATA)

    def overdue(self, now=None):
        """Complaints about personal data whose day is over."""
        began = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.complaints().unanswered().filter(created_at__lt=began - ANSWER_WITHIN)


class SiteIssue(models.Model):
    """Something somebody reported about the site, with a reference they can quote."""

    # Null only inside the transaction that makes it: the reference is written from the row's own number.
    reference = models.CharField(_("reference"), max_length=30, unique=True, null=True, editable=False)
    kind = models.CharField(_("what it is about"), max_length=20, choices=IssueKind)
    text = models.TextField(_("what happened"), max_length=ISSUE_LENGTH)
    page = models.CharField(_("page"), max_length=PAGE_LENGTH, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="site_issues",
    )
    created_at = models.DateTimeField(_("reported"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("For administrators: what was found and what was done.")
    )
    form_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = SiteIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported issue")
        verbose_name_plural = _("reported issues")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answered_by=None)
                | models.Q(answered_at__isnull=False, answered_by__isnull=False),
                name="site_issue_answered_by_somebody",
            )
        ]

    def __str__(self):
        return self.reference or _("reported issue")

    @property
    def answer_by(self):
        """The day by which it must be answered, or None where the law sets none."""
        if self.kind != IssueKind.PERSONAL_DATA:
            return None
        return timezone.localdate(self.created_at) + ANSWER_WITHIN

    @property
    def is_overdue(self):
        """Whether it should have been answered before today."""
        waits = self.answered_at is None and bool(self.text)
        return waits and self.answer_by is not None and self.answer_by < timezone.localdate()

    @classmethod
    def receive(cls, values, *, form_key, by=None, acknowledge=True):
        """Keep what was reported, tell the administrators, and return the SiteIssue.

        `values` are the model's fields kind, text, page and email; `form_key` (a UUID made with the empty
        form) makes the same form sent twice one issue; `by` is the member, if signed in. The address given,
        if any, gets an acknowledgement unless `acknowledge` is false.
        """
        try:
            with transaction.atomic():
                return cls._already(form_key) or cls._receive(values, form_key, by, acknowledge)
        except IntegrityError:
            received = cls._already(form_key)
            if received is None:
                raise
            return received

    @classmethod
    def _already(cls, form_key):
        return cls.objects.filter(form_key=form_key).first()

    @classmethod
    def _receive(cls, values, form_key, by, acknowledge):
        issue = cls.objects.create(**values, reporter=by, form_key=form_key)
        issue.reference = f"R-{timezone.localtime(issue.created_at).year}-{issue.pk:06d}"
        issue.save(update_fields=["reference"])
        issue._tell_administrators()
        if issue.email and acknowledge:
            template = "complaint_received" if issue.answer_by else "site_issue_received"
            send(issue.email, f"email/{template}", {"issue": issue})
        return issue

    def _tell_administrators(self):
        for administrator in get_user_model().objects.filter(is_superuser=True, is_active=True):
            with translation.override(administrator.language):
                send(administrator.email, "email/site_issue", {"issue": self, "member": administrator})

    def mark_answered(self, by):
        """Note that `by` has dealt with it. What was answered once keeps its first date."""
        if self.answered_at is None:
            self.answered_at, self.answered_by = timezone.now(), by
            self.save(update_fields=["answered_at", "answered_by"])


class WorkerBeat(models.Model):
    """When a background worker last showed that it is alive. One row, whichever worker wrote it."""

    EVERY = 15  # seconds

    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("sign of life of the worker")
        verbose_name_plural = _("signs of life of the worker")

    def __str__(self):
        return str(self.at)

    @classmethod
    def show(cls):
        """Note that a worker is alive now."""
        now = timezone.now()
        if not cls.objects.filter(pk=1).update(at=now):
            cls.objects.bulk_create([cls(pk=1, at=now)], ignore_conflicts=True)
