"""Which news of people members can choose about: who joined by their invitation, and badges."""

from django.utils.translation import gettext_lazy

from commons.notifications import sources
from commons.notifications.sources import AT_ONCE_OR_NEVER, Choice, Worded
from commons.notifications.when import When

INVITATION_ACCEPTED, BADGE_GIVEN = "invitation.accepted", "badge.given"
THANKS = Choice(
    "thanks",
    gettext_lazy("somebody who joins by your invitation, and badges you are given"),
    gettext_lazy("You get this e-mail because you invited somebody or were given a badge."),
    default=When.AT_ONCE,
    offers=AT_ONCE_OR_NEVER,
)


def register():
    """Make this news known to the choices of e-mails."""
    sources.register(Worded({INVITATION_ACCEPTED: THANKS, BADGE_GIVEN: THANKS}))
