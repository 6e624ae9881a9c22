"""What network and platform do to us on Telegram: nothing is lost, nothing counts twice."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.outbox import Postponed
from bot.platforms.telegram import TelegramRefused
from tests.databases.stores import fresh_database
from tests.platforms.telegram_moot import Moot, Room, open_room
from tests.platforms.telegram_server import TelegramServer
from tests.platforms.watch import PATIENCE_S
from tests.ports import held_port

PUBLIC_URL = "https://moot.example"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A group with three people and a running bot."""
    async with open_room(tmp_path) as here:
        yield here


async def test_an_update_delivered_twice_counts_once(room: Room) -> None:
    await room.poll()
    room.server.updates.repeat()
    await room.moot.handled()
    await room.moot.restart()
    room.server.updates.repeat()
    await room.moot.settle()
    assert await room.moot.rows("select count(*) from proposal") == [(1,)]


async def test_a_press_twice_stale_or_forged_is_one_ballot_or_none(room: Room) -> None:
    card = await room.poll()
    first = await room.ben.presses(card, "Soup")
    first.deliver()
    await room.server.wait_for(lambda: first.refused)
    for forged in ("vote:99:#1", "vote:1:#9", "nonsense", "#7", "?y:x", "?g:1", "@1|vote:1:1", "🗳"):
        answer = await room.cleo.presses(card, data=forged, raw=True)
        assert answer.text or forged.startswith("?g")
    assert await room.moot.turnout() == 1


async def test_a_press_that_expired_counts_all_the_same(room: Room) -> None:
    card = await room.poll()
    late = await room.ben.presses(card, "Soup", late=True)
    assert not late.is_answered
    assert await room.moot.turnout() == 1


async def test_a_press_whose_answer_is_lost_counts_once_however_often_it_comes(room: Room) -> None:
    card = await room.poll()
    for status in (502, None):
        room.server.faults.lose("answerCallbackQuery", status=status)
        first = await room.ben.presses(card, "Soup")
        first.deliver()
        await room.moot.handled()
        await room.ben.presses(card, "Soup")
    await room.moot.settle()
    assert await room.moot.turnout() == 1
    assert "1 person voted." in card.text
    assert room.server.faults.left == []


async def test_a_stale_card_points_to_the_live_one(room: Room) -> None:
    room.server.faults.lose("sendMessage", chat_id=room.chat.id, times=2)
    card = await room.poll()
    assert "Lunch?" in card.text
    cards = [one for one in room.chat.bot_messages if one.buttons]
    assert len(cards) == 2
    await room.ben.presses(cards[0], "Soup")
    await room.moot.settle()
    assert await room.moot.turnout() == 1
    assert cards[0].buttons == []
    assert "1 person voted." in cards[1].text


async def test_a_deleted_card_is_sent_anew(room: Room) -> None:
    card = await room.poll()
    card.delete()
    await room.says(room.ben, "/vote 1 Soup")
    again = await room.card()
    assert again is not card
    assert "1 person voted." in again.text


async def test_old_buttons_work_after_a_restart(room: Room) -> None:
    card = await room.poll()
    await room.moot.restart()
    answer = await room.cleo.presses(card, "Soup")
    assert "Soup" in answer.text
    await room.moot.settle()
    assert "1 person voted." in card.text


async def test_a_full_chat_is_left_alone_for_as_long_as_it_asks(room: Room) -> None:
    card = await room.poll()
    room.server.faults.limit("editMessageText", retry_after_s=2, chat_id=room.chat.id)
    await room.cleo.presses(card, "Soup")
    await room.moot.handled()
    await room.moot.deliver()
    n = len(room.server.audit.to("editMessageText"))
    await room.moot.deliver()
    assert len(room.server.audit.to("editMessageText")) == n
    assert "wait" in (await room.moot.troubles())[0]
    room.moot.platform._desk.sender._quiet_until.clear()  # type: ignore[union-attr]
    await room.moot.advance(minutes=1)
    assert "1 person voted." in card.text


@pytest.mark.parametrize("status", [500, 502, None])
async def test_a_card_outlives_trouble(room: Room, status: int | None) -> None:
    card = await room.poll()
    room.server.faults.fail("editMessageText", status=status, times=2)
    await room.cleo.presses(card, "Soup")
    await room.moot.advance(minutes=2)
    assert "1 person voted." in card.text


async def test_a_bot_that_is_muted_meanwhile_keeps_what_it_cannot_show(room: Room) -> None:
    room.ben.says(room.chat, "/poll Lunch? Pizza | Soup")
    await room.moot.handled()
    room.chat.mute_bot()
    await room.moot.settle()
    assert "I may not write in the group" in await room.moot.troubles()


async def test_an_outage_is_sat_out(room: Room) -> None:
    n_polls = room.server.audit.polls
    room.server.go_down()
    await room.server.wait_for(lambda: room.server.audit.polls > n_polls)
    room.ben.says(room.chat, "/poll Lunch? Pizza | Soup")
    room.server.come_back()
    card = await room.card()
    assert "Lunch?" in card.text


# The start, and who else polls


async def start(server: TelegramServer, folder: Path, **settings: object) -> Moot:
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    moot = Moot(server, fresh_database(folder))
    moot.settings = settings
    try:
        await moot.start()
    except TelegramRefused:
        await moot.stop()
        raise
    return moot


async def test_a_wrong_token_is_fatal_and_not_repeated(tmp_path: Path) -> None:
    async with await TelegramServer.start() as server:
        with pytest.raises(TelegramRefused, match="does not accept the token") as refusal:
            await start(server, tmp_path, token="12345:wrong-one")
        assert "wrong-one" not in str(refusal.value)


async def test_a_second_poller_is_fatal_and_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    async with await TelegramServer.start() as server:
        first = await start(server, tmp_path / "one")
        second = await start(server, tmp_path / "two")
        with pytest.raises(TelegramRefused, match="Somebody else takes the updates"):
            await asyncio.wait_for(first.running, PATIENCE_S)
        await first.stop()
        # The last poll of the one that ends must not end the other's.
        room = Room(second, server.add_group("Makers"))
        assert "Lunch?" in (await room.poll()).text
        assert not second.running.done()
        await second.stop()


async def test_telegram_out_of_reach_at_the_start_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.telegram.adapter.RETRY_S", 0.01)
    async with await TelegramServer.start() as server:
        server.faults.fail("getMe", status=None, times=2)
        server.faults.fail("setMyCommands", status=502)
        server.faults.fail("deleteWebhook", status=502)
        moot = await start(server, tmp_path)
        assert moot.platform.ready.is_set()
        await moot.stop()


async def test_menus_are_set_by_scope_and_only_when_changed(room: Room) -> None:
    menus = room.server.menus
    assert menus.uploads == 3
    assert "config_set" in menus.shown_to(room.ana, room.chat)
    assert "config_set" not in menus.shown_to(room.ben, room.chat)
    assert "poll" in menus.shown_to(room.ben, room.chat)
    assert "config_set" in menus.shown_to(room.ben, room.ben.private)
    await room.moot.restart()
    assert menus.uploads == 3


async def test_what_was_accepted_is_finished_at_the_end(room: Room) -> None:
    gate = room.server.faults.hold("getChatMember")
    room.ben.says(room.chat, "/poll Lunch? Pizza | Soup")
    await gate.reached()
    stopping = asyncio.create_task(room.moot.stop())
    await asyncio.sleep(0.02)
    gate.release()
    await stopping
    assert "#1 is open" in room.chat.bot_messages[-1].text
    with pytest.raises(Postponed):
        await room.moot.platform.show(None)  # type: ignore[arg-type]
    await room.moot.start()


async def test_a_card_that_is_on_its_way_at_the_end_arrives_and_is_known(room: Room) -> None:
    room.ben.says(room.chat, "/poll Lunch? Pizza | Soup")
    await room.moot.handled()
    gate = room.server.faults.hold("sendMessage")
    sending = asyncio.create_task(room.moot.deliver())
    await gate.reached()
    stopping = asyncio.create_task(room.moot.stop())
    await asyncio.sleep(0.02)
    gate.release()
    await asyncio.gather(stopping, sending)
    await room.moot.start()
    assert await room.moot.troubles() == []
    (card,) = [one for one in room.chat.bot_messages if one.buttons]
    sent = await room.moot.rows("select message from outbox where kind = 'card'")
    assert sent == [(str(card.id),)]


# Pushed updates


async def test_pushed_updates_are_taken_and_a_wrong_secret_is_not(tmp_path: Path) -> None:
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    logging.getLogger("tornado.access").setLevel(logging.CRITICAL)
    port = held_port()
    async with await TelegramServer.start() as server:
        server.webhook.stand_in_front(PUBLIC_URL, f"http://127.0.0.1:{port}")
        moot = Moot(server, fresh_database(tmp_path))
        moot.settings = {
            "mode": "webhook",
            "webhook_url": f"{PUBLIC_URL}/hook",
            "webhook_listen": f"127.0.0.1:{port}",
        }
        room = Room(moot, server.add_group("Makers"))
        await moot.start()
        card = await room.poll()
        assert "Soup" in (await room.cleo.presses(card, "Soup")).text
        assert server.audit.polls == 0
        assert len(server.webhook.secret) > 30
        async with aiohttp.ClientSession() as session:
            forged = {"update_id": 1, "message": server.updates.log[-1]}
            url = f"http://127.0.0.1:{port}/hook"
            headers = {"X-Telegram-Bot-Api-Secret-Token": "guessed"}
            async with session.post(url, json=forged, headers=headers) as answer:
                assert answer.status == 403
        server.updates.repeat(2)
        await moot.settle()
        assert await moot.turnout() == 1
        await moot.stop()


async def test_an_address_that_is_taken_is_fatal(tmp_path: Path) -> None:
    async with await TelegramServer.start() as server:
        server.webhook.stand_in_front(PUBLIC_URL, server.api_url)
        with pytest.raises(TelegramRefused, match="Cannot listen on"):
            await start(
                server,
                tmp_path,
                mode="webhook",
                webhook_url=f"{PUBLIC_URL}/hook",
                webhook_listen=f"127.0.0.1:{server.port}",
            )
