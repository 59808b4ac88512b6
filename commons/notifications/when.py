"""When an e-mail comes about a sort of news."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class When(models.TextChoices):
    """At once, gathered in a digest of the day or of the week, or not at all."""

    AT_ONCE = "at-once", _("At once")
    DAILY = "daily", _("Once a day, together with other news")
    WEEKLY = "weekly", _("Once a week, together with other news")
    NEVER = "never", _("Never")


DIGESTS = (When.DAILY, When.WEEKLY)
