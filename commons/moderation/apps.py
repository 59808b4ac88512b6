from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "commons.moderation"
    label = "moderation"
    verbose_name = _("Moderation")

    def ready(self):
        from commons.personal_data.held import declare

        from .personal_data import HELD

        declare(*HELD)
        post_migrate.connect(_after_migrate, sender=self, dispatch_uid="moderation.after_migrate")


def _after_migrate(sender, using, plan=(), **kwargs):
    """Put back the triggers: on SQLite a migration that changes a table drops them without a word."""
    from django.db import connections

    from . import append_only

    append_only.install(connections[using])
