"""The parts put together: a bot that starts, one that cannot, and what each says of itself."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import compose, run
from bot.clock import ALIVE
from bot.settings import Database, Settings
from bot.trouble import Trouble
from core.kernel.clock import to_ms
from tests.databases.stores import fresh_database
from tests.world import SetClock


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = fresh_database(tmp_path).path
    return Settings(database=Database(url=f"sqlite:///{path}"))


@pytest.fixture
def bot(settings: Settings) -> compose.Bot:
    made = compose.Bot(settings)
    made.app = compose.app(SetClock())
    return made


def alive_ms(settings: Settings) -> int | None:
    with closing(sqlite3.connect(settings.database.path)) as db:
        found = db.execute("select value from state where name = ?", (ALIVE,)).fetchone()
    return int(found[0]) if found else None


async def test_a_bot_that_ends_notes_until_when_it_was_at_work(
    bot: compose.Bot, settings: Settings
) -> None:
    await bot.start()
    await bot.run_clock()
    await bot.stop()
    assert alive_ms(settings) == to_ms(SetClock().now())


async def test_a_bot_that_never_came_to_work_does_not_hide_the_outage(
    bot: compose.Bot, settings: Settings
) -> None:
    await bot.start()
    await bot.stop()
    assert alive_ms(settings) is None


async def test_a_start_on_a_locked_database_is_refused_in_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        monkeypatch.context() as hasty,
        closing(sqlite3.connect(settings.database.path, isolation_level=None)) as other,
    ):
        hasty.setattr("bot.database.sqlite.BUSY_MS", 1)
        other.execute("begin immediate")
        with pytest.raises(Trouble, match="it is locked by another program"):
            async with run._started(settings) as started:
                await started.run_clock()
    async with run._started(settings) as started:
        await started.run_clock()
