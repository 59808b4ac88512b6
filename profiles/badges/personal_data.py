"""What badges hold on a member."""

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, change_rows, delete_rows
from commons.personal_data.held import Held as HeldData

from .models import Held
from .showing import keep_shown


def erase(leaving):
    """Their own badges; and why they gave one to somebody, who keeps it."""
    member = leaving.member
    yield from delete_rows(leaving, Held.objects.filter(member=member).order_by("pk"))
    given = Held.objects.filter(given_by=member)
    yield from change_rows(leaving, given, lambda row: {"reason": now("Given by an editor who has left.")})
    with leaving.step():
        keep_shown({member.pk, *given.values_list("member", flat=True)})
    yield


HELD = [
    HeldData(
        "profiles.Held",
        what=_(
            "Your badges, since when, and which of them you hide. As an editor: to whom you gave one, and why."
        ),
        why=_("To thank you for what you do here, and to let others see it if you like."),
        closing=Closing.DELETE,
        fields=("member", "given_by"),
        of=("member",),
        columns=("rule", "editors_badge__name", "reason", "at", "hidden"),
        erase=erase,
    )
]
