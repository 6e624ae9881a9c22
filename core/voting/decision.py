"""This file is one exported decision: what was asked, who voted what, and what was announced."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NoReturn

from core.voting.errors import VotingError

FORMAT = "folkmoot.decision"
VERSION = 1
ENTRIES_MAX = 10_000_000  # ballots or voters of a file: more than any community has members
TEXT_MAX = 10_000  # characters of any text in a file
NESTED_MAX = 32  # no file of ours is even half as deep

# Texts are passed over whole, so that their brackets do not count.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]')
_DEEPER = {"[": 1, "{": 1, "]": -1, "}": -1}


class FileError(VotingError):
    """A file that is not recounted, rather than guessed at."""


class NotADecision(FileError):
    template = "This is not a decision that can be recounted: {reason}."


class OtherVersion(FileError):
    template = "This file is of version {given}; this program reads version {known}."


class SameVoter(FileError):
    template = '"{voter}" is in {list} twice; each voter counts once.'


class Stranger(FileError):
    template = '"{voter}" is in {list}, but not in the electorate.'


@dataclass(frozen=True)
class Cast:
    """A ballot as it is stored: whose it is, or (anonymous) its weight."""

    packed: bytes
    voter: str | None = None
    weight: int | None = None
    written: str | None = None


@dataclass(frozen=True)
class Gates:
    """The conditions of a proposal to pass; what is None is not asked for."""

    quorum: int | None = None
    threshold: Fraction | None = None
    for_option: str = "for"
    against_option: str = "against"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision. `electorate` is None where the ballots are anonymous."""

    decision: str
    method: str
    options: tuple[str, ...]
    ballots: tuple[Cast, ...]
    electorate: Mapping[str, int] | None
    seats: int = 1
    limits: Mapping[str, int | list[int]] = field(default_factory=dict)
    gates: Gates | None = None
    delegations: Mapping[str, str] = field(default_factory=dict)
    recused: tuple[str, ...] = ()
    cap: Fraction = Fraction(1, 10)
    commitment: bytes | None = None
    key: bytes | None = None
    result: Mapping[str, Any] | None = None
    turnout: int | None = None
    passed: bool | None = None


def parse(text: str) -> Any:
    """Return the JSON value of a file that holds whole numbers only and no name twice."""
    if not _is_flat(text):
        raise NotADecision(reason="it is nested too deeply")
    try:
        return json.loads(
            text, object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float
        )
    except FileError:
        raise
    except ValueError:
        raise NotADecision(reason="it is not JSON, or was cut off") from None


def _is_flat(text: str) -> bool:
    """Whether brackets nest no deeper than any file of ours.

    The reader itself stops only at the interpreter's limit, which whoever shares the process may
    have set so high that its stack ends first.
    """
    depth = 0
    for bracket in _BRACKETS.finditer(text):
        depth += _DEEPER.get(bracket[0], 0)
        if depth > NESTED_MAX:
            return False
    return True


def read(value: Any) -> Decision:
    """Return a decision from a JSON value; raises a FileError that says what is wrong."""
    file = _Part(value, "the file")
    if file.get("format", str) != FORMAT:
        _refuse(f'"format" is not "{FORMAT}"')
    version = file.get("version", int)
    if version != VERSION:
        raise OtherVersion(given=version, known=VERSION)
    gates, lot, outcome = file.part("gates"), file.part("lot"), file.part("outcome")
    return Decision(
        decision=file.get("decision", str),
        method=file.get("method", str),
        options=tuple(file.texts("options")),
        seats=file.get("seats", int),
        limits=_limits(file.get("limits", dict)),
        gates=_gates(gates) if gates else None,
        electorate=_electorate(file),
        delegations=_delegations(file),
        recused=tuple(_once_each(file.texts("recused"), '"recused"')),
        cap=file.fraction("cap") or Fraction(1, 10),
        ballots=tuple(_cast(part) for part in file.parts("ballots")),
        commitment=lot.bytes("commitment") if lot else None,
        key=lot.bytes("key") if lot else None,
        result=file.maybe("result", dict),
        turnout=outcome.maybe("turnout", int) if outcome else None,
        passed=outcome.maybe("passed", bool) if outcome else None,
    )


class _Part:
    """A JSON object being read; every mistake names the place."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            _refuse(f"{place} is not an object")
        self._value: dict[str, Any] = value
        self._place = place

    def maybe(self, name: str, kind: type) -> Any:
        value = self._value.get(name)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            _refuse(f'"{name}" of {self._place} is not {_KINDS[kind]}')
        if isinstance(value, str) and len(value) > TEXT_MAX:
            _refuse(f'"{name}" of {self._place} is too long')
        return value

    def get(self, name: str, kind: type) -> Any:
        value = self.maybe(name, kind)
        if value is None:
            _refuse(f'{self._place} has no "{name}"')
        return value

    def part(self, name: str) -> "_Part | None":
        value = self.maybe(name, dict)
        return None if value is None else _Part(value, f'"{name}"')

    def parts(self, name: str) -> list["_Part"]:
        values = self.maybe(name, list) or []
        if len(values) > ENTRIES_MAX:
            _refuse(f'"{name}" has more than {ENTRIES_MAX} entries')
        return [_Part(value, f'entry {at} of "{name}"') for at, value in enumerate(values, start=1)]

    def texts(self, name: str) -> list[str]:
        values = self.maybe(name, list) or []
        if not all(isinstance(value, str) and len(value) <= TEXT_MAX for value in values):
            _refuse(f'"{name}" of {self._place} is not a list of texts')
        return list(values)

    def bytes(self, name: str) -> bytes | None:
        value = self.maybe(name, str)
        try:
            return None if value is None else bytes.fromhex(value)
        except ValueError:
            _refuse(f'"{name}" of {self._place} is not hexadecimal')

    def fraction(self, name: str) -> Fraction | None:
        value = self.maybe(name, str)
        top, _, bottom = (value or "").partition("/")
        if value is None:
            return None
        if not (top + bottom).isascii() or not top.isdigit() or not (bottom or "1").isdigit():
            _refuse(f'"{name}" of {self._place} is not a fraction like 2/3')
        if not 0 <= int(top) <= int(bottom or "1") or int(bottom or "1") == 0:
            _refuse(f'"{name}" of {self._place} is not from 0 to 1')
        return Fraction(int(top), int(bottom or "1"))


_KINDS = {
    str: "a text",
    int: "a whole number",
    dict: "an object",
    list: "a list",
    bool: "true or false",
}


def _refuse(reason: str) -> NoReturn:
    raise NotADecision(reason=reason)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        _refuse("a name is there twice in one object")
    return names


def _no_float(text: str) -> NoReturn:
    _refuse(f"{text[:40]} is not a whole number")


def _once_each(voters: Sequence[str], place: str) -> Sequence[str]:
    seen: set[str] = set()
    for voter in voters:
        if voter in seen:
            raise SameVoter(voter=voter, list=place)
        seen.add(voter)
    return voters


def _limits(given: Mapping[str, Any]) -> dict[str, int | list[int]]:
    for value in given.values():
        numbers = value if isinstance(value, list) else [value]
        if not all(isinstance(n, int) and not isinstance(n, bool) for n in numbers):
            _refuse('"limits" holds something that is not a whole number')
    return dict(given)


def _gates(part: _Part) -> Gates:
    return Gates(
        quorum=part.maybe("quorum", int),
        threshold=part.fraction("threshold"),
        for_option=part.maybe("for", str) or "for",
        against_option=part.maybe("against", str) or "against",
    )


def _electorate(file: _Part) -> dict[str, int] | None:
    if file.maybe("electorate", list) is None:
        return None
    entries = [(part.get("voter", str), part) for part in file.parts("electorate")]
    _once_each([voter for voter, _ in entries], '"electorate"')
    return {voter: _weight(part) for voter, part in entries}


def _weight(part: _Part) -> int:
    weight: int = part.get("weight", int)
    return weight if weight >= 0 else _refuse("a weight is below zero")


def _delegations(file: _Part) -> dict[str, str]:
    entries = [(part.get("from", str), part.get("to", str)) for part in file.parts("delegations")]
    _once_each([giver for giver, _ in entries], '"delegations"')
    return dict(entries)


def _cast(part: _Part) -> Cast:
    packed = part.bytes("packed")
    if packed is None:
        _refuse('a ballot has no "packed"')
    voter, weight = part.maybe("voter", str), part.maybe("weight", int)
    return Cast(
        packed=packed,
        voter=voter,
        weight=None if weight is None else _weight(part),
        written=part.maybe("written", str),
    )
