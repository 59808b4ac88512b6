from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "commons.files"
    label = "files"
    verbose_name = _("Files")

    def ready(self):
        from commons.personal_data.held import declare

        from .personal_data import HELD

        declare(*HELD)
