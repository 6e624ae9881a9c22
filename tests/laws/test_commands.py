"""Every declaration is legal, has help, survives the button codec and a typed line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.grammar import parse
from core.kernel import codec
from core.kernel.canonical import decode, encode, sha256
from core.kernel.command import Command, declare
from core.kernel.fields import OptionKind
from core.kernel.journal import chain, chained, seal, seal_texts
from core.kernel.reading import read_command
from core.kernel.unit import Unit
from core.kernel.words import clean
from tests.asking import request
from tests.databases.stores import Store
from tests.laws.drawing import arguments, hostile
from tests.world import World

HERE = request("help")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Any:
    world = World(tmp_path_factory.mktemp("house"))
    world.member("ana*").says("/pool create garden EUR")
    yield world
    world.close()


def everyone(world: World) -> list[type[Command]]:
    return [one for one in world.house.commands.values() if one.declaration.is_for_persons]


def read(world: World, kind: type[Command], raw: dict[str, Any]) -> Command:
    """Read raw arguments as the door does."""

    def job(unit: Unit) -> Command:
        return read_command(world.app.call(unit, HERE), kind.declaration, raw)

    found: Command = world.job(job)
    return found


def test_every_declaration_is_legal_and_has_help(house: World) -> None:
    for kind in house.house.commands.values():
        known = kind.declaration
        again = declare(
            kind, name=known.path, may=known.may, version=known.version,
            carried_by=known.carried_by, is_personal=known.is_personal, is_typed=known.is_typed,
            asks_again=known.asks_again, is_local=known.is_local,
        )  # fmt: skip
        assert again == known
        assert known.help.endswith(".")
        assert all(option.description for option in known.options)


def test_texts_that_people_write_are_sealed_in_the_journal(house: World) -> None:
    """Free text can hold names: it enters the journal as a digest, or it is no one's words."""
    ours = {("help", "command"), ("config set", "setting"), ("config set", "value"),
            ("config show", "setting"), ("channel", "channel"), ("channel", "purpose"),
            ("setup", "channel"), ("forget me", "confirm")}  # fmt: skip
    for kind in everyone(house):
        for option in kind.declaration.options:
            is_words = option.kind is OptionKind.TEXT and not option.choices
            is_a_number = option.domain is not None and option.domain.name in {
                "proposal",
                "duration",
                "pool",
                "amount",
                "asset",
                "address",
            }
            if is_words and not is_a_number and (kind.declaration.path, option.name) not in ours:
                assert option.is_sealed, f"{kind.declaration.path} {option.name}"


@given(data=st.data())
def test_a_command_survives_its_button(house: World, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(everyone(house)))
    command = read(house, kind, data.draw(arguments(kind)))
    joined, version, args = codec.split_code(codec.button_code(command))
    assert house.house.joined[joined] is kind
    assert version == kind.declaration.version
    assert read(house, kind, codec.named(kind.declaration, args)) == command


@given(data=st.data())
def test_a_command_survives_being_kept(house: World, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(everyone(house)))
    command = read(house, kind, data.draw(arguments(kind)))
    kept = encode(command.model_dump(mode="json"))
    assert kind.model_validate(decode(kept)) == command


@given(data=st.data())
def test_what_is_written_in_full_is_read_back(house: World, data: st.DataObject) -> None:
    """Each option as `name="value"`, the required ones too, in any order."""
    kind = data.draw(st.sampled_from([one for one in everyone(house) if one.declaration.is_typed]))
    args = data.draw(arguments(kind))
    quotable = {
        name: text
        for name, text in args.items()
        if '"' not in text and "\n" not in text and name.isascii()
    }
    names = data.draw(st.permutations(sorted(quotable)))
    written = " ".join(f'{name}="{quotable[name]}"' for name in names)
    spoken = parse(f"/{kind.declaration.path} {written}", house.room.commands)
    assert spoken.command == kind.declaration.path
    assert spoken.args == quotable


@given(line=hostile)
def test_any_line_is_parsed_or_unknown(house: World, line: str) -> None:
    for start in ("", "/", "/poll ", "/propose ", "/config set ", "/vote 1 ", "/withdraw 1 "):
        spoken = parse(start + line, house.room.commands)
        known = house.room.commands.get(spoken.command)
        assert spoken.declared is known
        if known is not None:
            assert spoken.args.keys() <= {option.name for option in known.options}


@given(code=hostile)
def test_any_code_is_taken_apart(code: str) -> None:
    joined, version, args = codec.split_code(code)
    assert isinstance(joined, str)
    assert version >= 0
    assert all(isinstance(arg, str) for arg in args)


@given(data=st.data())
def test_the_same_words_are_the_same_command_whoever_asks(
    house: World, data: st.DataObject
) -> None:
    """What is plain is read without looking at who asks; what is not tells itself apart."""
    kind = data.draw(st.sampled_from([one for one in everyone(house) if one.declaration.is_plain]))
    raw = data.draw(arguments(kind))
    assert read(house, kind, raw) == read_command(None, kind.declaration, dict(raw))  # type: ignore[arg-type]


def test_what_is_equal_and_written_otherwise_is_another_word(house: World) -> None:
    kind = house.house.commands["vote"]
    read_them = [read(house, kind, {"proposal": "1", "choice": one}) for one in (1, True, 1.0)]
    assert [one.dumped["choice"] for one in read_them] == ["1", "True", "1.0"]


def test_a_button_leaves_out_what_is_as_unsaid(house: World) -> None:
    kind = house.house.commands["poll"]
    raw = {"question": "Tea?", "options": "Yes | No"}
    assert codec.button_code(read(house, kind, raw)) == "poll:Tea?:Yes | No"
    assert codec.button_code(read(house, kind, raw | {"closes_in": "24h"})) == "poll:Tea?:Yes | No"
    secret = codec.button_code(read(house, kind, raw | {"secret": "on"}))
    assert secret == "poll:Tea?:Yes | No:24h:0:1"


@given(data=st.data())
def test_a_line_of_the_journal_is_canonical(house: World, data: st.DataObject) -> None:
    """It is put together from pieces; anybody can write it again from its values."""
    kind = data.draw(st.sampled_from(everyone(house)))
    command = read(house, kind, data.draw(arguments(kind)))
    digests, secrets = seal_texts(command.sealed_texts, bytes)
    shown = dict(command.model_dump(mode="json"))
    for field, salt, value, _ in secrets:
        assert decode(value) == shown[field]
        shown[field] = {"sealed": seal(salt, shown[field])}
    assert tuple(sorted(digests)) == kind.declaration.sealed
    assert command.shown_args % digests == encode(shown)


@given(words=st.tuples(*[hostile.map(clean)] * 4), member=st.none() | st.integers(1))
def test_a_line_is_chained_as_it_is_verified(words: tuple[str, ...], member: int | None) -> None:
    """What is written quickly has the hash that whoever verifies comes to."""
    kind, *rest = words
    line = (1_795_363_200_123, "poll", 1, kind, member, *rest)
    before = sha256(words)
    assert chained(before, 7, 6, line) == chain(before, 7, (6, *line))


def test_a_percent_sign_in_the_journal_is_one(house: World) -> None:
    kind = house.house.commands["config set"]
    command = read(house, kind, {"setting": "threshold", "value": "50% %(x)s"})
    assert decode(command.shown_args % {}) == {"setting": "threshold", "value": "50% %(x)s"}
