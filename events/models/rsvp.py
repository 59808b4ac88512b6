"""Who says that they will come."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .occurrence import Occurrence


class Answer(models.TextChoices):
    GOING = "going", _("Going")
    MAYBE = "maybe", _("Maybe")
    NO = "no", _("Can’t come")


class Rsvp(models.Model):
    """What one member said about one date. `waiting_since`: they would go, but it is full.

    What they need to take part is for the organiser alone.
    """

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="rsvps")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rsvps")
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    waiting_since = models.DateTimeField(_("on the waiting list since"), null=True, blank=True)
    access_needs = models.TextField(_("what I need to take part"), max_length=1_000, blank=True)
    answered_at = models.DateTimeField(default=timezone.now)
    reminded_a_week_before = models.BooleanField(default=False)
    reminded_a_day_before = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("answer to an invitation")
        verbose_name_plural = _("answers to invitations")
        ordering = ["answered_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "member"], name="rsvp_once_a_member"),
            models.CheckConstraint(
                condition=models.Q(waiting_since=None) | models.Q(answer="going"), name="rsvp_waits_to_go"
            ),
        ]
        indexes = [models.Index(fields=["occurrence", "waiting_since"], name="rsvp_waiting")]

    def __str__(self):
        return f"{self.member_id}: {self.answer}"
