"""Who comes, goes and is raised in a chat, and what the bot is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.platforms.telegram_server.seats import POSTING_RIGHTS, USUAL_RIGHTS, Seat, Status

if TYPE_CHECKING:
    from tests.platforms.telegram_server.messages import Message
    from tests.platforms.telegram_server.people import User
    from tests.platforms.telegram_server.refusals import Json
    from tests.platforms.telegram_server.world import World


class Membership:
    """The people's side of a chat; what stands in it is in `chats.py`."""

    if TYPE_CHECKING:
        world: World
        seats: dict[int, Seat]

        @property
        def is_channel(self) -> bool: ...
        def note(self, sender: User, extra: Json) -> Message: ...
        def as_json(self) -> Json: ...

    @property
    def owner(self) -> User:
        """Whoever made the chat; there is always one."""
        for seat in self.seats.values():
            if seat.status is Status.CREATOR:
                return seat.user
        owner = self.world.add_user("Owner")
        self.seats[owner.id] = Seat(owner, Status.CREATOR)
        return owner

    @property
    def bot_seat(self) -> Seat:
        """The place of the bot under test."""
        return self.seat_of(self.world.bot)

    @property
    def bot_rights(self) -> frozenset[str]:
        """What the bot may do as an administrator; assign to change it without an update."""
        return self.bot_seat.rights

    @bot_rights.setter
    def bot_rights(self, rights: Iterable[str]) -> None:
        self.bot_seat.rights = frozenset(rights)

    def seat_of(self, user: User) -> Seat:
        """Somebody's place; those who never were here have left."""
        return self.seats.get(user.id) or Seat(user, Status.LEFT)

    def join(
        self,
        user: User,
        status: str = "member",
        *,
        rights: Iterable[str] | None = None,
        by: User | None = None,
        quietly: bool = False,
    ) -> Seat:
        """Let somebody in, or give them another status; `quietly` tells the bot nothing."""
        if status == Status.CREATOR:
            self.seats.pop(self.owner.id)
        was_inside = self.seat_of(user).is_inside
        seat = Seat(user, Status(status), frozenset(rights or ()))
        if rights is None and seat.status is Status.ADMINISTRATOR:
            seat.rights = POSTING_RIGHTS if self.is_channel else USUAL_RIGHTS
        if quietly:
            self.seats[user.id] = seat
            return seat
        self._move(seat, by or user)
        if not was_inside and not self.is_channel:
            self.note(by or user, {"new_chat_members": [user.as_json()]})
        return seat

    def remove(self, user: User, *, by: User | None = None, banned: bool = False) -> None:
        """Somebody leaves, or is thrown out by somebody else."""
        status = Status.KICKED if banned else Status.LEFT
        if not self.is_channel:
            self.note(by or user, {"left_chat_member": user.as_json()})
        self._move(Seat(user, status), by or user)

    def add_bot(self, by: User | None = None) -> None:
        """Somebody invites the bot."""
        self.join(self.world.bot, by=by or self.owner)

    def kick_bot(self, by: User | None = None, *, banned: bool = True) -> None:
        """Somebody throws the bot out; it hears of its new status and of nothing after."""
        status = Status.KICKED if banned else Status.LEFT
        self._move(Seat(self.world.bot, status), by or self.owner)

    def promote_bot(self, *rights: str, by: User | None = None) -> None:
        """Make the bot an administrator with these rights besides the least one."""
        held = {"can_manage_chat", *rights}
        self.join(self.world.bot, "administrator", rights=held, by=by or self.owner)

    def demote_bot(self, by: User | None = None) -> None:
        """Make the bot an ordinary member."""
        self.join(self.world.bot, by=by or self.owner)

    def mute_bot(self, by: User | None = None) -> None:
        """Take from the bot the right to write."""
        self.join(self.world.bot, "restricted", by=by or self.owner)

    def _move(self, seat: Seat, by: User) -> None:
        """Change a seat. Of others the bot hears as an administrator who asked for it."""
        bot = self.world.bot
        before = self.seat_of(seat.user)
        is_heard = seat.user is bot or self.bot_seat.is_admin
        self.seats[seat.user.id] = seat
        if not is_heard:
            return
        told = {
            "chat": self.as_json(),
            "from": by.as_json(),
            "date": int(self.world.now().timestamp()),
            "old_chat_member": before.as_json(is_channel=self.is_channel),
            "new_chat_member": seat.as_json(is_channel=self.is_channel),
        }
        self.world.updates.add("my_chat_member" if seat.user is bot else "chat_member", told)
