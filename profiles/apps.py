from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProfilesConfig(AppConfig):
    name = "profiles"
    label = "profiles"
    verbose_name = _("Members")

    def ready(self):
        from allauth.account.signals import email_confirmed

        from commons.contributions.generator import register
        from commons.moderation import queued
        from commons.notifications import sources
        from commons.personal_data.held import declare
        from commons.search.index import register_source

        from . import follow_telling, news, personal_messages, search
        from .badges.personal_data import HELD as HELD_OF_BADGES
        from .generator import MEMBERS
        from .invitations.personal_data import HELD as HELD_OF_INVITATIONS
        from .personal_data import HELD
        from .queued import MEMBERS as MEMBERS_QUEUED

        # allauth announces a confirmed address in this one way, whether by the link or by a code sent to it.
        email_confirmed.connect(_confirm_member, dispatch_uid="profiles.confirm_member")
        register_source(search.entries)
        queued.register(MEMBERS_QUEUED)
        register(MEMBERS)
        news.register()
        declare(*HELD, *HELD_OF_INVITATIONS, *HELD_OF_BADGES)
        sources.register(personal_messages.SOURCE)
        follow_telling.register()


def _confirm_member(sender, email_address, **kwargs):
    email_address.user.confirm()
