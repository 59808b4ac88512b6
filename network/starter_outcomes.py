"""What becomes of a file of the starter library, and how it is told."""

from dataclasses import dataclass, field

LOADED, UPDATED, UNCHANGED, LEFT_ALONE = "loaded", "updated", "unchanged", "left alone"
SHARED = "shared by a member"


@dataclass
class Tally:
    """What became of the files of one part."""

    part: str
    outcomes: list = field(default_factory=list)

    def __str__(self):
        said = [
            f"{self.outcomes.count(outcome)} {outcome}"
            for outcome in (LOADED, UPDATED, UNCHANGED)
            if outcome in self.outcomes
        ]
        left = self.outcomes.count(LEFT_ALONE)
        if left:
            said.append(f"{left} left alone because an editor changed {'it' if left == 1 else 'them'}")
        shared = self.outcomes.count(SHARED)
        if shared:
            said.append(f"{shared} left out because a member has shared {'it' if shared == 1 else 'them'}")
        return f"{self.part}: {', '.join(said) or 'nothing to load'}"
