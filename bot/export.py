"""Writing a community's votes, ballots, members, settings and journal as files, whole or not."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from bot.compose import house as our_house
from bot.database.port import Database, open_existing
from bot.platforms import console
from bot.progress import Progress
from bot.sheets import write_json, write_sheet
from bot.system import SystemClock
from bot.trouble import Trouble
from core.community import communities, find, settings_sheet
from core.kernel import audit
from core.kernel.clock import Clock, from_ms
from core.kernel.feature import House, Sheet
from core.kernel.people import Community
from core.kernel.tx import Tx
from core.kernel.words import skeleton

SHOWN_MAX = 20
# Longer numbers are no id of ours.
ID_DIGITS_MAX = 15


class ExportError(Trouble):
    """The export could not be made; nothing stands where it should be."""


def export(
    tx: Tx,
    house: House,
    folder: Path,
    chosen: list[Community],
    clock: Clock,
    told: Callable[[str], None] = lambda _: None,
) -> list[str]:
    """Write communities to a folder that is new or empty; return a line for each.

    `told` hears of each table before it is written. All is written beside the folder's place and
    then given its name, so that half an export is never seen. `tx` is one snapshot. Raises
    ExportError or OSError.
    """
    _check_free(folder)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    try:
        lines = [_readable(tx, house, made, one, clock, told) for one in chosen]
        made.rename(folder)  # takes the place of an empty folder, of nothing else
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return lines


def choose(tx: Tx, wanted: str | None) -> list[Community]:
    """Return the communities that are meant: by id, by name, as `room` or `discord:<guild id>`."""
    known = communities(tx)
    if wanted is None:
        return known
    platform, _, space = wanted.partition(":")
    if wanted == console.NAME:
        platform, space = console.NAME, console.SPACE
    found = find(tx, platform, space) if space else None
    if found is not None:
        return [found[0]]
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= ID_DIGITS_MAX:
        named = [one for one in known if one.id == int(wanted)]
    else:
        named = [one for one in known if skeleton(one.name) == skeleton(wanted)]
    if len(named) == 1:
        return named
    listed = "; ".join(f"{one.id} {one.name}" for one in (named or known)[:SHOWN_MAX])
    if named:
        raise ExportError(f"several communities have that name; give the number: {listed}.")
    raise ExportError(f"there is no community {wanted[:80]!r}; there are: {listed or 'none yet'}.")


def command(
    database: Database,
    folder: Path,
    wanted: str | None,
    out: TextIO,
    terminal: TextIO | None = None,
) -> int:
    """Export a database and say what was written; return the exit status.

    A terminal sees meanwhile how far it is.
    """
    tx = open_existing(database)
    try:
        tx.begin(is_writing=False)
        with Progress(terminal) as progress:
            chosen = choose(tx, wanted)
            lines = export(tx, our_house(), folder, chosen, SystemClock(), progress.at)
    finally:
        tx.close()
    out.writelines(f"{line}\n" for line in lines)
    out.write(f"Written to {folder}.\n")
    return 0


def _check_free(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ExportError(f"{folder} is no folder; name one that is new or empty.")
    if folder.exists() and any(folder.iterdir()):
        raise ExportError(f"{folder} is not empty; an export never overwrites. Name another.")
    if not folder.parent.is_dir():
        raise ExportError(f"there is no folder {folder.parent}; make it first.")


def _readable(
    tx: Tx,
    house: House,
    made: Path,
    community: Community,
    clock: Clock,
    told: Callable[[str], None],
) -> str:
    try:
        return _community(tx, house, made, community, clock, told)
    except (ValueError, LookupError, TypeError) as error:  # rows that were changed from outside
        raise ExportError(
            f"community {community.id} cannot be exported, because rows of it cannot be read "
            f"({error}). 'folkmoot verify' says which."
        ) from error


def _community(
    tx: Tx,
    house: House,
    made: Path,
    community: Community,
    clock: Clock,
    told: Callable[[str], None],
) -> str:
    folder = made / f"community-{community.id}"
    folder.mkdir()
    sheets = [
        sheet
        for feature in house.features
        if feature.export is not None
        for sheet in feature.export(tx, community.id)
    ]
    sheets += [settings_sheet(tx, community.id, house), _journal(tx, community.id)]
    written = {}
    for sheet in sheets:
        told(f"community {community.id}, {sheet.name}")
        written[sheet.name] = write_sheet(folder, sheet)
    written |= _papers(tx, house, folder, community.id)
    about = {
        "community": community.id,
        "name": community.name,
        "exported": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
        "rows": written,
    }
    write_json(folder / "community.json", about)
    counts = ", ".join(f"{name} {n}" for name, n in written.items())
    return f"community {community.id} ({community.name}): {counts}"


def _papers(tx: Tx, house: House, folder: Path, community: int) -> dict[str, int]:
    """Write each feature's documents; return how many there are in each folder."""
    written: dict[str, int] = {}
    for feature in house.features:
        for paper in feature.papers(tx, community) if feature.papers is not None else ():
            path = folder / f"{paper.name}.json"
            path.parent.mkdir(exist_ok=True)
            write_json(path, paper.value)
            written[path.parent.name] = written.get(path.parent.name, 0) + 1
    return written


def _journal(tx: Tx, community: int) -> Sheet:
    """Return the journal as it is chained: sealed values stand as digests."""
    header = ("entry", "at", "at_ms", "command", "version", "asked_by", "member", "request",
              "args", "facts", "hash")  # fmt: skip
    return Sheet("journal", header, _entries(tx, community))


def _entries(tx: Tx, community: int) -> Iterator[list[Any]]:
    for one in audit.entries(tx, community):
        yield [one.seq, from_ms(one.at_ms), one.at_ms, one.command, one.version, one.kind,
               one.member, one.request, one.args, one.facts, one.hash]  # fmt: skip
