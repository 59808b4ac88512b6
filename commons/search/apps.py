from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "commons.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self):
        from commons.contributions.signals import contribution_changed
        from commons.personal_data.held import declare

        from .personal_data import HELD

        declare(*HELD)
        contribution_changed.connect(_reindex, dispatch_uid="search.contribution_changed")
        post_migrate.connect(_after_migrate, sender=self, dispatch_uid="search.after_migrate")


def _reindex(sender, ids, **kwargs):
    from .index import index_contributions

    index_contributions(ids)


def _after_migrate(sender, using, **kwargs):
    """Put back what a migration may have dropped without a word, and index the terms that migrations seed."""
    from django.db import connections

    from .backends import backend
    from .index import index_vocabulary
    from .models import SearchEntry

    connection = connections[using]
    if SearchEntry._meta.db_table in connection.introspection.table_names():
        backend().install(connection)
        index_vocabulary()
