"""What events hold on a member."""

from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held

from .models import Rsvp
from .rsvps import take_back


def erase(leaving):
    """A date at a time: whoever waited for the place gets it."""
    for pk in list(Rsvp.objects.filter(member=leaving.member).order_by("pk").values_list("pk", flat=True)):
        with leaving.step():
            take_back(pk)
        yield


HELD = [
    Held(
        "events.Rsvp",
        what=_("To which events you said you would come, and what you told the organiser that you need."),
        why=_("So that the organiser knows who comes and can prepare. Only the organiser reads what you need."),
        closing=Closing.DELETE,
        fields=("member",),
        columns=(
            "occurrence__event__title", "occurrence__starts_on", "answer", "waiting_since", "access_needs",
            "answered_at",
        ),
        erase=erase,
    )
]  # fmt: skip
