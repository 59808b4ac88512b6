"""The two sides of a service from which a case study can be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """From which side of a service somebody tells it."""

    USES_SERVICES = "uses-services", _("Somebody who uses the service, or their family or neighbour")
    PROFESSIONAL = "professional", _("Somebody who works in the service")

    @property
    def other(self):
        return Side.PROFESSIONAL if self == Side.USES_SERVICES else Side.USES_SERVICES
