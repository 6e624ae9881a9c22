"""This file is gradients of agreement: eight steps, whole-hearted endorsement to veto, shown.

The idea: the distribution says more than a yes or no; nothing is decided by it. The middle step
is the one at which half the weight has been counted, from the warm end.

>>> from core.voting import METHODS
>>> gradients = METHODS["gradients"]
>>> rows = [(gradients.pack(gradients.read(text, STEPS)), 1) for text in ["1", "3", "Veto"]]
>>> result = gradients.count(rows, STEPS)
>>> result.totals, result.figures["middle"]
((1, 0, 1, 0, 0, 0, 0, 1), 2)

Reference: S. Kaner et al., Facilitator's Guide to Participatory Decision-Making, 1996.
"""

from core.voting.kinds.choosing import Choosing
from core.voting.method import Count, Method
from core.voting.result import Result
from core.voting.words import Sentence

STEPS = (
    "Whole-hearted endorsement",
    "Agreement with a minor point of contention",
    "Support with reservations",
    "Abstain",
    "More discussion needed",
    "Don't like but will support",
    "Serious disagreement",
    "Veto",
)


class Gradients(Method):
    """One step each; the options are the steps, from the warmest down."""

    name = "gradients"
    title = "gradients of agreement"
    is_positional = True
    kind = Choosing(most=1)
    decides = False

    def decide(self, count: Count) -> Result:
        totals = count.profile.sums()
        middle = _middle(totals)
        story = [Sentence("The middle answer is {step}.", {"step": count.options[middle]})]
        everyone = tuple((option,) for option in range(len(totals)))
        return self.result(
            count,
            winners=(),
            order=everyone,
            totals=totals,
            story=story,
            figures={"middle": middle},
        )


def _middle(totals: list[int]) -> int:
    counted = 0
    for step, weight in enumerate(totals):
        counted += weight
        if 2 * counted >= sum(totals):
            return step
    raise AssertionError(totals)
