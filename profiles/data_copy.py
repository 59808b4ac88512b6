"""A copy of all that a member gave and wrote: asked for, made by the worker, and for some days theirs to fetch."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.contributions.sending import one_at_a_time

KEPT_FOR = timedelta(days=7)
# A worker shows that it is still at it (see hold); one that was killed leaves the copy to the next.
LEASE = timedelta(minutes=10)
MOST_TRIES = 3
FOLDER = "copies/"


class State(models.TextChoices):
    WAITING = "waiting", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")


def make_token():
    return secrets.token_urlsafe(24)


class DataCopyQuerySet(models.QuerySet):
    def of(self, member):
        return self.filter(member=member)

    def ready(self, now=None):
        """Those that can still be fetched."""
        return self.filter(state=State.READY, expires_at__gt=now or timezone.now())

    def ask(self, member):
        """Let a copy be made for `member`, in place of any that was made before; return it.

        While one is being made it is that one, however often and at once it is asked for.
        """
        with transaction.atomic():
            one_at_a_time(member)
            waiting = self.of(member).filter(state=State.WAITING).first()
            if waiting:
                return waiting
            self.of(member).forget()
            return self.create(member=member)

    def take(self, now=None):
        """Return the copy that has waited longest and that nobody makes, held for LEASE, or None."""
        now = now or timezone.now()
        free = self.filter(Q(taken_at=None) | Q(taken_at__lt=now - LEASE), state=State.WAITING)
        for found in free.order_by("asked_at", "pk"):
            # Of two workers at once, the second finds it taken.
            if free.filter(pk=found.pk).update(taken_at=now, tries=F("tries") + 1):
                found.refresh_from_db()
                return found
        return None

    def forget(self):
        """Delete these copies with their files; return how many."""
        with transaction.atomic():
            gone = list(self)
            self.filter(pk__in=[copy.pk for copy in gone]).delete()
            transaction.on_commit(lambda: [default_storage.delete(copy.path) for copy in gone])
        return len(gone)

    def forget_old(self, now=None):
        """Delete those past their time, and failures as old; return how many."""
        now = now or timezone.now()
        return self.filter(
            Q(expires_at__lte=now) | Q(state=State.FAILED, asked_at__lte=now - KEPT_FOR)
        ).forget()


class DataCopy(models.Model):
    """One copy. Its file lies below MEDIA_ROOT under a name that nobody can guess."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        on_delete=models.PROTECT,
        related_name="data_copies",
    )
    token = models.CharField(max_length=43, unique=True, default=make_token, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready since"), null=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)

    objects = DataCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of a member’s data")
        verbose_name_plural = _("copies of members’ data")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state="waiting"), name="data_copy_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(ready_at__isnull=False, expires_at__isnull=False),
                name="data_copy_ready_until",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="data_copy_waiting", condition=Q(state="waiting"))]

    def __str__(self):
        return f"{self.member_id}: {self.state}"

    @property
    def path(self):
        return f"{FOLDER}{self.token}.zip"

    @property
    def days_left(self):
        """In how many days it is deleted, begun ones counted as whole."""
        return max(0, (self.expires_at - timezone.now()).days + 1)

    def hold(self):
        """Show that it is still being made; return whether it is still wanted."""
        mine = DataCopy.objects.filter(pk=self.pk, state=State.WAITING)
        return bool(mine.update(taken_at=timezone.now()))

    def give_back(self):
        """Leave it to whoever looks next: this was no try."""
        DataCopy.objects.filter(pk=self.pk, state=State.WAITING).update(taken_at=None, tries=F("tries") - 1)

    def let_wait(self):
        """It could not be made: let it be tried again once the lease is over, or give it up; return whether it was."""
        if self.tries < MOST_TRIES:
            return False
        return bool(
            DataCopy.objects.filter(pk=self.pk, state=State.WAITING).update(state=State.FAILED, taken_at=None)
        )

    def finish(self, size):
        """Note that its file is there; return whether anybody still waits for it."""
        now = timezone.now()
        return bool(
            DataCopy.objects.filter(pk=self.pk, state=State.WAITING).update(
                state=State.READY, taken_at=None, ready_at=now, expires_at=now + KEPT_FOR, size=size
            )
        )
