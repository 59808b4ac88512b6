"""What search holds on a member."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held

from .backends import backend


def erase(leaving):
    """The entries went with what they point at; here their words go out of what the index keeps of deleted ones."""
    with leaving.step():
        backend().forget_deleted(connection)
    yield


HELD = [
    Held(
        "search.SearchEntry",
        what=_("The words of your profile, as far as everyone may see them, and of what you published."),
        why=_("So that you and it can be found."),
        closing=Closing.CHOOSE,
        not_copied=_("It says the same as your profile and your contributions, which are in the copy."),
        erase=erase,
        last=True,
    )
]
