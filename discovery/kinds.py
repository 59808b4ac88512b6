"""What can be found, by name: every kind of contribution, and members, principles and sectors."""

from django.utils.translation import gettext_lazy as _

from commons.contributions import kinds

MEMBER = "member"
OTHERS = {
    "principle": (_("Principle"), _("Principles")),
    "sector": (_("Service sector"), _("Service sectors")),
    MEMBER: (_("Member"), _("Members")),
}


def contribution_kinds():
    """Return the codes of the kinds of contribution, in the site's order."""
    return [kind.code for kind in kinds.all_kinds()]


def all_kinds():
    """Return the codes of all that search can find."""
    return [*contribution_kinds(), *OTHERS]


def kind_labels():
    """Return {code: its name in the plural} for all that search can find."""
    return {
        **{kind.code: kind.plural for kind in kinds.all_kinds()},
        **{code: plural for code, (_one, plural) in OTHERS.items()},
    }


def label_of_one(code):
    """Return what one of a kind that is no contribution is called."""
    return OTHERS[code][0]
