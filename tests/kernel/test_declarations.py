"""A declaration that is not legal everywhere is refused when it is imported."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

import pytest
from pydantic import Field

from core.kernel.call import Call
from core.kernel.command import Command, DeclarationError, May
from core.kernel.duration import Duration
from core.kernel.feature import Feature, House
from core.kernel.view import View

WORDS = Field(description="some words")
Many = StrEnum(  # type: ignore[misc]
    "Many", [f"CHOICE_{n}" for n in range(26)]
)


class _Good(Command):
    """Do something."""

    def run(self, _: Call) -> View:
        return View()


def declared(**words: object) -> type[Command]:
    class Fine(_Good, **words):
        """Do something."""

    return Fine


def no_docstring() -> None:
    class Bare(_Good, name="bare"):
        pass


def long_docstring() -> None:
    class Long(_Good, name="long"):
        __doc__ = "x" * 101


def no_run() -> None:
    class Idle(Command, name="idle"):
        """Do nothing."""


def no_author() -> None:
    class Mine(_Good, name="mine", may=May.AUTHOR_OR_ADMINS):
        """Do something to what is mine."""


def no_description() -> None:
    class Silent(_Good, name="silent"):
        """Do something."""

        words: str


def long_description() -> None:
    class Wordy(_Good, name="wordy"):
        """Do something."""

        words: str = Field(description="x" * 101)


def optional_before_required() -> None:
    class Mixed(_Good, name="mixed"):
        """Do something."""

        first: str = Field(default="", description="maybe")
        second: str = WORDS


def too_many_options() -> None:
    type(
        "Huge",
        (_Good,),
        {
            "__doc__": "Do something.",
            "__module__": __name__,
            "__annotations__": {f"o{n}": str for n in range(26)},
            **{f"o{n}": WORDS for n in range(26)},
        },
        name="huge",
    )


def too_many_choices() -> None:
    class Choosy(_Good, name="choosy"):
        """Do something."""

        one: Many = WORDS


def camel_option() -> None:
    class Camel(_Good, name="camel"):
        """Do something."""

        firstWord: str = WORDS  # noqa: N815


def long_option() -> None:
    type(
        "LongOption",
        (_Good,),
        {
            "__doc__": "Do something.",
            "__module__": __name__,
            "__annotations__": {"o" * 33: str},
            "o" * 33: WORDS,
        },
        name="longoption",
    )


def unreadable_type() -> None:
    class Strange(_Good, name="strange"):
        """Do something."""

        when: timedelta = WORDS


def missing_upcaster() -> None:
    class Newer(_Good, name="newer", version=3):
        """Do something."""

        upcasters = MappingProxyType({1: dict})


def superfluous_upcaster() -> None:
    class Newest(_Good, name="newest"):
        """Do something."""

        upcasters = MappingProxyType({1: dict})


@pytest.mark.parametrize(
    "bad",
    [
        no_docstring,
        long_docstring,
        no_run,
        no_author,
        no_description,
        long_description,
        optional_before_required,
        too_many_options,
        too_many_choices,
        camel_option,
        long_option,
        unreadable_type,
        missing_upcaster,
        superfluous_upcaster,
    ],
)
def test_a_bad_declaration_is_refused_at_import(bad: Callable[[], None]) -> None:
    with pytest.raises(DeclarationError):
        bad()


@pytest.mark.parametrize(
    "name",
    ["Poll", "poll!", "2poll", "poll now then", "poll_now", " poll", "poll  now", "é", "p" * 33,
     f"{'p' * 16} {'q' * 16}"],
)  # fmt: skip
def test_a_name_that_no_platform_takes_is_refused(name: str) -> None:
    with pytest.raises(DeclarationError):
        declared(name=name)


@pytest.mark.parametrize("name", ["p", "poll2", "poll now", "p" * 32, f"{'p' * 16} {'q' * 15}"])
def test_a_legal_name_is_taken(name: str) -> None:
    assert declared(name=name).declaration.path == name


def test_a_domain_type_inside_an_optional_one_is_found() -> None:
    class Maybe(_Good, name="maybe"):
        """Do something."""

        by: Duration | None = Field(default=None, description="how long")

    (option,) = Maybe.declaration.options
    assert option.domain is not None
    assert not option.is_required


def test_two_commands_of_one_name_are_refused() -> None:
    for one, other in (("same", "same"), ("two words", "two words")):
        feature = Feature("twice", (declared(name=one), declared(name=other)))
        with pytest.raises(TypeError, match="declared twice"):
            House([feature], {})


def test_a_command_is_a_frozen_value_that_takes_no_other_fields() -> None:
    kind = declared(name="frozen")
    with pytest.raises(ValueError, match="extra"):
        kind(other=1)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="frozen"):
        kind().other = 1  # type: ignore[attr-defined]
