from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "commons.notifications"
    label = "notifications"
    verbose_name = _("Notices and mail")

    def ready(self):
        from commons.personal_data.held import declare

        from .personal_data import HELD

        declare(*HELD)
