"""What goes wrong with a PostgreSQL server, sorted: what passes, what needs a person."""

import psycopg
from psycopg import errors

from core.kernel.errors import Broken
from core.kernel.held import Spoiled

# By SQLSTATE or its class, from the manual's appendix "PostgreSQL Error Codes".
# Waiting or trying again helps: connections, conflicts, shutdown, too many clients, lock waits.
_PASSING = ("08", "40", "53300", "55P03", "55006", "57P01", "57P02", "57P03", "57P05", "57014")
# A person has to see to these: no room, no memory, read-only, disk errors, our own rights.
_LASTING = ("25006", "28", "3D000", "42501", "53", "57", "58", "F0", "XX")


class PostgresTrouble(Broken):
    """The server could not do it; `is_passing` says whether waiting may help.

    `is_away` says that there is no connection: then nothing can be read either.
    """

    def __init__(self, said: str, *, is_passing: bool, is_away: bool, code: str = "") -> None:
        """Take the first line of what the driver says: others may repeat values."""
        super().__init__(said.strip().partition("\n")[0])
        self.code = code
        self.is_passing = is_passing
        self.is_away = is_away


def sorted_out(error: psycopg.Error, *, is_away: bool) -> Exception:
    """Return what to raise: Broken for the server's troubles, Spoiled after one, else itself."""
    code = error.sqlstate or ""
    if isinstance(error, errors.InFailedSqlTransaction):
        return Spoiled("an earlier statement of this transaction was refused")
    is_lost = is_away or (not code and isinstance(error, psycopg.OperationalError))
    if is_lost or code.startswith(_PASSING):
        return PostgresTrouble(str(error), is_passing=True, is_away=is_lost, code=code)
    if code.startswith(_LASTING):
        return PostgresTrouble(str(error), is_passing=False, is_away=False, code=code)
    return error
