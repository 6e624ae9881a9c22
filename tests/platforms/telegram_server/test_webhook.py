"""The real library as a web server. This file is updates that are pushed, and their secret."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
from telegram.error import BadRequest, Conflict

from tests.platforms.telegram_server.tiny_bot import Room, TinyBot, open_room_of
from tests.platforms.telegram_server.webhooks import SECRET_HEADER
from tests.ports import held_port

PUBLIC_URL = "https://moot.example"
SECRET = "a_secret-1"


class PushedRoom(Room):
    """A room whose bot listens behind a proxy."""

    async def start_bot(self, *_: str) -> None:
        """Bring a fresh client up on a port of its own."""
        logging.getLogger("tornado.access").setLevel(logging.CRITICAL)
        self.port = held_port()
        self.server.webhook.stand_in_front(PUBLIC_URL, f"http://127.0.0.1:{self.port}")
        self.tiny = TinyBot(self.server.api_url, self.server.token)
        await self.tiny.start_webhook(self.port, PUBLIC_URL, SECRET)
        await self.server.ready()


@pytest.fixture
async def room() -> AsyncIterator[PushedRoom]:
    """A group with two people and a bot that is pushed to."""
    async with open_room_of(PushedRoom) as here:
        yield here


async def test_commands_and_presses_are_pushed(room: PushedRoom) -> None:
    room.ana.says(room.chat, "/poll Lunch?")
    answer = await room.ben.presses(await room.card(), "Pizza")
    assert answer.text == "you took vote:1"
    await room.server.heard()
    assert room.server.webhook.answers == [200, 200]
    assert room.server.audit.polls == 0
    found = await room.bot.get_webhook_info()
    assert (found.url, found.pending_update_count) == (f"{PUBLIC_URL}/hook", 0)


async def test_the_library_refuses_a_wrong_secret(room: PushedRoom) -> None:
    url = f"http://127.0.0.1:{room.port}/hook"
    async with aiohttp.ClientSession() as stranger:
        for headers in ({}, {SECRET_HEADER: "guess"}):
            async with stranger.post(url, json={"update_id": 1}, headers=headers) as response:
                assert response.status == 403
    room.server.webhook.secret = "forgotten"
    room.ana.says(room.chat, "/poll Lunch?")
    await room.server.wait_for(lambda: len(room.server.webhook.answers) >= 2)
    assert set(room.server.webhook.answers) == {403}
    found = await room.bot.get_webhook_info()
    assert found.last_error_message is not None
    assert found.last_error_message.startswith("Wrong response from the webhook: 403")
    assert found.pending_update_count == 1
    room.server.webhook.secret = SECRET
    await room.card()


async def test_a_bot_that_was_down_is_pushed_to_again(room: PushedRoom) -> None:
    await room.tiny.stop()
    room.ana.says(room.chat, "/poll Lunch?")
    await room.server.wait_for(lambda: 0 in room.server.webhook.answers)
    await room.start_bot()
    await room.card()
    await room.server.heard()
    assert len(room.chat.bot_messages) == 1


async def test_an_update_may_be_pushed_twice(room: PushedRoom) -> None:
    room.ana.says(room.chat, "/poll Lunch?")
    await room.card()
    room.server.updates.repeat()
    await room.server.wait_for(lambda: len(room.chat.bot_messages) == 2)
    first, second = room.tiny.update_ids
    assert first == second


async def test_polls_and_webhooks_exclude_each_other(room: PushedRoom) -> None:
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await room.bot.get_updates(timeout=0)
    await room.bot.delete_webhook()
    room.ana.says(room.chat, "/poll Lunch?")
    assert len(await room.bot.get_updates(timeout=0)) == 1
    await room.bot.set_webhook(f"{PUBLIC_URL}/hook", drop_pending_updates=True)
    assert room.server.updates.pending == []


@pytest.mark.parametrize(
    ("url", "secret", "reason"),
    [
        ("http://moot.example/hook", "", "an HTTPS URL must be provided"),
        ("https://moot.example:8081/hook", "", "only on ports 80, 88, 443 or 8443"),
        ("https://nowhere.example/hook", "", "failed to resolve host"),
        (f"{PUBLIC_URL}/hook", "not allowed!", "secret token contains unallowed characters"),
    ],
)
async def test_webhooks_that_are_refused(
    room: PushedRoom, url: str, secret: str, reason: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await room.bot.set_webhook(url, secret_token=secret)
    assert room.server.webhook.url == f"{PUBLIC_URL}/hook"


async def test_a_self_hosted_api_server_takes_plain_http(room: PushedRoom) -> None:
    room.server.webhook.is_self_hosted = True
    await room.bot.set_webhook(f"http://127.0.0.1:{room.port}/hook", secret_token=SECRET)
    room.ana.says(room.chat, "/poll Lunch?")
    await room.card()
