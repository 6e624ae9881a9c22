"""Every limit, one body each. This file is the table of what the platform's form check refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.platforms.discord_server.command_limits import check_commands
from tests.platforms.discord_server.components import check_modal
from tests.platforms.discord_server.limits import check_message
from tests.platforms.discord_server.refusals import Json, Refusal


def places(tree: Json, path: str = "") -> Iterator[str]:
    """Each mistake as `where code`."""
    for name, inner in tree.items():
        if name == "_errors":
            yield from (f"{path} {mistake['code']}".strip() for mistake in inner)
        else:
            yield from places(inner, f"{path}.{name}".strip("."))


def mistakes(check: Callable[[], None]) -> list[str]:
    """What the platform finds wrong; an empty list is a body that passes."""
    try:
        check()
    except Refusal as refusal:
        return list(places(refusal.body.get("errors", {}))) or [str(refusal.code)]
    return []


def row(*parts: Json) -> list[Json]:
    """One row of components."""
    return [{"type": 1, "components": list(parts)}]


def button(**changed: Any) -> Json:
    """A button that passes, unless it is changed."""
    return {"type": 2, "style": 1, "label": "For", "custom_id": "vote:1"} | changed


def menu(*values: str, **changed: Any) -> Json:
    """A menu with options of the given values."""
    options = [{"label": value or "?", "value": value} for value in values]
    return {"type": 3, "custom_id": "menu", "options": options} | changed


def embed(**changed: Any) -> list[Json]:
    """One embed."""
    return [{"title": "Lunch"} | changed]


def fields(count: int, name: str = "n", value: str = "v") -> list[Json]:
    """Fields of an embed."""
    return [{"name": name, "value": value}] * count


MESSAGES: list[tuple[Json, list[str]]] = [
    ({"content": "x" * 2000}, []),
    ({"content": "x" * 2001}, ["content BASE_TYPE_MAX_LENGTH"]),
    ({"content": "  "}, ["50006"]),
    ({"content": None, "embeds": []}, ["50006"]),
    ({"content": "x", "nonce": "n" * 26}, ["nonce BASE_TYPE_MAX_LENGTH"]),
    ({"embeds": embed() * 10}, []),
    ({"embeds": embed() * 11}, ["embeds BASE_TYPE_MAX_LENGTH"]),
    ({"embeds": [{}]}, ["embeds.0.description BASE_TYPE_REQUIRED"]),
    ({"embeds": embed(title="x" * 257)}, ["embeds.0.title BASE_TYPE_MAX_LENGTH"]),
    ({"embeds": embed(description="x" * 4096)}, []),
    ({"embeds": embed(description="x" * 4097)}, ["embeds.0.description BASE_TYPE_MAX_LENGTH"]),
    ({"embeds": embed(description="x" * 4000) * 2}, ["embeds MAX_EMBED_SIZE_EXCEEDED"]),
    ({"embeds": embed(fields=fields(25))}, []),
    ({"embeds": embed(fields=fields(26))}, ["embeds.0.fields BASE_TYPE_MAX_LENGTH"]),
    (
        {"embeds": embed(fields=fields(1, "n" * 257, ""))},
        [
            "embeds.0.fields.0.name BASE_TYPE_BAD_LENGTH",
            "embeds.0.fields.0.value BASE_TYPE_REQUIRED",
        ],
    ),
    (
        {"embeds": embed(fields=fields(1, value="v" * 1025))},
        ["embeds.0.fields.0.value BASE_TYPE_BAD_LENGTH"],
    ),
    (
        {"embeds": embed(footer={"text": "x" * 2049})},
        ["embeds.0.footer.text BASE_TYPE_BAD_LENGTH"],
    ),
    (
        {"embeds": embed(author={"name": "x" * 257})},
        ["embeds.0.author.name BASE_TYPE_BAD_LENGTH"],
    ),
    ({"embeds": embed(color=1 << 24)}, ["embeds.0.color NUMBER_TYPE_MAX"]),
    ({"embeds": embed(url="folkmoot.db")}, ["embeds.0.url URL_TYPE_INVALID_SCHEME"]),
    ({"embeds": embed(timestamp="soon")}, ["embeds.0.timestamp DATE_TIME_TYPE_PARSE"]),
    ({"components": row(button())}, []),
    (
        {"components": [row(button(custom_id=f"b{n}"))[0] for n in range(6)]},
        ["components BASE_TYPE_MAX_LENGTH"],
    ),
    ({"components": [button()]}, ["components.0.type UNION_TYPE_CHOICES"]),
    (
        {"components": row(button(), button())},
        ["components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"],
    ),
    (
        {"components": row(button(label="x" * 81, custom_id="x" * 101))},
        [
            "components.0.components.0.label BASE_TYPE_MAX_LENGTH",
            "components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH",
        ],
    ),
    (
        {"components": row(button(label=None))},
        ["components.0.components.0.label BASE_TYPE_REQUIRED"],
    ),
    (
        {"components": row(menu("a", "a"))},
        ["components.0.components.0.options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"],
    ),
    ({"components": row(menu())}, ["components.0.components.0.options BASE_TYPE_REQUIRED"]),
    (
        {"components": row(menu("a", placeholder="x" * 151, max_values=2))},
        [
            "components.0.components.0.placeholder BASE_TYPE_MAX_LENGTH",
            "components.0.components.0.max_values NUMBER_TYPE_MAX",
        ],
    ),
    (
        {"components": row(menu("a"), button())},
        ["components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED"],
    ),
    (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        ["allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"],
    ),
    (
        {"poll": {"question": {"text": "Lunch?"}, "answers": [{"poll_media": {"text": "x"}}] * 11}},
        ["poll.answers BASE_TYPE_BAD_LENGTH"],
    ),
]


@pytest.mark.parametrize(("body", "expected"), MESSAGES)
def test_a_message_is_held_against_the_limits(body: Json, expected: list[str]) -> None:
    assert mistakes(lambda: check_message(body, is_v2=False)) == expected


def text(content: str) -> Json:
    """A text of the new layout."""
    return {"type": 10, "content": content}


LAYOUTS: list[tuple[Json, list[str]]] = [
    ({"components": [text("x" * 4000)]}, []),
    ({"components": [{"type": 17, "components": [text("hi"), *row(button())]}]}, []),
    (
        {"components": [text("x" * 2001)] * 2},
        ["components COMPONENT_MAX_TOTAL_TEXT_LENGTH_EXCEEDED"],
    ),
    ({"components": [text("x")] * 41}, ["components BASE_TYPE_MAX_LENGTH"]),
    (
        {"content": "x", "components": [text("x")]},
        ["content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"],
    ),
    (
        {"components": [{"type": 9, "components": [text("x")]}]},
        ["components.0.accessory BASE_TYPE_REQUIRED"],
    ),
]


@pytest.mark.parametrize(("body", "expected"), LAYOUTS)
def test_a_layout_is_held_against_the_limits(body: Json, expected: list[str]) -> None:
    assert mistakes(lambda: check_message(body, is_v2=True)) == expected


def field(**changed: Any) -> Json:
    """A field of a modal that passes, unless it is changed."""
    return {"type": 4, "custom_id": "why", "label": "Why", "style": 2} | changed


MODALS: list[tuple[Json, list[str]]] = [
    ({"components": row(field())}, []),
    ({"components": [{"type": 18, "label": "Why", "component": field(label=None)}]}, []),
    ({"components": []}, ["components BASE_TYPE_REQUIRED"]),
    ({"title": "x" * 46, "components": row(field())}, ["title BASE_TYPE_BAD_LENGTH"]),
    (
        {"components": row(field(label="x" * 46, max_length=4001))},
        [
            "components.0.components.0.label BASE_TYPE_BAD_LENGTH",
            "components.0.components.0.max_length NUMBER_TYPE_MAX",
        ],
    ),
]


@pytest.mark.parametrize(("body", "expected"), MODALS)
def test_a_modal_is_held_against_the_limits(body: Json, expected: list[str]) -> None:
    modal = {"title": "A proposal", "custom_id": "form", **body}
    assert mistakes(lambda: check_modal(modal)) == expected


def command(*options: Json, **changed: Any) -> Json:
    """A slash command that passes, unless it is changed."""
    return {"name": "poll", "description": "ask", "options": list(options)} | changed


def option(kind: int = 3, name: str = "title", **changed: Any) -> Json:
    """An option that passes, unless it is changed."""
    return {"type": kind, "name": name, "description": "what"} | changed


def choice(name: str = "a", value: Any = "a") -> Json:
    """One fixed choice."""
    return {"name": name, "value": value}


SYNCS: list[tuple[list[Json], list[str]]] = [
    ([command(option(required=True), option(name="by"))], []),
    ([command(name="Poll")], ["0.name APPLICATION_COMMAND_INVALID_NAME"]),
    ([command(name="pool request")], ["0.name APPLICATION_COMMAND_INVALID_NAME"]),
    ([command(name="x" * 33)], ["0.name BASE_TYPE_BAD_LENGTH"]),
    ([command(description="x" * 101)], ["0.description BASE_TYPE_BAD_LENGTH"]),
    ([command(description="")], ["0.description BASE_TYPE_REQUIRED"]),
    ([command(), command()], ["1.name APPLICATION_COMMANDS_DUPLICATE_NAME"]),
    ([command(name=f"c{n}") for n in range(101)], ["30032"]),
    (
        [command(option(), option(name="by", required=True))],
        ["0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"],
    ),
    (
        [command(option(), option())],
        ["0.options.1.name APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"],
    ),
    (
        [command(*(option(name=f"o{n}") for n in range(26)))],
        ["0.options BASE_TYPE_MAX_LENGTH"],
    ),
    (
        [command(option(choices=[choice(f"c{n}") for n in range(26)]))],
        ["0.options.0.choices BASE_TYPE_MAX_LENGTH"],
    ),
    (
        [command(option(choices=[choice(value="x" * 101)]))],
        ["0.options.0.choices.0.value BASE_TYPE_BAD_LENGTH"],
    ),
    (
        [command(option(choices=[choice()], autocomplete=True))],
        ["0.options.0.autocomplete APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES"],
    ),
    (
        [command(option(3, min_value=1))],
        ["0.options.0.min_value APPLICATION_COMMAND_OPTION_FIELD_INVALID"],
    ),
    ([command(option(4, min_value=5, max_value=1))], ["0.options.0.max_value NUMBER_TYPE_MIN"]),
    ([command(option(4, max_value=2**53 + 1))], ["0.options.0.max_value NUMBER_TYPE_MAX"]),
    (
        [command(option(1, "set"), option())],
        ["0.options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"],
    ),
    ([command(option(1, "set", options=[option(1, "deep")]))], ["0.options.0.options.0.type"]),
    (
        [command(description_localizations={"xx": "fragen"})],
        ["0.description_localizations BASE_TYPE_CHOICES"],
    ),
    (
        [
            command(
                *(
                    option(
                        name=f"o{n}",
                        choices=[choice(f"{m:02}" + "x" * 98, "v" * 100) for m in range(25)],
                    )
                    for n in range(2)
                )
            )
        ],
        ["0 APPLICATION_COMMAND_TOO_LARGE"],
    ),
]


@pytest.mark.parametrize(("body", "expected"), SYNCS)
def test_a_sync_is_held_against_the_limits(body: list[Json], expected: list[str]) -> None:
    found = mistakes(lambda: check_commands(body))
    # Where two codes name one mistake the first words are enough.
    assert [place[: len(want)] for place, want in zip(found, expected, strict=True)] == expected
