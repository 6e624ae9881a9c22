"""Whether the PostgreSQL server can be reached and written, and keeps what it promised."""

from collections.abc import Iterator

import psycopg

from bot.checks.finding import Finding, fine, note, wrong
from bot.database.address import read_address
from bot.database.postgres_database import PostgresDatabase
from bot.database.standing import Standing, refusal
from bot.trouble import Trouble
from core.kernel.errors import Broken

_PROBE = "begin; create table folkmoot_check (x integer); rollback"
# What is off here can lose an answered vote when the server's machine loses its power.
_KEEPS = "select name from pg_settings where name = any($1) and setting = 'off'"
_MUST_KEEP = ["fsync", "full_page_writes", "synchronous_commit"]
_VERSION = "show server_version"


def check_postgres(url: str) -> Iterator[Finding]:
    """Yield what there is to say of the server and of our database there."""
    database = PostgresDatabase(read_address(url))
    shown = database.shown
    try:
        found = database.look()
        if found.standing in {Standing.FOREIGN, Standing.NEWER}:
            yield wrong(f"database: {refusal(shown, found)}")
            return
        if found.standing is Standing.OLDER:
            yield note(
                f"database: {shown} has the schema of an older version; it is migrated at the "
                "next start. Make a backup first."
            )
        if found.standing is Standing.EMPTY:
            yield note(f"database: {shown} is empty; its tables are made at the first start.")
        with database.connect() as connection:
            version = connection.execute(_VERSION).fetchone()
            connection.execute(_PROBE, prepare=False)
            off = [name for (name,) in connection.execute(_KEEPS, (_MUST_KEEP,))]
    except Trouble as trouble:
        yield wrong(f"database: {trouble}")
        return
    except (psycopg.Error, Broken) as error:
        said = str(error).strip().partition("\n")[0]
        yield wrong(f"database: {shown} cannot be written to: {said}.")
        return
    yield fine(f"database: {shown} (PostgreSQL {version[0] if version else '?'}) can be written to")
    for name in off:
        yield note(
            f"database: {name} is off on that server, so a vote that was answered can be lost when "
            "its machine loses its power."
        )
