"""Case studies: what people did together, what changed, what it cost and saved, told by both sides."""

from .account import Account, Stance
from .case_study import CaseStudy, PrincipleShown
from .rows import CostOrBenefit, Currency, Flow, Outcome, TakingPart
from .sides import Side

__all__ = [
    "Account",
    "CaseStudy",
    "CostOrBenefit",
    "Currency",
    "Flow",
    "Outcome",
    "PrincipleShown",
    "Side",
    "Stance",
    "TakingPart",
]
