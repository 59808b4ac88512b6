from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TextsConfig(AppConfig):
    name = "commons.texts"
    label = "texts"
    verbose_name = _("Standing texts")

    def ready(self):
        from commons.personal_data.held import declare

        from .personal_data import HELD

        declare(*HELD)
