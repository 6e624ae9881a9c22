"""Checking what is kept: every vote counted again, every journal's chain, a head found."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

from bot.compose import house as our_house
from bot.database.port import Database, open_existing
from bot.progress import Progress
from bot.trouble import Trouble
from core.community import communities
from core.kernel import audit
from core.kernel.clock import from_ms
from core.kernel.feature import Checked, Fault, House
from core.kernel.people import Community
from core.kernel.tx import Tx

# A head is printed with 64 digits; fewer than these could be met by chance or on purpose.
HEAD_DIGITS_MIN = 12
_HEX = re.compile(r"[0-9a-f]+")

Check = tuple[str, Callable[[Tx, int], Checked]]


class BadHead(Trouble):
    """What was given cannot be a head."""

    status = 2


def verify(tx: Tx, house: House) -> Sequence[Checked]:
    """Check every community's journal and what each feature keeps; raises Broken."""
    return [checked for _, checked in checks(tx, house)]


def checks(
    tx: Tx, house: House, told: Callable[[str], None] = lambda _: None
) -> Iterator[tuple[Community, Checked]]:
    """Yield each check of each community as it is made; `told` hears of each before it begins."""
    parts: list[Check] = [("journal entries", audit.check_journal)]
    parts += [(one.name, one.verify) for one in house.features if one.verify is not None]
    known = communities(tx)
    for community in known:
        for part in parts:
            told(f"community {community.id}, {part[0]}")
            yield community, _checked(tx, community, part)
    for number in sorted(set(audit.journals(tx)) - {one.id for one in known}):
        where = f"community {number}"
        fault = Fault(where, "its journal is here, and the community is not")
        yield Community(number, "?", 0), Checked("communities", 0, (fault,))


def _checked(tx: Tx, community: Community, part: Check) -> Checked:
    name, check = part
    try:
        return check(tx, community.id)
    except Exception as error:  # noqa: BLE001 - rows that cannot even be read were changed, too
        what = f"the rows cannot be read ({type(error).__name__}: {error})"
        return Checked(name, 0, (Fault(f"community {community.id}, {name}", what),))


def read_head(written: str) -> str:
    """Return the digits of a head, 64 or the first 12 or more of them; raises BadHead."""
    head = "".join(written.split()).rstrip("….").lower()
    if not _HEX.fullmatch(head) or not HEAD_DIGITS_MIN <= len(head) <= audit.HASH_DIGITS:
        raise BadHead(
            f"a head is {audit.HASH_DIGITS} hexadecimal digits, as a result card prints it; "
            f"the first {HEAD_DIGITS_MIN} or more of them will do."
        )
    return head


def find_head(tx: Tx, head: str) -> tuple[list[str], bool]:
    """Return what there is to say of a head, and whether it stands in a chain that is whole."""
    found = audit.find_heads(tx, head)
    if not found:
        return [f"head {head}: no journal here has it."], False
    if len(found) > 1:
        return [f"head {head}: several entries start so; give more digits."], False
    number, seq, at_ms, whole = found[0]
    where = f"community {number} ({_names(tx).get(number, '?')}), journal entry {seq}"
    at = f"{from_ms(at_ms):%Y-%m-%d %H:%M:%S} UTC"
    try:
        broken = audit.broken_at(tx, number, seq)
    except ValueError:
        broken = seq
    if broken is not None:
        return [f"head {head}: {where}, {at}, but the chain is broken at entry {broken}."], False
    return [f"head {whole.hex()}:", f"  {where}, {at}; the chain is whole up to there."], True


def command(
    database: Database, written: str | None, out: TextIO, terminal: TextIO | None = None
) -> int:
    """Verify a database and say what was found; return the exit status.

    A terminal sees meanwhile how far it is.
    """
    head = None if written is None else read_head(written)
    house = our_house()
    tx = open_existing(database)
    try:
        tx.begin(is_writing=False)
        with Progress(terminal) as progress:
            is_whole = _tell(tx, house, out, progress)
        if head is not None:
            lines, is_found = find_head(tx, head)
            out.writelines(f"{line}\n" for line in lines)
            is_whole = is_whole and is_found
    finally:
        tx.close()
    return 0 if is_whole else 1


def _tell(tx: Tx, house: House, out: TextIO, progress: Progress) -> bool:
    """Write a line for each check, its faults below it, and the sum at the end."""
    n_faults = 0
    told: set[int] = set()
    for community, checked in checks(tx, house, progress.at):
        n_faults += len(checked.faults)
        with progress.aside():
            if community.id not in told:
                out.write(f"community {community.id} ({_plain(community.name)})\n")
            out.writelines(_lines(checked))
            out.flush()
        told.add(community.id)
    if not told:
        out.write("There is no community yet, so there is nothing to verify.\n")
    elif n_faults:
        out.write(f"{n_faults} {'difference' if n_faults == 1 else 'differences'} found.\n")
    else:
        out.write("Everything fits.\n")
    return n_faults == 0


def _lines(checked: Checked) -> Iterator[str]:
    n = len(checked.faults)
    yield f"  {checked.what}: {checked.n} checked, {f'{n} differ' if n else 'all fit'}\n"
    for one in checked.faults:
        yield f"    DIFFERS {_plain(f'{one.where}: {one.what}')}\n"


def _names(tx: Tx) -> dict[int, str]:
    return {one.id: _plain(one.name) for one in communities(tx)}


def _plain(words: str) -> str:
    """Return words that cannot move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in words)
