"""What a run of kills found, and its last line."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What the summary tells."""

    kills: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    again: int = 0
    repeated: int = 0
    closed: int = 0
    tips: int = 0
    payments: int = 0
    paydays: int = 0
    told_twice: int = 0
    # So often nobody could be answered, and was told to come later.
    later: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def n(self) -> int:
        return self.kills.total()

    def summary(self, lasted_s: float, seed: int) -> str:
        """Return the line that a run ends with."""
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(self.kills.items()))
        return (
            f"{self.n} kills ({kinds}) in {lasted_s:.0f} s: {self.asked} requests, "
            f"{self.again} sent again, {self.repeated} repeated, {self.closed} votes closed, "
            f"{self.tips} tips, {self.payments} payments, {self.paydays} paydays, "
            f"{self.later} told to come later, {self.told_twice} messages shown twice, "
            f"{len(self.faults)} faults (seed {seed})"
        )
