from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContributionsConfig(AppConfig):
    name = "commons.contributions"
    label = "contributions"
    verbose_name = _("Contributions")

    def ready(self):
        from commons.moderation import queued

        from . import converters, telling
        from .queued import COMMENTS, CONTRIBUTIONS

        converters.register()
        telling.register()
        queued.register(CONTRIBUTIONS)
        queued.register(COMMENTS)
