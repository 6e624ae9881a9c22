"""What Discord offers people to type, and while they type. This file is the declarations."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from bot.platforms.discord.declare import digest, payload
from core.features import FEATURES
from core.kernel.call import Call
from core.kernel.command import Command, May
from core.kernel.feature import Feature, House
from core.kernel.fields import Choices, Domain, OptionKind, Suggestion
from core.kernel.request import AccountRef
from core.kernel.view import View
from tests.platforms.discord_moot import Room, open_room
from tests.platforms.discord_server import permissions as rights
from tests.platforms.discord_server.command_limits import check_commands

SUGGEST = Choices(
    lambda typing, _: [Suggestion("v" * n, f"{typing.typed}\n{'l' * n}") for n in (0, 1, 100, 101)]
)
Word = Annotated[str, Domain("word", lambda raw, *_: raw, suggest=SUGGEST)]


def read_person(raw: Any, *_: Any) -> int:
    """Check what the platform says of somebody who is named."""
    assert isinstance(raw, AccountRef), raw
    named.append(raw)
    return int(raw.account)


named: list[AccountRef] = []
Person = Annotated[int, Domain("person", read_person, kind=OptionKind.MEMBER)]


class Give(Command, name="pool give", may=May.ADMINS):
    """Give something."""

    to: Person = Field(description="whom")
    points: int = Field(ge=1, le=2**70, description="how many")
    word: Word = Field(min_length=2, max_length=9000, description="a word")
    is_loud: bool = Field(default=False, description="whether it is loud")

    def run(self, _: Call) -> View:
        return View()


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A guild with three people and a running bot."""
    async with open_room(tmp_path, monkeypatch) as here:
        yield here


def test_every_declaration_is_one_that_discord_takes() -> None:
    commands = payload(House(FEATURES, {}).declarations)
    check_commands(commands)
    named = {command["name"]: command for command in commands}
    assert [one["name"] for one in named["config"]["options"]] == ["set", "show"]
    assert named["forget"]["options"][0]["name"] == "me"
    assert all(command["contexts"] == [0] for command in commands)
    assert "tick" not in named


def test_only_what_is_wholly_for_admins_is_hidden_from_others() -> None:
    commands = payload(House(FEATURES, {}).declarations)
    hidden = {one["name"] for one in commands if one["default_member_permissions"] is not None}
    assert hidden >= {"setup", "channel", "extend"}
    assert hidden.isdisjoint({"config", "poll", "propose", "vote", "withdraw", "help", "forget"})
    assert {one["default_member_permissions"] for one in commands} == {
        None,
        str(rights.MANAGE_GUILD),
    }


def test_options_have_types_and_bounds_that_discord_knows() -> None:
    (pool,) = payload([Give.declaration])
    check_commands([pool])
    assert pool["default_member_permissions"] == str(rights.MANAGE_GUILD)
    to, points, word, is_loud = pool["options"][0]["options"]
    assert (to["type"], points["type"], word["type"], is_loud["type"]) == (6, 4, 3, 5)
    assert (points["min_value"], points["max_value"]) == (1, 2**53)
    assert (word["min_length"], word["max_length"], word["autocomplete"]) == (2, 6000, True)


def test_a_command_cannot_be_a_group_too() -> None:
    class Pool(Command, name="pool"):
        """Show the pool."""

        def run(self, _: Call) -> View:
            return View()

    with pytest.raises(TypeError, match="both"):
        payload([Give.declaration, Pool.declaration])


def test_the_digest_tells_any_change() -> None:
    commands = payload([Give.declaration])
    before = digest(commands)
    commands[0]["options"][0]["options"][1]["max_value"] -= 1
    assert digest(commands) != before


# Uploading


async def test_commands_are_uploaded_once_and_again_only_when_they_change(room: Room) -> None:
    assert room.server.sync_count == 1
    await room.moot.restart()
    assert room.server.sync_count == 1
    room.moot.house = House(FEATURES[:1], {})
    await room.moot.restart()
    assert room.server.sync_count == 2
    assert "poll" not in {command["name"] for command in room.server.commands}


async def test_chosen_guilds_get_the_commands_alone(room: Room) -> None:
    other = room.server.add_guild("Others")
    absent = 987654321
    room.moot.settings = {"guild_ids": [room.guild.id, absent]}
    await room.moot.restart()
    assert room.server.commands == []
    assert "poll" in {command["name"] for command in room.server.commands_of(room.guild)}
    assert room.server.commands_of(other) == []
    n = room.server.sync_count
    await room.poll()
    room.moot.settings = {}
    await room.moot.restart()
    assert room.server.commands_of(room.guild) == []
    assert room.server.commands
    assert room.server.sync_count == n + 2


async def test_a_chosen_guild_gets_its_commands_when_the_bot_is_invited(room: Room) -> None:
    later = room.server.add_guild("Later", has_bot=False)
    later.add_channel("general")
    room.moot.settings = {"guild_ids": [later.id]}
    await room.moot.restart()
    assert room.server.commands_of(later) == []
    later.add_bot()
    await room.server.wait_for(lambda: room.server.commands_of(later))


# Completion


async def complete(
    room: Room, command: str, option: str, typed: str = "", **given: Any
) -> list[str]:
    found = await room.cleo.completes(room.channel, command, option, typed, given=given)
    return [f"{one.value}={one.name}" for one in found]


async def test_votes_are_completed_by_number_and_by_title(room: Room) -> None:
    await room.poll("Lunch?")
    await room.propose("Paint the hall")
    assert set(await complete(room, "vote", "proposal")) == {"1=#1 Lunch?", "2=#2 Paint the hall"}
    assert await complete(room, "vote", "proposal", "HALL") == ["2=#2 Paint the hall"]
    assert await complete(room, "show", "proposal", "1") == ["1=#1 Lunch?"]
    assert await complete(room, "show", "proposal", "nothing like it") == []


async def test_choices_are_those_of_the_chosen_vote(room: Room) -> None:
    await room.poll("Lunch?", options="Pizza | Soup")
    await room.poll("Dinner?", options="Rice | Beans | Bread")
    assert await complete(room, "vote", "choice", proposal="1") == ["1=Pizza", "2=Soup"]
    assert await complete(room, "vote", "choice", "br", proposal="#2") == ["3=Bread"]
    assert await complete(room, "vote", "choice") == []
    assert await complete(room, "vote", "choice", proposal="no number") == []


async def test_settings_and_their_values_are_completed(room: Room) -> None:
    assert await complete(room, "config set", "setting", "quo") == ["quorum=quorum"]
    found = await complete(room, "config set", "value", "lis", setting="zone")
    assert found == ["Europe/Lisbon=Europe/Lisbon"]
    assert await complete(room, "config set", "value", "x", setting="no such setting") == []
    assert "3d=3d" in await complete(room, "propose", "closes_in", "3")


async def test_completions_stay_inside_discords_limits(room: Room) -> None:
    for n in range(6):
        for who in (room.ana, room.ben, room.cleo, room.guild.add_member(f"m{n}")):
            title = f"{n} {who.name} " + "🏳️‍🌈" * 25
            await who.slash(room.channel, "poll", question=title, options="a | b")
    answer = room.cleo.begin_completes(room.channel, "vote", "proposal", "")
    await answer.settled()
    assert 0 < len(answer.choices or []) <= 25
    assert answer.refused == []


async def test_completion_fails_to_nothing(room: Room) -> None:
    await room.poll()
    await room.moot.readers.close()
    assert await complete(room, "vote", "proposal") == []


async def test_suggestions_too_long_to_send_are_cut_or_left_out(room: Room) -> None:
    room.moot.house = House((*FEATURES, Feature("pool", (Give,))), {})
    await room.moot.restart()
    answer = room.ana.begin_completes(room.channel, "pool give", "word", "typed")
    await answer.settled()
    assert answer.choices is not None
    assert [one.value for one in answer.choices] == ["v", "v" * 100]
    assert [one.name for one in answer.choices] == ["typed l", "typed " + "l" * 93 + "…"]


async def test_a_named_person_comes_with_what_discord_says_of_them(room: Room) -> None:
    room.moot.house = House((*FEATURES, Feature("pool", (Give,))), {})
    await room.moot.restart()
    robot = room.guild.add_member("robot", bot=True)
    for who in (room.ben, robot):
        await room.ana.slash(room.channel, "pool give", to=who, points=1, word="yes")
        ref = named.pop()
        assert (ref.account, ref.name) == (str(who.id), who.name)
        assert (ref.is_bot, ref.joined_at) == (who is robot, who.joined_at)
