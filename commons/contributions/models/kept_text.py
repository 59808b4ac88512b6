"""What was typed into a form whose session or token was lost."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class KeptText(models.Model):
    """What somebody had typed when their session or token was lost, to be given back to them alone."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_texts")
    path = models.CharField(max_length=300)
    fields = models.JSONField()
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("kept text")
        verbose_name_plural = _("kept texts")
        ordering = ["-kept_at"]

    def __str__(self):
        return self.path
