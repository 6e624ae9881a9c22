"""Who is meant by a receiver: a reply, a link, or a username that was seen here lately."""

from dataclasses import replace

import telegram

from bot.platforms.telegram import refusals
from bot.platforms.telegram.memory import Memory
from bot.platforms.telegram.read import Named, Wish, name_of
from bot.platforms.telegram.seats import Seats
from core.kernel.fields import Option, OptionKind
from core.kernel.request import AccountRef


class Receivers:
    """Turns who is named into accounts."""

    def __init__(self, seats: Seats, memory: Memory) -> None:
        """Take who looks people up, and who was seen where."""
        self._seats = seats
        self._memory = memory

    async def resolve(self, wish: Wish) -> None:
        """Put the accounts of receivers into the arguments, and note whom to have confirmed.

        A username is read off nowhere but what was seen: whoever has it now may not be who is
        meant, so it is asked back. Raises UserError.
        """
        options = wish.declared.options if wish.declared else ()
        people = [one for one in options if one.kind is OptionKind.MEMBER]
        author = wish.receivers.get("")
        for at, option in enumerate(people):
            named = self._named(wish, option, author if at == 0 else None)
            if named is None:
                continue
            user = await self._user(wish, named)
            if named.user is None:
                wish.doubtful = user
            wish.args = {**wish.args, option.name: await self._account(wish, user)}
        wish.receivers = {}

    def _named(self, wish: Wish, option: Option, author: Named | None) -> Named | None:
        written = wish.receivers.get(option.name)
        if written is None:
            given = wish.args.get(option.name)
            if isinstance(given, AccountRef):
                return None
            if given:
                raise refusals.NotAReceiver(written=str(given)[:40])
            is_wanted = author is not None and author.user is not None
            if is_wanted and (option.is_required or not author.user.is_bot):  # type: ignore[union-attr]
                return author
            return None
        if author is not None and author.user is not None:
            if not _is_same(author.user, written):
                who = f"@{written.username}" if written.user is None else name_of(written.user)
                raise refusals.TwoReceivers(replied=name_of(author.user), written=who[:40])
            return author
        return written

    async def _user(self, wish: Wish, named: Named) -> telegram.User:
        if named.user is not None:
            return named.user
        chat = wish.group.chat
        known = self._memory.seen(chat, named.username)
        seat = await self._seats.look(chat, known) if known is not None else None
        held = seat.user.username if seat is not None and seat.user is not None else None
        if (
            seat is None
            or seat.user is None
            or (held or "").casefold() != named.username.casefold()
        ):
            raise refusals.NeverSeen(username=named.username[:40])
        return seat.user

    async def _account(self, wish: Wish, user: telegram.User) -> AccountRef:
        """Return the account; without a joining where they have left the group."""
        seat = await self._seats.look(wish.group.chat, user.id)
        account = self._seats.account(wish.group.chat, user)
        return replace(account, joined_at=None) if seat.is_member is False else account


def _is_same(author: telegram.User, written: Named) -> bool:
    if written.user is not None:
        return written.user.id == author.id
    return (author.username or "").casefold() == written.username.casefold()
