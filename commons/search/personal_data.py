"""What search holds on a member."""

from django.utils.translation import gettext_lazy as _

from commons.personal_data.held import Closing, Held

HELD = [
    Held(
        "search.SearchEntry",
        what=_("The words of your profile, as far as everyone may see them, and of what you published."),
        why=_("So that you and it can be found."),
        closing=Closing.CHOOSE,
        not_copied=_("It says the same as your profile and your contributions, which are in the copy."),
    )
]
