from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


class ForumConfig(AppConfig):
    name = "forum"
    label = "forum"
    verbose_name = _("Forum")

    def ready(self):
        from commons.contributions import kinds
        from commons.contributions.generator import register

        from .generator import BEST_ANSWERS, THREADS

        kinds.register(
            kinds.Kind(
                code="forum",
                label=_("Forum thread"),
                plural=_("Forum threads"),
                model="forum.Thread",
                list_url="forum:list",
                new_url="forum:new",
                comment=_("Reply"),
                comments=_("Replies"),
                so_many_comments=ngettext_lazy("%(words)s reply", "%(words)s replies", "number"),
                write_comment=_("Write a reply"),
                numbered_comment=_("Reply %(number)d in “%(title)s”"),
                your_comment=_("Your reply in “%(title)s”"),
            )
        )
        register(THREADS)
        register(BEST_ANSWERS)
