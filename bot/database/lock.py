"""One process a database: a lock file, held as long as the process lives."""

import fcntl
from pathlib import Path
from typing import TextIO

from bot.trouble import Trouble


class InUse(Exception):
    """Another Folkmoot works on this database."""


class Lock:
    """An exclusive lock beside the database's file; the system frees it when we are gone."""

    def __init__(self, database: Path) -> None:
        """Take the database's path."""
        self.path = database.with_name(database.name + ".lock")
        self._file: TextIO | None = None

    def take(self) -> None:
        """Take the lock, or raise InUse at once; raises Trouble where it cannot be made."""
        try:
            file = self.path.open("a")
        except FileNotFoundError as error:
            text = f"there is no folder {self.path.parent}; make it, or correct [database] url."
            raise Trouble(text) from error
        except OSError as error:
            text = (
                f"{self.path} cannot be written: {error.strerror}. The user that runs the bot "
                "has to be able to write in that folder, and its disk needs room."
            )
            raise Trouble(text) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise InUse(str(self.path)) from error
        self._file = file

    def free(self) -> None:
        """Give the lock back; the file stays, as removing it would race with the next."""
        if self._file is not None:
            self._file.close()
            self._file = None
