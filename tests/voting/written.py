"""This file is elections as people write them: one line a ballot, its weight in front."""

from core.voting import METHODS, Lot, Result

Lines = dict[str, int]


def rows(method: str, options: list[str], ballots: Lines) -> list[tuple[bytes, int]]:
    counter = METHODS[method]
    return [(counter.pack(counter.read(text, options)), weight) for text, weight in ballots.items()]


def count(
    method: str, options: list[str], ballots: Lines, *, seats: int = 1, lot: Lot | None = None
) -> Result:
    packed = rows(method, options, ballots)
    return METHODS[method].count(packed, options, seats=seats, lot=lot)


def told(result: Result) -> list[str]:
    return [sentence.template.format_map(sentence.values) for sentence in result.sentences()]
