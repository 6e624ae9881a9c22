"""This file is the time poll: yes, if need be or no to each slot; most yes, then fewest no.

The idea: of the slots that suit most people well, the one that suits fewest not at all; what is
still level goes to the earliest slot, which is the one listed first.

>>> from core.voting import METHODS
>>> poll, slots = METHODS["time-poll"], ["Monday 18:00", "Tuesday 18:00", "Friday 20:00"]
>>> written = ["1 yes, 2 if need be", "Tuesday 18:00 | 1 maybe", "2 yes, 1 yes"]
>>> rows = [(poll.pack(poll.read(text, slots)), 1) for text in written]
>>> result = poll.count(rows, slots)
>>> result.totals, result.winners, result.ties[0].rule
((2, 2, 0), (0,), 'fewest no, then earliest slot')

Reference: the counting rule is this project's own; there is no literature on it to follow.
"""

from collections.abc import Sequence
from typing import Any

from core.voting.kinds.answering import IF_NEED_BE, YES, Answering
from core.voting.method import Count
from core.voting.result import Number
from core.voting.ties import Rule
from core.voting.totals import Totals


class TimePoll(Totals):
    """Slots are listed in the order of time."""

    name = "time-poll"
    title = "time poll"
    is_positional = True
    standing = "{option}: yes from {total}"
    kind = Answering()

    def totals(self, count: Count) -> list[int]:
        return count.profile.having(YES)

    def rules(self, count: Count) -> Sequence[Rule]:
        return (
            Rule("fewest no", [-no for no in self._no(count)]),
            Rule("earliest slot", [-slot for slot in range(len(count.options))]),
        )

    def backed(self, count: Count, totals: Sequence[Number]) -> list[int]:
        maybe = count.profile.having(IF_NEED_BE)
        return [slot for slot, yes in enumerate(totals) if yes or maybe[slot]]

    def found(self, count: Count) -> dict[str, Any]:
        maybe = tuple(count.profile.having(IF_NEED_BE))
        return {"figures": {"if_need_be": maybe, "no": tuple(self._no(count))}}

    def _no(self, count: Count) -> list[int]:
        profile = count.profile
        yes, maybe = profile.having(YES), profile.having(IF_NEED_BE)
        return [profile.weight - y - m for y, m in zip(yes, maybe, strict=True)]
