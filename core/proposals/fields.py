"""The option types of this feature: a proposal, a choice, a list of options."""

from collections.abc import Mapping
from typing import Annotated, Any

from core.kernel.call import Call
from core.kernel.canonical import decode, digest
from core.kernel.errors import UserError
from core.kernel.fields import Domain, Lookup, Suggestion, Typing
from core.kernel.text import CommandName
from core.kernel.tx import Row
from core.kernel.words import clean, skeleton
from core.proposals import ballots, store
from core.proposals.model import NO_EFFECTS

LABEL_MAX = 100
NUMBER_DIGITS_MAX = 12


class NoSuchProposal(UserError):
    """There is no vote {written} here. {command} lists them."""


def _number(written: str) -> int | None:
    digits = written.strip().removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_DIGITS_MAX:
        return int(digits)
    return None


def _read_proposal(raw: Any, _: Call, __: Mapping[str, Any]) -> int:
    written = clean(str(raw))
    number = _number(written)
    if number is None:
        raise NoSuchProposal(written=written[:40], command=CommandName("proposals"))
    return number


def _suggest_proposals(row: Row) -> list[Suggestion]:
    number, title = row
    label = f"#{number} {title or '(erased)'}"
    return [Suggestion(str(number), label if len(label) <= LABEL_MAX else label[:99] + "…")]


def _suggest_choices(row: Row) -> list[Suggestion]:
    options = ballots.names_of(decode(row[0]))
    return [Suggestion(_choice(options, at), option) for at, option in enumerate(options, 1)]


def _choice(options: tuple[str, ...], at: int) -> str:
    """Return how the option at a place is chosen; a bare number may be another one's text."""
    is_meant = ballots.read("single", options, str(at))[at - 1]
    return str(at) if is_meant else f"#{at}"


def _choice_of(typing: Typing) -> tuple[int | None, int]:
    return typing.community, _number(typing.given.get("proposal", "")) or 0


def _read_choice(raw: Any, _: Call, __: Mapping[str, Any]) -> str:
    return clean(str(raw))


def _read_options(raw: Any, _: Call, __: Mapping[str, Any]) -> str:
    parts = [" ".join(clean(part).split()) for part in str(raw).split("|")]
    return " | ".join(part for part in parts if part)


def _read_question(raw: Any, _: Call, __: Mapping[str, Any]) -> str:
    return clean(str(raw))


def content_key(title: str, details: str, effects: str = NO_EFFECTS) -> str:
    """Return what two proposals share when people would call them the same."""
    same = [skeleton(title), skeleton(details)]
    return digest(same if effects == NO_EFFECTS else [*same, effects])


ProposalNumber = Annotated[
    int,
    Domain(
        "proposal",
        _read_proposal,
        suggest=Lookup(store.SUGGEST, lambda typing: (typing.community,), _suggest_proposals),
        is_word=True,
        is_plain=True,
    ),
]
Choice = Annotated[
    str,
    Domain(
        "choice",
        _read_choice,
        suggest=Lookup(store.SUGGEST_OPTIONS, _choice_of, _suggest_choices),
        is_plain=True,
    ),
]
Options = Annotated[str, Domain("options", _read_options)]
Question = Annotated[str, Domain("question", _read_question, ends_at="?")]
