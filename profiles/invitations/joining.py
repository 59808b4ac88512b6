"""Joining by an invitation: it is noted when somebody signs up, and counts when they confirm their address.

Noted in the database and not in the session: the confirming link may be opened in another browser.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.notifications.notify import notify

from ..news import INVITATION_ACCEPTED
from .models import Arrival, Invitation
from .tokens import read_token


def usable_invitation(token):
    """Return the Invitation of a link by which somebody can join now, with its inviter, or None."""
    return Invitation.objects.usable().by_token(token)


def note_arrival(member, token):
    """Note by which invitation a new member signed up. A link that is not usable is as good as none."""
    pk = read_token(token)
    if pk is not None and Invitation.objects.usable().filter(pk=pk).exists():
        Arrival.objects.create(member=member, invitation_id=pk)


def accept_for(member):
    """Use up the invitation by which `member` signed up, and tell the inviter; return whether it still held good.

    Whoever signed up in time is in time, however late they confirm. Of two with the same link, the first to confirm
    comes by it; the other joins like everybody else. Must run inside a transaction.
    """
    arrival = Arrival.objects.filter(member=member).first()
    if arrival is None:
        return False
    untaken = Invitation.objects.untaken().filter(pk=arrival.invitation_id, expires_at__gt=arrival.at)
    if not untaken.update(accepted_at=timezone.now(), accepted_by=member):
        return False
    invitation = Invitation.objects.select_related("inviter").get(pk=arrival.invitation_id)
    notify(
        invitation.inviter,
        INVITATION_ACCEPTED,
        _("%(name)s has accepted your invitation") % {"name": member.display_name},
        _("They are a member now. Thank you for passing on the word."),
        url=member.get_absolute_url(),
    )
    return True
