"""This file is the lot: the order that decides what the rules leave tied, open to recomputing.

The idea: a secret key is drawn and its hash printed at the opening; at the close the key is
revealed and hashed together with all ballots. So nobody can choose the outcome by the last
ballot, and anybody can check it afterwards. Every hash is SHA-256 of a canonical JSON array
(UTF-8, no spaces, bytes in hex); an option's id is its text in NFC.

>>> lot = Lot(bytes(32), "12", [ballot_digest(bytes([1, 0]), 3)])
>>> lot.order(["Berlin", "Porto"])
(0, 1)
>>> lot.order(["Porto", "Berlin"])
(1, 0)
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cached_property
from json.encoder import encode_basestring
from typing import Union

Hashed = Union[str, int, bytes, Sequence["Hashed"]]  # noqa: UP007 (it names itself)

KEY_BYTES = 32  # as long as the hash: guessing the key is as hard as inverting its commitment


def canonical(value: Hashed) -> str:
    """Return the one JSON text that this project hashes for a value."""

    def plain(part: Hashed) -> object:
        if isinstance(part, bytes):
            return part.hex()
        if isinstance(part, str | int):
            return part
        return [plain(inner) for inner in part]

    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def digest(*parts: Hashed) -> bytes:
    """Return SHA-256 of the canonical JSON array of the parts."""
    return hashlib.sha256(canonical(parts).encode()).digest()


def commitment(key: bytes) -> bytes:
    """Return what is printed at the opening, when the key itself must stay secret."""
    return digest(key)


def ballot_digest(packed: bytes, weight: int) -> bytes:
    """Return the digest of one ballot: its choice and its weight, never whose it is."""
    return hashlib.sha256(f'["{packed.hex()}",{weight}]'.encode()).digest()


def option_id(option: str) -> str:
    """Return the id of an option: its text, so that its position cannot matter."""
    return unicodedata.normalize("NFC", option)


class Lot:
    """The lot of one decision; `digests` are read when the lot is first needed, not before."""

    def __init__(self, key: bytes, decision_id: str, digests: Iterable[bytes]) -> None:
        self._key = key
        self._decision_id = decision_id
        self._digests = digests

    @classmethod
    def of_rows(cls, key: bytes, decision_id: str, rows: Iterable[tuple[bytes, int]]) -> "Lot":
        """Return the lot over packed ballots and weights (hashed only if the lot is needed)."""
        return cls(key, decision_id, (ballot_digest(packed, weight) for packed, weight in rows))

    @cached_property
    def seed(self) -> bytes:
        return digest(self._key, self._decision_id, sorted(self._digests))

    def order(self, options: Sequence[str]) -> tuple[int, ...]:
        """Return the positions of the options, the first drawn first."""
        # Each is `digest(self.seed, id)`; the start of what is hashed is the same for all.
        start = f'["{self.seed.hex()}",'
        texts = [f"{start}{encode_basestring(option_id(option))}]" for option in options]
        drawn = [hashlib.sha256(text.encode()).digest() for text in texts]
        return tuple(sorted(range(len(drawn)), key=drawn.__getitem__))
