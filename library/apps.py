from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "library"
    label = "library"
    verbose_name = _("Library")

    def ready(self):
        from commons.contributions import kinds
        from commons.contributions.generator import register
        from commons.texts.signals import text_written

        from .generator import REPORTS
        from .listeners import index_term_of_text

        text_written.connect(index_term_of_text, dispatch_uid="library.index_term_of_text")

        kinds.register(
            kinds.Kind(
                code="report",
                label=_("Report"),
                plural=_("Reports"),
                model="library.Report",
                list_url="library:report_list",
            )
        )
        register(REPORTS)
