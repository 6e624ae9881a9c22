"""Replaying a journal into a fresh database: time, salts and keys come from the record."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core import execution
from core.kernel import audit
from core.kernel.canonical import decode, sha256
from core.kernel.clock import from_ms
from core.kernel.fields import OptionKind
from core.kernel.journal import Entry
from core.kernel.request import AccountRef, Asker, Kind, Place, Request
from tests.world import SeededChance, World


class RecordedChance:
    """Gives what was drawn then, in the order in which it is drawn again."""

    def __init__(self) -> None:
        self.drawn: deque[bytes] = deque()

    def draw(self, n: int) -> bytes:
        found = self.drawn.popleft()
        assert len(found) == n
        return found


class Replay:
    """One journal, run again."""

    def __init__(self, original: World, folder: Path) -> None:
        self._from = original
        self.world = World(folder)
        self._chance = RecordedChance()
        self.world.app.chance = self._chance
        self._keys = {
            sha256([key.hex()]).hex(): key
            for table in ("proposal", "payday")
            for key in _all(original, f"select lot_key from {table}")
        }
        self._keys |= {
            sha256([salt.hex()]).hex(): salt
            for salt in _all(original, "select salt from community")
        }
        chance = original.app.chance
        if isinstance(chance, SeededChance):
            self._keys |= {sha256([key.hex()]).hex(): key for key in chance.drawn}
        entries = [entry.seq for entry in audit.entries(original.tx, 1)]
        self._seals = audit.secrets(original.tx, 1, entries)
        names = dict[int, str](original.tx.all("select id, name from member"))
        behind = original.tx.all("select member, platform, account from account")
        accounts = {member: (platform, account) for member, platform, account in behind}
        # Whose accounts are another's now still spoke for themselves then.
        accounts |= original.accounts
        self._accounts = {who: (*account, names[who]) for who, account in accounts.items()}

    def run(self) -> World:
        """Run every entry again and return the world that comes of it."""
        place = None
        for entry in audit.entries(self._from.tx, 1):
            if entry.command == "found":
                name = _all(self._from, "select name from community")[0]
                place = Place(entry.args["platform"], entry.args["space"], space_name=name)
                founding = entry
                continue
            self.world.clock.set(from_ms(entry.at_ms))
            self._look(entry)
            self._chance.drawn.extend(self._draws(founding) if entry.seq == 2 else ())
            self._chance.drawn.extend(self._draws(entry))
            reply = self.world.ask(self._request(entry, place))
            assert reply.error is None, (entry, reply.error)
            assert not self._chance.drawn, entry
        return self.world

    def _look(self, entry: Entry) -> None:
        """Have the world hold what this entry saw of a chain then."""
        for what, token, *read in entry.facts.get("seen", ()):
            assert what == "balance"
            self.world.tx.run("delete from chain_balance where token = ?", (token,))
            if read:
                amount, block, at_ms = read
                execution.note_balance(self.world.tx, token, int(amount), block, at_ms)

    def _draws(self, entry: Entry) -> Iterator[bytes]:
        """Yield keys, then the salts of sealed facts, then those of sealed options."""
        for _, digest in entry.facts.get("drawn", ()):
            yield self._keys[digest]
        for name, _ in audit.sealed_of(entry):
            if name in entry.facts:
                yield self._salt(entry, name)
        for name in sorted(entry.args):
            if (entry.seq, name) in self._seals:
                yield self._salt(entry, name)

    def _salt(self, entry: Entry, name: str) -> bytes:
        salt, _ = self._seals[entry.seq, name]
        assert isinstance(salt, bytes)
        return salt

    def _request(self, entry: Entry, place: Place | None) -> Request:
        args = {
            name: self._named(entry, name, self._value(entry, name, value))
            for name, value in entry.args.items()
            if value is not None
        }
        if entry.kind != "person":
            asker = Asker(kind=Kind(entry.kind))
            key, _, due = entry.request.removeprefix("agenda:").rpartition("@")
            agenda = (key, int(due)) if entry.request.startswith("agenda:") else None
            return Request(
                entry.request, entry.command, args, asker, is_stored=True,
                version=entry.version, community=1, agenda=agenda,
            )  # fmt: skip
        assert entry.member is not None
        platform, account, name = self._accounts[entry.member]
        asker = Asker(
            platform=platform,
            account=account,
            name=name,
            is_admin=entry.facts.get("admin", False),
            joined_at=from_ms(0),
        )
        channel = Place(
            place.platform, place.space, entry.facts.get("channel", "room"),
            entry.facts.get("thread", ""), place.space_name,
        ) if place else None  # fmt: skip
        declared = self.world.house.commands[entry.command].declaration
        if "again" in entry.facts:
            again = f"again:{entry.facts['again']}"
            return Request(entry.request, "", {}, asker, channel, press=again)
        # What no person types came from a button.
        press = None if declared.is_typed else ":".join(
            [declared.joined, *(str(args[option.name]) for option in declared.options)]
        )  # fmt: skip
        return Request(entry.request, entry.command, args, asker, channel, press=press)

    def _named(self, entry: Entry, name: str, value: Any) -> Any:
        """Return a member as the platform named them then: perhaps nobody knew them yet."""
        option = self.world.house.commands[entry.command].declaration.by_name[name]
        if option.kind is not OptionKind.MEMBER or entry.kind != "person":
            return value
        platform, account, known_as = self._accounts[int(value.removeprefix("&"))]
        return AccountRef(platform, account, known_as, joined_at=from_ms(0))

    def _value(self, entry: Entry, name: str, value: Any) -> Any:
        if isinstance(value, dict) and value.keys() == {"sealed"}:
            _, kept = self._seals[entry.seq, name]
            assert kept is not None
            return decode(kept)
        return value


def _all(world: World, sql: str) -> list[Any]:
    return [row[0] for row in world.tx.all(sql)]
