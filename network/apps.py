from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "network"
    label = "network"
    verbose_name = _("The site")

    def ready(self):
        from commons.personal_data.held import declare

        from . import logs
        from .personal_data import HELD

        logs.listen()
        declare(*HELD)
