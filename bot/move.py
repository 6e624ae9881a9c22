"""Carrying all that is kept from one database to another: whole, compared, or not at all."""

import hashlib
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot import verify
from bot.compose import house as our_house
from bot.database.lock import InUse
from bot.database.port import Database, WritableTx
from bot.database.schema import migrate_sqlite
from bot.database.standing import Standing, refusal
from bot.trouble import Trouble
from core.community import communities
from core.kernel import journal
from core.kernel.errors import Broken
from core.kernel.feature import Fault
from core.kernel.held import Spoiled
from core.kernel.tx import Row, Tx

# So many rows are read, and sent, at a time; and told of where a table has many more.
PAGE = 2_000
TOLD_EVERY = 100_000

_TABLES = """
select name from sqlite_master
 where type = 'table' and name <> 'alembic_version' order by name"""
_COLUMNS = "select name, pk from pragma_table_info(?) order by cid"
_LEADS_TO = 'select "table" from pragma_foreign_key_list(?)'


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the schema: its columns, and those of its key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """What a table held: how many rows, and a digest of all of them in the order of the key."""

    n: int
    digest: str


def command(source: Database, target: Database, out: TextIO) -> int:
    """Move everything and say how it went; return the exit status. Raises Trouble or OSError."""
    if source.shown == target.shown:
        raise Trouble(f"{source.shown} cannot be moved to itself; name another --to.")
    if wrong := refusal(source.shown, source.look()):
        raise Trouble(wrong)
    _check_free(target)
    with ExitStack() as held:
        for one in (source, target):
            lock = one.lock()
            try:
                lock.take()
            except InUse as error:
                raise Trouble(f"a Folkmoot is working on {one.shown}; end it first.") from error
            held.callback(lock.free)
        target.migrate()
        try:
            there, here = source.open(), target.open()
        except InUse as error:
            raise Trouble("a Folkmoot has just been started; end it first.") from error
        held.enter_context(closing(there))
        held.enter_context(closing(here))
        try:
            faults = _move(there, here, out)
        except (Broken, Spoiled, sqlite3.Error) as error:
            raise Trouble(f"nothing was moved: {error}.") from error
    out.write(
        f"Everything is in {target.shown} now. Set [database] url to it and start the bot; keep "
        f"{source.shown} until you have seen it at work, and start no bot on that any more.\n"
    )
    return 1 if faults else 0


def _check_free(target: Database) -> None:
    found = target.look()
    if found.standing in {Standing.MISSING, Standing.EMPTY}:
        return
    if found.standing is not Standing.CURRENT:
        raise Trouble(refusal(target.shown, found))
    with closing(target.read()) as tx:
        for table in schema():
            if tx.one(f"select 1 from {table.name} limit 1") is not None:  # noqa: S608 - ours
                raise Trouble(
                    f"{target.shown} is not empty; nothing is ever moved over what is there. Name "
                    "an empty one."
                )


def _move(there: WritableTx, here: WritableTx, out: TextIO) -> list[Fault]:
    """Copy in one transaction, which is committed once both sides are alike."""
    there.begin(is_writing=False)
    here.begin()
    try:
        for table in schema():
            carried = _carry(there, here, table, out)
            if _read(here, table) != carried:
                raise Trouble(f"nothing was moved: {table.name} is not the same on both sides.")
            if carried.n:
                out.write(f"{table.name}: {carried.n:,}\n")
        found = [list(verify.checks(tx, our_house())) for tx in (there, here)]
        if found[0] != found[1] or _heads(there) != _heads(here):
            raise Trouble("nothing was moved: 'verify' does not say the same on both sides.")
        here.commit()
    finally:
        there.rollback()
        here.rollback()
    faults = [fault for _, checked in found[0] for fault in checked.faults]
    n = f"{len(faults)} differ, on both sides alike" if faults else "everything fits on both sides"
    out.write(f"verify: {sum(checked.n for _, checked in found[0]):,} checked, {n}\n")
    out.writelines(f"{line}\n" for line in _heads(here))
    here.rollback()
    return faults


def _carry(there: Tx, here: Tx, table: Table, out: TextIO) -> Carried:
    columns, places = ", ".join(table.columns), ", ".join("?" * len(table.columns))
    add = f"insert into {table.name} ({columns}) values ({places})"  # noqa: S608 - our own names
    digest, n = hashlib.sha256(), 0
    for page in _pages(there, table):
        try:
            here.many(add, page)
        except (Broken, Spoiled):
            raise
        except Exception as error:
            raise Trouble(_unfit(table, page)) from error
        for row in page:
            digest.update(repr(row).encode())
        n += len(page)
        if n % TOLD_EVERY == 0:
            out.write(f"{table.name}: {n:,} so far\n")
            out.flush()
    return Carried(n, digest.hexdigest())


def _unfit(table: Table, page: list[Row]) -> str:
    """Return which row was refused: PostgreSQL takes no NUL in a text, and no text as a number."""
    at = [table.columns.index(name) for name in table.key]
    for row in page:
        if any(isinstance(cell, str) and "\0" in cell for cell in row):
            key = ", ".join(str(row[n]) for n in at)
            return (
                f"nothing was moved: the row {key} of {table.name} has a sign (NUL) that cannot be "
                "kept there."
            )
    return (
        f"nothing was moved: a row of {table.name} cannot be kept there, as if it had been "
        "changed by hand. 'folkmoot verify' may say which."
    )


def _read(tx: Tx, table: Table) -> Carried:
    digest, n = hashlib.sha256(), 0
    for page in _pages(tx, table):
        for row in page:
            digest.update(repr(row).encode())
        n += len(page)
    return Carried(n, digest.hexdigest())


def _pages(tx: Tx, table: Table) -> Iterator[list[Row]]:
    """Yield a table's rows in the order of its key, which both databases sort alike."""
    columns, key = ", ".join(table.columns), ", ".join(table.key)
    start = f"select {columns} from {table.name}"  # noqa: S608 - our own names
    order = f"order by {key} limit {PAGE}"
    places = ", ".join("?" * len(table.key))
    at = [table.columns.index(name) for name in table.key]
    page = tx.all(f"{start} {order}")
    while page:
        yield page
        last = [page[-1][n] for n in at]
        page = tx.all(f"{start} where ({key}) > ({places}) {order}", last)


def _heads(tx: Tx) -> list[str]:
    """Return where each community's journal stands."""
    found = []
    for one in communities(tx):
        head = journal.head(tx, one.id)
        found.append(f"community {one.id}: journal entry {head.seq}, head {head.hash.hex()}")
    return found


def schema() -> list[Table]:
    """Return the tables of this version, those that others lead to first."""
    with tempfile.TemporaryDirectory(prefix="folkmoot-") as folder:
        path = Path(folder) / "schema.db"
        migrate_sqlite(path)
        with closing(sqlite3.connect(path)) as db:
            leads = {
                name: {other for (other,) in db.execute(_LEADS_TO, (name,))} - {name}
                for (name,) in db.execute(_TABLES).fetchall()
            }
            found: list[Table] = []
            while leads:
                name = next(one for one, to in leads.items() if not to & leads.keys())
                del leads[name]
                columns = db.execute(_COLUMNS, (name,)).fetchall()
                key = sorted((place, column) for column, place in columns if place)
                names = tuple(column for column, _ in columns)
                found.append(Table(name, names, tuple(column for _, column in key)))
            return found
