"""What case studies hold on a member."""

from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held

HELD = [
    Held(
        "casestudies.Account",
        what=_("To which case studies you were asked to tell your side, and what came of it."),
        why=_("To show both sides next to each other, and to ask nobody twice."),
        closing=Closing.CHOOSE,
        fields=("member",),
        columns=("case_study__title", "side", "stance", "comment", "invited_at", "told_at", "declined_at"),
    )
]
