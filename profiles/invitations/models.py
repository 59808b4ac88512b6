"""Invitations: who invites, with which words, until when, and who came."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .tokens import read_token, token_for

OPEN_FOR = timedelta(days=30)
# After that long somebody else may have us write to an address once more, unless its owner said no.
WRITTEN_TO_AGAIN_AFTER = timedelta(days=365)
NOTE_LENGTH = 500
FOR_WHOM_LENGTH = 80


def open_until():
    return timezone.now() + OPEN_FOR


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Taken back")


class InvitationQuerySet(models.QuerySet):
    def of(self, member):
        """The member's own invitations, newest first: nobody sees another's."""
        return self.filter(inviter=member).order_by("-invited_at", "-pk")

    def untaken(self):
        """Neither used nor taken back, of a member who may be seen and may act."""
        now = timezone.now()
        may_invite = (
            get_user_model()
            .objects.present()
            .filter(Q(suspended_until=None) | Q(suspended_until__lte=now))
            .order_by()
        )
        return self.filter(accepted_at=None, revoked_at=None, inviter__in=may_invite)

    def usable(self):
        """Those by which somebody can join now."""
        return self.untaken().filter(expires_at__gt=timezone.now())

    def by_token(self, token):
        """The invitation that a link leads to, whatever became of it, with its inviter; or None."""
        pk = read_token(token)
        return None if pk is None else self.filter(pk=pk).select_related("inviter").first()


class Invitation(models.Model):
    """One person asked to join, by a link that works once and for a while."""

    inviter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    for_whom = models.CharField(_("for whom"), max_length=FOR_WHOM_LENGTH, blank=True)
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    by_email = models.BooleanField(_("by e-mail"), default=False)
    form_key = models.UUIDField(editable=False)
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), default=open_until)
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who came"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="came_by",
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at", "-pk"]
        indexes = [models.Index(fields=["inviter", "-invited_at"], name="invitation_own")]
        constraints = [
            models.UniqueConstraint(fields=["inviter", "form_key"], name="invitation_once_a_form"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, revoked_at=None),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self):
        return f"invitation {self.pk}"

    def get_absolute_url(self):
        return reverse("invitations:invitation", args=[token_for(self.pk)])

    @property
    def address(self):
        """The whole address of the page for the person invited."""
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def state(self):
        if self.accepted_at:
            return State.ACCEPTED
        if self.revoked_at:
            return State.REVOKED
        return State.WAITING if self.expires_at > timezone.now() else State.EXPIRED

    @property
    def is_waiting(self):
        return self.state == State.WAITING

    def revoke(self):
        """Take it back; return whether it was still waiting."""
        waiting = Invitation.objects.filter(
            pk=self.pk, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
        )
        return bool(waiting.update(revoked_at=timezone.now()))


class Arrival(models.Model):
    """Somebody who signed up by an invitation. It counts once their address is confirmed, in whatever browser."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="arrival")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="arrivals")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")

    def __str__(self):
        return f"member {self.member_id} by {self.invitation}"


class AddressQuerySet(models.QuerySet):
    def take(self, digest):
        """Note that an address is written to now; return whether it may be. Of two at once, one may."""
        now = timezone.now()
        _row, made = self.get_or_create(digest=digest, defaults={"written_at": now})
        again = self.filter(digest=digest, stopped_at=None, written_at__lte=now - WRITTEN_TO_AGAIN_AFTER)
        return made or bool(again.update(written_at=now))

    def stop(self, digest):
        """Never write to an address again. Twice does no harm."""
        now = timezone.now()
        self.get_or_create(digest=digest, defaults={"written_at": now})
        self.filter(digest=digest, stopped_at=None).update(stopped_at=now)

    def forget_old(self, now=None):
        """Delete those that may be written to again; return how many. Who said no stays."""
        before = (now or timezone.now()) - WRITTEN_TO_AGAIN_AFTER
        return self.filter(stopped_at=None, written_at__lte=before).delete()[0]


class InvitedAddress(models.Model):
    """That an invitation went to an e-mail address, or must never again. Of the address only a keyed hash is kept."""

    digest = models.CharField(max_length=64, unique=True)
    written_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address invited")
        verbose_name_plural = _("addresses invited")

    def __str__(self):
        return f"address {self.pk}"
