from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseStudiesConfig(AppConfig):
    name = "casestudies"
    label = "casestudies"
    verbose_name = _("Case studies")

    def ready(self):
        from commons.contributions import kinds
        from commons.contributions.generator import register
        from commons.personal_data.held import declare

        from . import told
        from .facts import card_facts
        from .generator import CASE_STUDIES
        from .personal_data import HELD

        kinds.register(
            kinds.Kind(
                code="case-study",
                label=_("Case study"),
                plural=_("Case studies"),
                model="casestudies.CaseStudy",
                list_url="casestudies:list",
                new_url="casestudies:new",
                card_facts=card_facts,
            )
        )
        register(CASE_STUDIES)
        told.register()
        declare(*HELD)
