"""What people tell the people who run the site, kept until it has been answered."""

import uuid

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from commons.notifications.notify import send

ISSUE_LENGTH = 5_000
PAGE_LENGTH = 300


class IssueKind(models.TextChoices):
    NOT_WORKING = "not-working", _("Something does not work")
    ACCESSIBILITY = "accessibility", _("Something is hard to read or to use")
    CONTENT = "content", _("A complaint about something written here, or about a decision")
    PERSONAL_DATA = "personal-data", _("A question or a complaint about personal data")
    OTHER = "other", _("Something else")


class SiteIssueQuerySet(models.QuerySet):
    def unanswered(self):
        return self.filter(answered_at=None)


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
            send(issue.email, "email/site_issue_received", {"issue": issue})
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
