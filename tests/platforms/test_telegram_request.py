"""The library's requests over our transport: files, refusals, time, and never the token."""

from collections.abc import AsyncIterator

import pytest
import telegram
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.platforms.telegram.request import AiohttpRequest
from tests.platforms.telegram_server import Chat, TelegramServer


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A server, and nobody at it yet."""
    async with await TelegramServer.start() as here:
        yield here


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[telegram.Bot]:
    """The library's client over our transport."""
    url = f"{server.api_url}/bot"
    async with telegram.Bot(server.token, base_url=url, request=AiohttpRequest()) as here:
        yield here


@pytest.fixture
def chat(server: TelegramServer) -> Chat:
    """A group with the bot in it."""
    return server.add_group("Makers")


async def test_a_file_arrives_as_it_was_sent(bot: telegram.Bot, chat: Chat) -> None:
    content = bytes(range(256)) * 3_000
    name = "Bücher & Kasse.csv"
    await bot.send_document(chat.id, content, filename=name, caption="<b>books</b> für alle",
                            parse_mode="HTML")  # fmt: skip
    shown = chat.last
    assert shown.file is not None
    assert (shown.file.name, shown.file.content) == (name, content)
    assert shown.text == "books für alle"


async def test_a_text_arrives_as_it_was_sent(bot: telegram.Bot, chat: Chat) -> None:
    letters = "".join(map(chr, range(33, 127))) + "ü█😀\u202e\u200d"
    text = f"a&text=b;c=d {letters}\n+ %2B  100 %"
    await bot.send_message(chat.id, text)
    assert chat.last.text == text


async def test_what_is_refused_says_so_over_multipart_too(bot: telegram.Bot, chat: Chat) -> None:
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_document(chat.id, b"a,b", filename="books.csv", caption="x" * 1025)


async def test_who_is_slow_and_who_hangs_up_are_told_apart_and_the_token_is_in_neither(
    server: TelegramServer, bot: telegram.Bot, chat: Chat
) -> None:
    gate = server.faults.hold("sendMessage")
    with pytest.raises(TimedOut):
        await bot.send_message(chat.id, "hello", read_timeout=0.2)
    await gate.reached()
    gate.release()
    server.faults.fail("sendMessage", status=None)
    with pytest.raises(NetworkError) as cut:
        await bot.send_message(chat.id, "hello")
    server.go_down()
    with pytest.raises(NetworkError) as away:
        await bot.send_message(chat.id, "hello")
    for trouble in (cut.value, away.value):
        assert not isinstance(trouble, TimedOut)
        assert server.token not in f"{trouble!r} {trouble.__cause__!r}"
