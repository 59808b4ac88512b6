from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContributionsConfig(AppConfig):
    name = "commons.contributions"
    label = "contributions"
    verbose_name = _("Contributions")

    def ready(self):
        from commons.moderation import queued

        from . import comment_generator, converters, generator, reading_files, telling
        from .queued import COMMENTS, CONTRIBUTIONS
        from .replying_by_mail import addresses

        converters.register()
        telling.register()
        reading_files.register()
        queued.register(CONTRIBUTIONS)
        queued.register(COMMENTS)
        generator.register(comment_generator.COMMENTS)
        addresses.register()
