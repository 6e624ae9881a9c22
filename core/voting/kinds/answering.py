"""This file is ballots that answer yes, if need be, or no to each option."""

import re
from dataclasses import dataclass

from core.voting.errors import Empty, NotAnAnswer, Twice
from core.voting.kinds.bounds import Bounds
from core.voting.kinds.kind import Ballot, Kind
from core.voting.reading import Names
from core.voting.words import key

NO, IF_NEED_BE, YES = 0, 1, 2

WORDS = {
    "yes": YES, "y": YES, "if need be": IF_NEED_BE, "ifneedbe": IF_NEED_BE, "maybe": IF_NEED_BE,
    "no": NO, "n": NO,
}  # fmt: skip
WRITTEN = {YES: "yes", IF_NEED_BE: "if need be", NO: "no"}


class Answers(Ballot):
    """2 is yes, 1 is if need be, 0 is no; an option that is not named is a no."""


@dataclass(frozen=True)
class Answering(Kind):
    """`Monday yes | Tuesday if need be`; an option without an answer is a yes."""

    @property
    def widest(self) -> Bounds:
        return Bounds(YES)

    def of(self, marks: tuple[int, ...]) -> Answers:
        return Answers(marks)

    def read(self, written: str, names: Names, bounds: Bounds) -> Answers:
        del bounds  # any answer to any option is a ballot
        given: dict[int, int] = {}
        for piece in names.pieces(written, has_numbers=True):
            option, answer = self._pair(piece, names)
            if option in given:
                raise Twice(option=names.texts[option])
            given[option] = answer
        if not given:
            raise Empty
        return Answers(tuple(given.get(i, NO) for i in range(len(names.texts))))

    def write(self, ballot: Ballot, names: Names) -> str:
        named = [(i, mark) for i, mark in enumerate(ballot.marks) if mark]
        if not named and ballot.marks:
            named = [(0, NO)]
        return " | ".join(f"{self._name(i, mark, names)} {WRITTEN[mark]}" for i, mark in named)

    def _pair(self, piece: str, names: Names) -> tuple[int, int]:
        whole = names.find(piece)
        if whole is not None:
            return whole, YES
        words = "|".join(WORDS)
        found = re.fullmatch(rf"(.+?)(?: ?: ?| ?= ?| )({words})", key(piece))
        if found and (option := names.find(found[1])) is not None:
            return option, WORDS[found[2]]
        first, _, rest = key(piece).partition(" ")
        if rest and names.find(first) is not None:
            raise NotAnAnswer(written=rest[:60])
        return names.one(piece), YES

    def _name(self, option: int, mark: int, names: Names) -> str:
        text = names.name(option)
        misleads = names.find(f"{text} {WRITTEN[mark]}") is not None
        return f"#{option + 1}" if misleads or key(text)[-1:] in {":", "="} else text
