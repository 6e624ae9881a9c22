"""This file is how options are named in what people write: by text, or else by number."""

import re
from collections.abc import Iterator, Sequence

from core.voting.errors import Empty, UnknownOption
from core.voting.words import key, listed

NUMBER = re.compile(r"\s*#?([0-9]{1,4})\s*")
SHOWN_MAX = 60  # of what was written, in the sentence that refuses it


class Names:
    """The options of a decision, found by their text, `#2`, or the bare number 2.

    An option's text goes before a number: if an option is called 2, "2" is that option and "#2"
    the second one. The longest reading goes first: a text that is wholly an option is that option,
    even with a comma in it; then "|" separates, else "," (unless an option holds one), else spaces
    between bare numbers.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = tuple(texts)
        self._by_key = {key(text): i for i, text in enumerate(texts)}

    def find(self, written: str) -> int | None:
        """Return the option that is meant, or None."""
        wanted = key(written)
        if wanted in self._by_key:
            return self._by_key[wanted]
        number = NUMBER.fullmatch(wanted)
        if number and 1 <= int(number[1]) <= len(self.texts):
            return int(number[1]) - 1
        return None

    def one(self, written: str) -> int:
        """Return the option that is meant, or refuse with the options there are."""
        found = self.find(written)
        if found is None:
            shown = written.strip()
            shown = shown if len(shown) <= SHOWN_MAX else shown[:SHOWN_MAX] + "…"
            raise UnknownOption(written=shown, options=listed(self.texts))
        return found

    def several(self, written: str) -> Iterator[int]:
        """Yield the options of a list, in the order written."""
        for piece in self.pieces(written):
            yield self.one(piece)

    def pieces(self, written: str, *, has_numbers: bool = False) -> list[str]:
        """Return the parts of a list that name one option each, or (`has_numbers`) more."""
        if not written.strip():
            raise Empty
        if "|" in written:
            parts = written.split("|")
        elif self.find(written) is not None:
            parts = [written]
        elif "," in written and self._comma_separates(written, has_numbers=has_numbers):
            parts = written.split(",")
        elif not has_numbers and re.fullmatch(r"\s*#?[0-9]+(\s+#?[0-9]+)+\s*", written):
            parts = written.split()
        else:
            parts = [written]
        return [part for part in parts if part.strip()]

    def _comma_separates(self, written: str, *, has_numbers: bool) -> bool:
        if not any("," in text for text in self.texts):
            return True
        return not has_numbers and all(NUMBER.fullmatch(part) for part in written.split(","))

    def name(self, option: int, *, without: str = "|") -> str:
        """Return how an option is written: its text, or its number where that would mislead."""
        text = self.texts[option]
        return f"#{option + 1}" if any(mark in text for mark in without) else text
