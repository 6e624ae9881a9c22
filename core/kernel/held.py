"""This file is the transaction as commands see it: what nobody reads yet waits, and goes together.

A vote writes five rows that nothing reads before the batch ends. Sent one by one, each inside a
savepoint, they would be half of its cost, and on a server database a journey each. So a command
may have rows *held*. They go out grouped by statement, at the latest when the batch ends; whoever
reads or writes anything else sends them first, and so always sees what was done before. A command
gets its savepoint when it first needs one: one whose rows are all held is taken back by
forgetting them.
"""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache

from core.kernel.errors import Broken
from core.kernel.tx import Args, Row, Store, Tx

STATEMENTS_MAX = 1_024


class Spoiled(Exception):
    """Rows that waited were refused by the store: the batch runs again, one at a time."""


@lru_cache(STATEMENTS_MAX)
def is_read(sql: str) -> bool:
    """Whether a statement that returns rows leaves everything as it is."""
    return sql.lstrip()[:6].lower() == "select"


class Held:
    """A transaction over the store's own, with rows that wait.

    `writes` counts the writing statements, so that the door knows whether a command changed
    anything.
    """

    def __init__(self, tx: Store) -> None:
        """Take the open transaction."""
        self._tx = tx
        self._waiting: list[tuple[str, Hashable, Args | Callable[[], Args]]] = []
        self._own = 0  # where the rows of the running command begin
        self._is_running = False
        self._is_saved = False
        self._n_inside = 0  # savepoints that the running command has open itself
        self.writes = 0

    @property
    def apart(self) -> Tx:
        """The transaction without what waits: for reading what none of that can touch."""
        return self._tx

    def hold(self, sql: str, args: Args | Callable[[], Args], key: Hashable = None) -> None:
        """Write a row later, together with others of the same statement.

        Of rows with the same key only the last one is sent, and only its `args` are made where
        they are a function. Statements go in the order in which they were first held; they must
        not depend on each other in any other order.
        """
        self.writes += 1
        self._waiting.append((sql, key, args))

    def one(self, sql: str, args: Args = ()) -> Row | None:
        """Return the first row, or None."""
        self._look(sql)
        return self._tx.one(sql, args)

    def all(self, sql: str, args: Args = ()) -> list[Row]:
        """Return every row."""
        self._look(sql)
        return self._tx.all(sql, args)

    def run(self, sql: str, args: Args = ()) -> None:
        """Write, with nothing to learn from it."""
        self._touch()
        self._tx.run(sql, args)

    def many(self, sql: str, rows: Iterable[Args]) -> None:
        """Write many rows with one statement."""
        self._touch()
        self._tx.many(sql, rows)

    def change(self, sql: str, args: Args = ()) -> int:
        """Write, and return how many rows it touched: the guard of an update."""
        self._touch()
        return self._tx.change(sql, args)

    def savepoint(self) -> None:
        """Open a savepoint inside a command; they nest."""
        self._touch()
        self._tx.savepoint()
        self._n_inside += 1

    def release(self) -> None:
        """Keep what was written since the innermost savepoint."""
        self._tx.release()
        self._n_inside -= 1

    def undo(self) -> None:
        """Take back what was written since the innermost savepoint."""
        self._waiting.clear()  # what waited at the savepoint was sent before it
        self._tx.undo()
        self._n_inside -= 1

    def start(self) -> None:
        """Begin a command (or a job), which can be taken back alone."""
        self._own = len(self._waiting)
        self._is_running = True
        self._is_saved = False
        self._n_inside = 0

    def keep(self) -> None:
        """End the command; what it had held goes with the batch."""
        self._is_running = False
        if self._is_saved:
            self._tx.release()

    def drop(self) -> None:
        """Take back all that the command did."""
        self._is_running = False
        del self._waiting[self._own :]
        if self._is_saved:
            # A bug leaves the savepoints open that it broke out of: back to before the outermost.
            for _ in range(self._n_inside + 1):
                self._tx.undo()

    def send(self) -> None:
        """Send what waits. Raises Broken, or Spoiled where a row was refused."""
        waiting, self._waiting = self._waiting, []
        self._own = 0
        together: dict[str, dict[Hashable, Args | Callable[[], Args]]] = {}
        for at, (sql, key, args) in enumerate(waiting):
            rows = together.get(sql)
            if rows is None:
                rows = together[sql] = {}
            rows[at if key is None else (key,)] = args
        try:
            with self._tx.together():
                for sql, rows in together.items():
                    made = [args() if callable(args) else args for args in rows.values()]
                    self._tx.many(sql, made)
        except Broken:
            raise
        except Exception as error:
            raise Spoiled(str(error)) from error

    def _look(self, sql: str) -> None:
        if not is_read(sql):
            self._touch()
        elif self._waiting:
            if self._is_running and len(self._waiting) > self._own:
                self._save()
            self.send()

    def _touch(self) -> None:
        """Prepare for a write that goes out at once."""
        self.writes += 1
        if self._is_running:
            self._save()
        if self._waiting:
            self.send()

    def _save(self) -> None:
        """Open the command's savepoint behind the rows of the commands before it."""
        if self._is_saved:
            return
        mine = self._waiting[self._own :]
        del self._waiting[self._own :]
        if self._waiting:
            self.send()
        self._tx.savepoint()
        self._is_saved = True
        self._waiting = mine
        self._own = 0
