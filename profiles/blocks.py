"""Who does not want to hear from whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Block(models.Model):
    """A member wants nothing to do with another: neither can write to the other or be told of what the other does."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("member"), on_delete=models.CASCADE, related_name="blocks"
    )
    blocked = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("blocked member"),
        on_delete=models.CASCADE,
        related_name="blocked_by",
    )
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(member=F("blocked")), name="block_another"),
        ]

    def __str__(self):
        return f"{self.member_id}: {self.blocked_id}"

    @classmethod
    def set(cls, member, blocked, wanted):
        """Let a member block another, or no more. Twice does it once. Both by id."""
        if wanted:
            cls.objects.get_or_create(member_id=member, blocked_id=blocked)
        else:
            cls.objects.filter(member=member, blocked=blocked).delete()
