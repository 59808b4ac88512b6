"""What case studies hold on a member."""

from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held, delete_rows

from .models import Account


def erase(leaving):
    """What they told is a comment, and goes or stays with their comments; what they only were asked goes."""
    theirs = Account.objects.filter(member=leaving.member)
    yield from delete_rows(leaving, theirs.filter(told_at=None) if leaving.keeps else theirs)


HELD = [
    Held(
        "casestudies.Account",
        what=_("To which case studies you were asked to tell your side, and what came of it."),
        why=_("To show both sides next to each other, and to ask nobody twice."),
        closing=Closing.CHOOSE,
        fields=("member",),
        columns=("case_study__title", "side", "stance", "comment", "invited_at", "told_at", "declined_at"),
        erase=erase,
    )
]
