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

        from . import link_telling
        from .cards import document_facts, link_facts
        from .generator import DOCUMENTS, LINKS, REPORTS
        from .listeners import index_term_of_text
        from .video_player import video_facts

        text_written.connect(index_term_of_text, dispatch_uid="library.index_term_of_text")

        below = ((_("Library"), "library:home"),)
        kinds.register(
            kinds.Kind(
                code="report",
                label=_("Report"),
                plural=_("Reports"),
                model="library.Report",
                list_url="library:report_list",
                below=below,
            )
        )
        kinds.register(
            kinds.Kind(
                code="document",
                label=_("Document"),
                plural=_("Documents"),
                model="library.Document",
                list_url="library:document_list",
                below=below,
                new_url="library:document_new",
                card_facts=document_facts,
            )
        )
        kinds.register(
            kinds.Kind(
                code="link",
                label=_("Link"),
                plural=_("Links"),
                model="library.Link",
                list_url="library:link_list",
                below=below,
                new_url="library:link_new",
                card_facts=link_facts,
            )
        )
        kinds.register(
            kinds.Kind(
                code="video",
                label=_("Video"),
                plural=_("Videos"),
                model="library.Video",
                list_url="library:video_list",
                below=below,
                new_url="library:video_new",
                card_facts=video_facts,
            )
        )
        register(REPORTS)
        register(DOCUMENTS)
        register(LINKS)
        link_telling.register()
