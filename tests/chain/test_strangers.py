"""A treasury whose community is misspelt: said in the log, to the admins and by `check`."""

import io
import logging

import pytest

from bot.chain.inprocess import Evm
from bot.check import check
from bot.checks.finding import Finding, Level
from bot.checks.treasuries import check_treasuries
from bot.settings import Settings
from core.execution import treasuries
from tests.chain.town import START, Town
from tests.world import World

MISSPELT = "discord:123456789012345687"


def misspell(town: Town) -> None:
    """Have the configuration name a community that is nowhere."""
    (treasury,) = town.settings.treasuries
    wrong = treasury.model_copy(update={"community": MISSPELT})
    town.settings = town.settings.model_copy(update={"treasuries": (wrong,)})
    town.signer = town.hire()


def found_another(town: Town) -> None:
    """Found a second community, on another platform."""
    values = "2, 'Choir', 2, x'00', 0"
    town.world.tx.run(
        f"insert into community (id, name, home_space, salt, founded_ms) values ({values})"
    )


def alarms(town: Town) -> int:
    told = " ".join(town.world.member("ana*").sees().split())
    return told.count("A treasury is set up for a community that I do not know")


async def test_the_only_community_is_told_and_the_log_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    town = Town(world, Evm(START))
    misspell(town)
    with caplog.at_level(logging.WARNING, "folkmoot.chain"):
        await town.signer.turn()
        assert MISSPELT in caplog.text, "also where nobody has used the bot yet"
        await town.found()
        await town.turn(2)
        town.wait(hours=24)
        await town.turn()
    assert caplog.text.count(MISSPELT) == 1
    assert alarms(town) == 1
    assert MISSPELT in town.world.member("ana*").sees()
    assert treasuries(world.tx) == []
    await town.engine.stop()


async def test_one_of_several_is_not_told_of_a_treasury_that_may_be_anothers(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    found_another(town)
    misspell(town)
    with caplog.at_level(logging.WARNING, "folkmoot.chain"):
        await town.turn(2)
    assert (caplog.text.count(MISSPELT), alarms(town)) == (1, 0)


async def test_a_treasury_that_is_written_right_beside_it_is_known(town: Town) -> None:
    number, _ = town.decide()
    (treasury,) = town.settings.treasuries
    wrong = treasury.model_copy(update={"community": MISSPELT, "name": "side"})
    town.settings = town.settings.model_copy(update={"treasuries": (wrong, treasury)})
    town.signer = town.hire()
    await town.turn(2)
    assert (town.state(number), alarms(town)) == ("scheduled", 1)


def look(town: Town) -> Finding:
    (found,) = check_treasuries(town.settings, town.world.database)
    return found


async def test_check_tells_whom_treasuries_are_for(town: Town) -> None:
    found = look(town)
    assert (found.level, "it is for room" in found.what) == (Level.FINE, True)
    misspell(town)
    found = look(town)
    assert (found.level, f"nobody in {MISSPELT} has used" in found.what) == (Level.WRONG, True)


async def test_check_does_not_call_wrong_what_is_only_too_early(world: World) -> None:
    town = Town(world, Evm(START))
    assert look(town).level is Level.NOTE
    await town.engine.stop()


async def test_folkmoot_check_says_it(town: Town) -> None:
    misspell(town)
    database = {"url": f"sqlite:///{town.world.path}"}
    out = io.StringIO()
    settings = Settings.model_validate({"database": database, "chain": town.settings})
    assert check(settings, None, out) == 1
    assert f"WRONG chain: treasury main: nobody in {MISSPELT} has used a command" in out.getvalue()
