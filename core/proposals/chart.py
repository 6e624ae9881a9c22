"""How the options of a vote are named and drawn as bars."""

from collections.abc import Sequence
from fractions import Fraction

from core.kernel.text import Share, T, Text, counted
from core.kernel.view import Bar, Bars
from core.proposals.model import Proposal, Sort

_WORDS = (T("For"), T("Against"), T("Abstain"))


def option_name(one: Proposal, at: int) -> Text:
    """Return an option's label: our own words for a proposal, the author's for a poll."""
    if one.sort is Sort.PROPOSAL:
        return _WORDS[at]
    if not one.options[at]:
        return T("Option {at} (erased)", at=at + 1)
    return T("{option}", option=one.options[at])


def bars(one: Proposal, totals: Sequence[int], winners: Sequence[int]) -> Bars:
    """Return a bar an option; parts are of the weight cast, or of the voters for approval."""
    whole = max(1, one.running.turnout if one.rule.method == "approval" else sum(totals))
    rows = []
    for at, total in enumerate(totals):
        part = min(Fraction(1), Fraction(total, whole))
        figure = T(
            "{votes} ({share})",
            votes=counted(total, "1 vote", "{n} votes"),
            share=Share(part),
        )
        rows.append(Bar(option_name(one, at), figure, part, at in winners))
    return Bars(tuple(rows))
