"""Connecting to Discord, or saying plainly why not. This file is the first minute."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.outbox import Postponed
from bot.platforms.discord import DiscordRefused
from tests.databases.stores import fresh_database
from tests.platforms.discord_moot import Moot, open_room
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_server.library import hurry, point_at


async def moot_on(server: DiscordServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Moot:
    point_at(server, monkeypatch)
    return Moot(server, fresh_database(folder), hurry(monkeypatch))


async def test_a_wrong_token_is_fatal_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await DiscordServer.start() as server:
        moot = await moot_on(server, tmp_path, monkeypatch)
        moot.settings = {"token": "not-the-token"}
        with pytest.raises(DiscordRefused, match="does not accept the token") as refusal:
            await moot.start()
        assert "not-the-token" not in str(refusal.value)
        await moot.stop()


async def test_an_intent_that_is_not_switched_on_is_fatal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await DiscordServer.start() as server:
        moot = await moot_on(server, tmp_path, monkeypatch)
        moot.settings = {"members_intent": True}
        with pytest.raises(DiscordRefused, match="Server Members Intent"):
            await moot.start()
        await moot.stop()


@pytest.mark.parametrize(("code", "words"), [(4004, "token"), (4013, "code 4013")])
async def test_a_fatal_close_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    async with await DiscordServer.start() as server:
        moot = await moot_on(server, tmp_path, monkeypatch)
        await moot.start()
        server.gateway.close(code)
        with pytest.raises(DiscordRefused, match=words):
            await moot.running
        await moot.stop()


async def test_discord_out_of_reach_at_the_start_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await DiscordServer.start() as server:
        moot = await moot_on(server, tmp_path, monkeypatch)
        monkeypatch.setattr("bot.platforms.discord.adapter.RETRY_S", 0.001)
        server.faults.fail("GET", "/users/@me", status=None, times=3)
        server.faults.fail("GET", "/oauth2/applications/@me", status=None)
        server.faults.limit("PUT", "/applications/*/commands", retry_after_s=9, has_via=False)
        await moot.start()
        assert moot.platform.ready.is_set()
        await moot.stop()


async def test_commands_that_discord_refuses_end_the_start_with_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await DiscordServer.start() as server:
        moot = await moot_on(server, tmp_path, monkeypatch)
        monkeypatch.setattr("bot.platforms.discord.declare.IN_GUILDS", 99)
        with pytest.raises(DiscordRefused, match="Discord refused the start: 400"):
            await moot.start()
        await moot.stop()


async def test_nothing_is_shown_before_there_is_a_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await DiscordServer.start() as server:
        moot = await moot_on(server, tmp_path, monkeypatch)
        await moot.start()
        moot.platform.ready.clear()
        with pytest.raises(Postponed):
            await moot.platform.show(None)  # type: ignore[arg-type]
        await moot.stop()


async def test_a_cancelled_run_disconnects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await DiscordServer.start() as server:
        moot = await moot_on(server, tmp_path, monkeypatch)
        await moot.start()
        moot.running.cancel()
        await asyncio.wait([moot.running])
        assert moot.running.cancelled()
        await server.wait_for(lambda: not server.gateway.is_connected)
        await moot.stop()


async def test_stopping_twice_or_before_the_start_is_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await DiscordServer.start() as server:
        moot = await moot_on(server, tmp_path, monkeypatch)
        await moot.start()
        await moot.platform.close()
        await moot.platform.close()
        await moot.stop()


async def test_a_card_that_is_on_its_way_at_the_end_arrives_and_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_room(tmp_path, monkeypatch) as room:
        gate = room.server.faults.hold("POST", "/channels/*/messages")
        await room.ben.slash(room.channel, "poll", question="Lunch?", options="a | b")
        sending = asyncio.create_task(room.moot.deliveries.settle())
        await gate.reached()
        stopping = asyncio.create_task(room.moot.stop())
        await asyncio.sleep(0.05)
        gate.release()
        await asyncio.gather(stopping, sending)
        await room.moot.start()
        assert await room.moot.troubles() == []
        (card,) = room.channel.messages
        assert await room.moot.rows("select message from outbox") == [(str(card.id),)]


def test_the_library_is_imported_by_this_platform_alone() -> None:
    code = (
        "import sys; import bot.compose, bot.outbox, bot.completion, bot.platforms.console; "
        "assert 'discord' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
