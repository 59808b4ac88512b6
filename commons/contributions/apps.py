from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContributionsConfig(AppConfig):
    name = "commons.contributions"
    label = "contributions"
    verbose_name = _("Contributions")

    def ready(self):
        from commons.moderation import queued
        from commons.personal_data.held import declare

        from . import comment_generator, converters, followed_news, generator, reading_files, telling
        from .personal_data import HELD
        from .queued import COMMENTS, CONTRIBUTIONS
        from .replying_by_mail import addresses

        converters.register()
        telling.register()
        followed_news.register()
        reading_files.register()
        queued.register(CONTRIBUTIONS)
        queued.register(COMMENTS)
        generator.register(comment_generator.COMMENTS)
        declare(*HELD)
        addresses.register()
