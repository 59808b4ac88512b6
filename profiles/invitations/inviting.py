"""Inviting somebody: the invitation itself, and the one e-mail to an address.

Whether an address is a member's is told to nobody: the invitation is made all the same, and one e-mail is written all
the same, in other words. See docs/decisions/0044.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from commons.contributions.sending import one_at_a_time
from commons.notifications.notify import send

from .models import Invitation, InvitedAddress
from .tokens import digest_of, stop_token_for

DAY = timedelta(days=1)


class PastInvitations(Exception):
    """The member has invited as many people within a day as NETWORK_INVITATIONS_A_DAY allows."""


def invite(inviter, *, form_key, email="", note="", for_whom=""):
    """Make an invitation and, with `email`, queue the e-mail; return the Invitation. The same form twice makes one.

    Raises PastInvitations. Of many at once by the same member, each waits for the one before.
    """
    with transaction.atomic():
        one_at_a_time(inviter)
        made = Invitation.objects.filter(inviter=inviter, form_key=form_key).first()
        if made:
            return made
        most = settings.NETWORK_INVITATIONS_A_DAY
        today = Invitation.objects.filter(inviter=inviter, invited_at__gt=timezone.now() - DAY)
        if most and today.count() >= most:
            raise PastInvitations
        made = Invitation.objects.create(
            inviter=inviter, form_key=form_key, note=note, for_whom=for_whom, by_email=bool(email)
        )
        if email:
            _write(email, made)
        return made


def _write(email, invitation):
    """Queue the e-mail of an invitation, unless the address has had one or wants none."""
    digest = digest_of(email)
    is_member = get_user_model().objects.filter(email=email).exists()
    if not InvitedAddress.objects.take(digest):
        return
    stop_url = f"{settings.SITE_URL}{reverse('invitations:stop', args=[stop_token_for(digest)])}"
    send(
        email,
        "email/invitation_member" if is_member else "email/invitation",
        {"invitation": invitation, "inviter": invitation.inviter, "stop_url": stop_url},
        {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
