"""What invitations hold on a member."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held, change_rows

from .models import Invitation


def erase(leaving):
    """What they wrote for those they invited, and what somebody noted of whom they meant by inviting them."""
    theirs = Invitation.objects.filter(Q(inviter=leaving.member) | Q(accepted_by=leaving.member))
    yield from change_rows(leaving, theirs, lambda row: {"note": "", "for_whom": ""})


HELD = [
    Held(
        "profiles.Invitation",
        what=_(
            "Whom you invited, as far as you noted it, what you wrote to them and when, and who came. Their addresses "
            "are kept as a fingerprint alone, so that nobody is written to twice."
        ),
        why=_("So that you can take an invitation back, and moderators see who brings whom."),
        closing=Closing.BLANK,
        fields=("inviter", "accepted_by"),
        of=("inviter",),
        columns=("for_whom", "note", "by_email", "invited_at", "expires_at", "revoked_at", "accepted_at"),
        erase=erase,
    ),
    Held(
        "profiles.Arrival",
        what=_("That you signed up by an invitation."),
        why=_("So that it counts when you confirm your address, in whatever browser."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=("at",),
    ),
]
