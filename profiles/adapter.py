"""How allauth joins, confirms and signs in members of this network, and in which words."""

import logging
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from commons.moderation.limits import sender_of, spend
from commons.texts.models import Text

from .closing_views import STANDING_KEY, leaving_note
from .models import Member
from .usernames import username_from

log = logging.getLogger(__name__)

LINKS = ("activate_url", "password_reset_url", "signup_url")
# E-mails that a stranger can have us send: so many to one address, and so many for one sender. Known and unknown
# addresses get as many (an unknown one is told that there is no account), so reaching the limit tells nothing.
MAILS_PER_ADDRESS = "10/h"
MAILS_PER_SENDER = "100/h"
ASKED_FOR = {
    f"account/email/{name}"
    for name in (
        "account_already_exists",
        "email_confirmation",
        "email_confirmation_signup",
        "login_code",
        "password_reset_key",
        "unknown_account",
    )
}


class MemberAdapter(DefaultAccountAdapter):
    """allauth's own ways, but for what this network decides itself."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "duplicate_email": _("This is your e-mail address already."),
        "email_password_mismatch": _(
            "This e-mail address and password don’t go together. Check both, or ask for a code by e-mail."
        ),
        "enter_current_password": _("This is not your current password. Try again."),
        "incorrect_code": _("This code is not right. Check it and try again."),
        "incorrect_password": _("This password is not right. Try again."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
    }

    # --- joining --------------------------------------------------------------------------------

    def populate_username(self, request, user):
        """Make the username from the display name; an e-mail address is nobody else's business."""
        user.username = user.username or username_from(user.display_name, Member.username_taken)

    def save_user(self, request, user, form, commit=True):
        """Fill and save a new member from JoinForm, with the version of the terms agreed to and when."""
        values, now = form.cleaned_data, timezone.now()
        user.email = values["email"]
        user.display_name = values["display_name"]
        user.password = form.hashed_password
        user.terms_version = Text.objects.current("terms")
        user.terms_agreed_at = user.old_enough_at = now
        if get_language() in dict(settings.LANGUAGES):
            user.language = get_language()
        self.populate_username(request, user)
        if commit:
            user.save()
        return user

    def confirm_email(self, request, email_address):
        """Mark an address as confirmed, unless it is another member's. (Member.confirm() follows: see apps.py.)"""
        with transaction.atomic():
            taken = Member.objects.filter(email=email_address.email).exclude(pk=email_address.user_id)
            if taken.exists():
                context = {"email": email_address.email}
                self.add_message(
                    request, messages.ERROR, "account/messages/email_confirmation_failed.txt", context
                )
                return False
            return super().confirm_email(request, email_address)

    # --- signing in -----------------------------------------------------------------------------

    def login(self, request, user):
        """Sign in a member who may act; lead others to the page that says why not.

        The last of allauth's steps, so that it holds for passwords, codes and confirming links alike.
        """
        if not user.may_act:
            raise ImmediateHttpResponse(self.refuse(request, user))
        request.session.pop(STANDING_KEY, None)
        super().login(request, user)

    def respond_user_inactive(self, request, user):
        return self.refuse(request, user)

    def refuse(self, request, user):
        """Note in the session why `user` can't sign in, and lead to the page that tells them."""
        if not user.is_active:
            reason = {"why": "closed"}
        elif user.is_suspended:
            reason = {"why": "suspended"}
            if not user.is_spammer:
                reason["until"] = user.suspended_until.isoformat()
        elif user.closes_at is not None:
            reason = leaving_note(user)
        else:
            reason = {"why": "awaiting"}
        request.session[STANDING_KEY] = reason
        log.info("member %s refused: %s", user.pk, reason["why"])
        return redirect("account_inactive")

    def get_email_verification_redirect_url(self, email_address):
        member = email_address.user
        if not self.request.user.is_authenticated and not member.may_act and member.confirmed_at:
            return self.refuse(self.request, member).url
        return super().get_email_verification_redirect_url(email_address)

    def set_password(self, user, password):
        user.set_password(password)
        user.save(update_fields=["password"])

    def is_ajax(self, request):
        """Pages and forms only: there is one way in, with one set of rules."""
        return False

    def is_safe_url(self, url):
        """Whether `next` stays on this host."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    # --- mail -----------------------------------------------------------------------------------

    def send_mail(self, template_prefix, email, context):
        """Queue an e-mail in the member's language, with links to the configured address of the site.

        What the request says of its host is not believed here: a link in an e-mail outlives the request.
        Too many that anybody could have asked for are refused with 429.
        """
        if template_prefix in ASKED_FOR:
            self.limit_mails(email)
        links = {name: _at_site(context[name]) for name in LINKS if name in context}
        member = context.get("user")
        with override(member.language if member else get_language()):
            super().send_mail(
                template_prefix,
                email,
                {**context, **links, "network_name": settings.NETWORK_NAME, "site_url": settings.SITE_URL},
            )

    def limit_mails(self, email):
        """Raise ImmediateHttpResponse (429) when this address, or whoever asks, has had as many as is sensible."""
        for_address = spend("account mail to", email.strip().lower(), MAILS_PER_ADDRESS)
        for_sender = spend("account mail by", sender_of(self.request), MAILS_PER_SENDER)
        if not (for_address and for_sender):
            raise ImmediateHttpResponse(render(self.request, "429.html", status=429))


def _at_site(url):
    parts = urlsplit(url)
    return f"{settings.SITE_URL}{parts.path}{'?' if parts.query else ''}{parts.query}"
