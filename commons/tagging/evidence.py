"""How strong the evidence is that something shows: the scale which evaluations and case studies share.

After NESTA's Standards of Evidence (Ruth Puttick and Joe Ludlow, *Standards of Evidence: An Approach that Balances
the Need for Evidence with Innovation*, NESTA, October 2013), whose five levels go from an account of what was done to
proof at scale. A story alone comes before them here, as level 0.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

CITATION = _(
    "After R Puttick and J Ludlow, Standards of Evidence: An Approach that Balances the Need for Evidence with "
    "Innovation (NESTA, 2013). Level 0 is our own addition."
)


class EvidenceLevel(models.IntegerChoices):
    STORY = 0, _("Story only")
    ACCOUNT = 1, _("An account with data")
    BEFORE_AND_AFTER = 2, _("Compared before and after")
    WITH_OTHERS = 3, _("Compared with others")
    REPEATED = 4, _("Repeated independently")
    AT_SCALE = 5, _("Shown at scale")


HELP = {
    EvidenceLevel.STORY: _("Somebody tells what happened. Nothing was counted."),
    EvidenceLevel.ACCOUNT: _("It says what was done and why it should help, with figures of some kind."),
    EvidenceLevel.BEFORE_AND_AFTER: _("The same things were measured before and after, and changed."),
    EvidenceLevel.WITH_OTHERS: _("People who took part were compared with similar people who did not."),
    EvidenceLevel.REPEATED: _("Others, who had no part in it, found the same again."),
    EvidenceLevel.AT_SCALE: _("It was shown to work in several places, by different people."),
}
