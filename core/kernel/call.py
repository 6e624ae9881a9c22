"""All that a running command may touch."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar

from core.kernel import agenda, journal, outbox
from core.kernel.canonical import encode, sha256
from core.kernel.clock import to_ms
from core.kernel.command import Command
from core.kernel.drawing import Drawing
from core.kernel.feature import House
from core.kernel.ids import next_id
from core.kernel.journal import Head, Secret
from core.kernel.outbox import Letter
from core.kernel.people import Community, Member, Space
from core.kernel.request import Asker, Place, Request
from core.kernel.setting import Settings
from core.kernel.unit import Unit

KEY_BYTES = 32

V = TypeVar("V")


class Call:
    """One running command: who, where, when, and the ways to act.

    Nothing else reaches time, chance, ids or the outside from inside a command.
    """

    def __init__(
        self,
        house: House,
        unit: Unit,
        request: Request,
        community: Community,
        space: Space | None,
        visitor: Member | None,
        settings: Settings,
    ) -> None:
        """Take the context; the instant is read here, once."""
        self.house = house
        self.unit = unit
        self.request = request
        self.community = community
        self.space = space
        self.visitor = visitor
        self.settings = settings
        self.tx = unit.tx
        self.now: datetime = unit.clock.now()
        self.now_ms = to_ms(self.now)  # as the database keeps it
        self.actor: Asker = request.asker
        self.facts: dict[str, Any] = {}
        self.secrets: list[Secret] = []
        # What it decided by that was seen outside, also where an effect failed by that.
        self.seen: list[list[Any]] = []
        self.refreshed: set[tuple[int, str]] = set()
        self.known: dict[Hashable, Any] = {}
        self.is_vouching = False
        # The number of the proposal whose effects are being carried out.
        self.decision: int | None = None
        self._letters = 0
        self._sent: set[tuple[int | None, str, str, str]] = set()

    @property
    def place(self) -> Place | None:
        """Where it was asked."""
        return self.request.place

    @property
    def member(self) -> Member:
        """The asking member; the door has seen to it that there is one."""
        if self.visitor is None:
            raise LookupError("this command is not asked by a member")
        return self.visitor

    @property
    def is_admins(self) -> bool:
        """Whether an admin of this community asks, in its home space; noted in the journal."""
        is_home = self.space is not None and self.space.id == self.community.home_space
        found = bool(self.actor.is_admin) and is_home
        self.facts["admin"] = found
        return found

    @property
    def is_admins_here(self) -> bool:
        """Whether an admin of this very space asks, be it the home or not; noted likewise."""
        found = bool(self.actor.is_admin) and self.space is not None
        self.facts["admin"] = found
        return found

    def recall(self, key: Hashable, read: Callable[[], V]) -> V:
        """Return what this batch has read or left already, else read it now."""
        if key in self.unit.known:
            found: V = self.unit.known[key]
            return found
        value = self.known[key] = read()
        return value

    def know(self, key: Hashable, value: Any) -> None:
        """Say how this command leaves something, for the rest of the batch."""
        self.known[key] = value

    def vouch(self) -> None:
        """Say that what this batch has read stands, but for what this command says it knows.

        After a command that writes and does not vouch, the batch forgets what it has read.
        """
        self.is_vouching = True

    def new_id(self, kind: str) -> int:
        """Draw the next id of a kind; the journal keeps it."""
        drawn = next_id(self.tx, kind)
        self.facts.setdefault("ids", []).append([kind, drawn])
        return drawn

    def lot(self, purpose: str) -> bytes:
        """Draw 32 secret bytes; the journal keeps their SHA-256."""
        key = self.unit.chance.draw(KEY_BYTES)
        self.facts.setdefault("drawn", []).append([purpose, sha256([key.hex()]).hex()])
        return key

    def fact(self, name: str, value: Any) -> None:
        """Note something in the journal's line, for everybody to read."""
        self.facts[name] = value

    def saw(self, what: str, *values: Any) -> None:
        """Note what was seen outside of the house, without which nobody could replay this."""
        if [what, *values] not in self.seen:
            self.seen.append([what, *values])

    def seal(self, name: str, value: Any) -> None:
        """Note something in the journal as a salted digest; it is not erased with texts."""
        salt = self.unit.chance.draw(journal.SALT_BYTES)
        encoded = encode(value)
        self.secrets.append(Secret(name, salt, encoded, is_text=False))
        self.facts[name] = {"sealed": journal.seal_encoded(salt, encoded)}

    def later(self, key: str, at: datetime, command: Command) -> None:
        """Put a command of this community on the agenda, or move it."""
        agenda.put(self.tx, self.community.id, self._own(key), at, command)

    def never(self, key: str) -> None:
        """Take a command off the agenda."""
        agenda.drop(self.tx, self._own(key))

    def awaits(self, key: str) -> bool:
        """Whether a command is on the agenda under this key."""
        return agenda.is_put(self.tx, self._own(key))

    def refresh(self, drawing: Drawing, *ids: int | str) -> None:
        """Have the live cards of a drawing edited."""
        self.refreshed.add((self.community.id, drawing.subject(*ids)))

    def queue(self, letter: Letter) -> None:
        """Put a letter in the outbox."""
        outbox.put(self.tx, letter, self.now_ms)
        self._sent.add((letter.space, letter.channel, letter.thread, letter.subject))

    def is_posted_here(self, subject: str | None) -> bool:
        """Whether this command sends what a subject names to the very place where it was asked."""
        place = self.place
        if not self._sent or self.space is None or place is None or place.missing:
            return False
        return (self.space.id, place.channel, place.thread, subject) in self._sent

    def head(self) -> Head:
        """Return where the journal stood before this command."""
        return self.unit.pages.head(self.community.id)

    def journal(self, n: int) -> list[journal.Entry]:
        """Return the newest entries, newest first."""
        return journal.last(self.tx, self.community.id, n)

    def letter_key(self, kind: str) -> str:
        """Return a key for a letter that this command sends once."""
        self._letters += 1
        asked = sha256([self.request.id]).hex()[:8]
        return self._own(f"{kind}:{self.head().seq + 1}:{asked}:{self._letters}")

    def _own(self, key: str) -> str:
        return f"{self.community.id}:{key}"
