from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    label = "events"
    verbose_name = _("Events")

    def ready(self):
        from commons.contributions import kinds
        from commons.contributions.generator import register
        from commons.personal_data.held import declare

        from . import rsvp_news, rsvp_telling
        from .generator import EVENTS
        from .personal_data import HELD
        from .words import card_facts

        kinds.register(
            kinds.Kind(
                code="event",
                label=_("Event"),
                plural=_("Events"),
                model="events.Event",
                list_url="events:list",
                new_url="events:new",
                card_facts=card_facts,
                lasts=False,
            )
        )
        register(EVENTS)
        rsvp_telling.register()
        declare(*HELD)
        rsvp_news.register()
