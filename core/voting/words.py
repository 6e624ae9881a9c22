"""This file is the sentence: a template and its values, for whoever turns facts into text."""

import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

Value = int | str | Fraction


class Sentence(NamedTuple):
    """A template in plain words and the values it names; nothing here is escaped yet."""

    template: str
    values: Mapping[str, Value]


def key(text: str) -> str:
    """Return the form in which two texts that people take for the same are equal."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def listed(texts: Sequence[str]) -> str:
    """Return several option texts as one value."""
    return ", ".join(texts)
