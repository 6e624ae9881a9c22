"""Reading PostgreSQL from the asynchronous side: a pool, a new read transaction each time."""

import asyncio
from typing import Any

import asyncpg

from bot.database.dialect import for_postgres
from bot.database.postgres_trouble import PostgresTrouble
from core.kernel.tx import Args, Row

# Autocomplete, agenda scans and a page or an export at a time.
CONNECTIONS = 4
ANSWER_S = 30
# After a restart every connection of the pool is dead, and each is found out by using it.
TRIES_MAX = CONNECTIONS + 2
PAUSE_S = 0.1


class PostgresReaders:
    """A few connections that are shared and cannot write."""

    def __init__(self, url: str) -> None:
        """Take the database's url; `open` connects."""
        self._url = url
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """Connect."""
        try:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=CONNECTIONS,
                command_timeout=ANSWER_S,
                init=_whole_sums,
                server_settings={
                    "application_name": "folkmoot readers",
                    "default_transaction_read_only": "on",
                },
            )
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise _away(error) from error

    async def all(self, sql: str, args: Args = ()) -> list[Row]:
        """Return every row, as of now: an answered write is always seen.

        Where the server was restarted meanwhile it is asked again. Raises Broken.
        """
        assert self._pool is not None
        for tried in range(1, TRIES_MAX + 1):
            try:
                return [tuple(row) for row in await self._pool.fetch(for_postgres(sql), *args)]
            except (
                OSError,
                TimeoutError,
                asyncpg.PostgresConnectionError,
                asyncpg.CannotConnectNowError,
                asyncpg.AdminShutdownError,
                asyncpg.CrashShutdownError,
            ) as error:
                if tried == TRIES_MAX:
                    raise _away(error) from error
                await asyncio.sleep(PAUSE_S * tried)
        raise AssertionError

    async def close(self) -> None:
        """Disconnect."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool = None


async def _whole_sums(connection: Any) -> None:
    """Read sums of whole numbers, which the server widens, as the whole numbers they are."""
    await connection.set_type_codec(
        "numeric", schema="pg_catalog", encoder=str, decoder=int, format="text"
    )


def _away(error: Exception) -> PostgresTrouble:
    return PostgresTrouble(str(error) or type(error).__name__, is_passing=True, is_away=True)
