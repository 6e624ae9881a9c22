"""What the terminal offers for a half-typed line."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.completion import Completion
from bot.platforms.console.complete import LineCompleter
from tests.world import World

Offered = Callable[[str], Awaitable[list[str]]]


@pytest.fixture
async def offered(world: World) -> AsyncIterator[Offered]:
    """Return what a line could become, in a room with a poll."""
    world.member("ana").says("/poll Lunch? Pizza | Soup")
    world.member("Anna Lena").says("/vote 1 soup")
    world.member("zoe").says("/vote 1 soup")
    world.member("zoe").says("/forget me yes")
    readers = world.database.readers()
    await readers.open()
    completer = LineCompleter(Completion(world.house, readers), world.house)

    async def offer(line: str) -> list[str]:
        found = completer.get_completions_async(Document(line), CompleteEvent())
        return [line[: len(line) + one.start_position] + one.text async for one in found]

    yield offer
    await readers.close()


@pytest.mark.parametrize(
    ("line", "one_of_them"),
    [
        ("/prop", "/propose "),
        ("ana*: /config s", "ana*: /config set "),
        ("ana:/config_s", "ana:/config set "),
        ("/q", "/quit"),
        ("/a", "/as "),
        ("/as an", "/as ana"),
        ("/as ANNA", "/as Anna Lena"),
        ("ben: /as ", "ben: /as ana"),
        ("an", "ana: "),
        ("Anna L", "Anna Lena: "),
        ("/tip @a", "/tip @ana"),
        ("/tip an", '/tip "Anna Lena"'),
        ('/tip "an', '/tip "Anna Lena"'),
        ("ben: /tip ", "ben: /tip @ana"),
        ("/standing member=@an", "/standing member=@ana"),
        ("Anna Lena: /vot", "Anna Lena: /vote "),
        ("/vote ", "/vote 1"),
        ("/vote lun", "/vote 1"),
        ("/vote 1 so", "/vote 1 2"),
        ("/config set quo", "/config set quorum"),
        ("/config set announce o", "/config set announce off"),
        ("/channel pro", "/channel proposals"),
        ("/help config s", "/help config set"),
        ("/help /pol", "/help poll"),
        ("/poll Lunch? a | b sec", "/poll Lunch? a | b secret="),
        ("/poll Lunch? a | b secret=t", "/poll Lunch? a | b secret=true"),
        ("/propose Paint closes_in=", "/propose Paint closes_in=3d"),
    ],
)
async def test_a_line_can_be_completed(offered: Offered, line: str, one_of_them: str) -> None:
    assert one_of_them in await offered(line)


async def test_an_option_that_is_a_number_is_offered_as_what_it_is(
    offered: Offered, world: World
) -> None:
    world.member("ana").says("/poll How many rooms? 2 | 3 | 1")
    lines = await offered("/vote 2 ")
    assert lines == ["/vote 2 #1", "/vote 2 #2", "/vote 2 #3"]
    for line, choice in zip(lines, "231", strict=True):
        assert f"Your ballot on #2: {choice}." in world.member("ben").says(line)


@pytest.mark.parametrize(
    "line", ["", "hello", "ana: hello", "7", "/nothing at all", "/me ", "/as z", "/tip @z"]
)
async def test_nothing_is_offered_where_nothing_fits(offered: Offered, line: str) -> None:
    assert await offered(line) == []


async def test_who_was_forgotten_is_offered_no_more(offered: Offered) -> None:
    assert await offered("/as ") == ["/as Anna Lena", "/as ana"]
