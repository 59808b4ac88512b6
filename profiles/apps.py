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
        from commons.search.index import register_source

        from . import personal_messages, search
        from .generator import MEMBERS
        from .queued import MEMBERS as MEMBERS_QUEUED

        # allauth announces a confirmed address in this one way, whether by the link or by a code sent to it.
        email_confirmed.connect(_confirm_member, dispatch_uid="profiles.confirm_member")
        register_source(search.entries)
        queued.register(MEMBERS_QUEUED)
        register(MEMBERS)
        sources.register(personal_messages.SOURCE)


def _confirm_member(sender, email_address, **kwargs):
    email_address.user.confirm()
