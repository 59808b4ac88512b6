from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TextsConfig(AppConfig):
    name = "commons.texts"
    label = "texts"
    verbose_name = _("Standing texts")
