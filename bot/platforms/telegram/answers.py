"""Commands and presses on their way to the engine, and what their askers see of it."""

import logging

import telegram
from telegram.error import TelegramError

from bot.engine import Engine
from bot.platforms.telegram import refusals
from bot.platforms.telegram.marks import units
from bot.platforms.telegram.memory import Memory
from bot.platforms.telegram.read import NAME, Group, Spot, Wish, spot_of
from bot.platforms.telegram.render import GLANCE_MAX, render, toast
from bot.platforms.telegram.rights import Rights
from bot.platforms.telegram.seats import Seat, Seats
from bot.platforms.telegram.sending import Sender, Unreachable
from core.app import Reply
from core.kernel.codec import split_code
from core.kernel.command import Declaration, May
from core.kernel.errors import UserError
from core.kernel.feature import House
from core.kernel.fields import OptionKind
from core.kernel.outbox import Presented
from core.kernel.request import Place, Request

_LOG = logging.getLogger("folkmoot.telegram")


class Answerer:
    """Carries out what is asked in full, and tells the asker."""

    def __init__(
        self,
        engine: Engine,
        house: House,
        sender: Sender,
        seats: Seats,
        rights: Rights,
        memory: Memory,
    ) -> None:
        """Take what requests are handed to, and who looks people up and writes to them."""
        self._engine = engine
        self._house = house
        self._sender = sender
        self._seats = seats
        self._rights = rights
        self._memory = memory

    async def carry_out(self, wish: Wish) -> Reply:
        """Ask the core for what was typed; what only Telegram refuses is refused here."""
        seat = await self._seats.look(wish.group.chat, wish.user.id)
        try:
            await self._check(wish.declared, seat, wish.spot, wish.group, wish.user)
            _check_channels(wish)
        except UserError as error:
            return Reply(refusals.shown(error), error)
        asker = self._seats.asker(wish.group.chat, wish.user, seat)
        is_overheard = not (wish.typed_at or wish.spot).is_private
        place = wish.place(await self._rights.missing(wish.group.chat))
        request = Request(
            wish.request_id,
            wish.path,
            wish.args,
            asker,
            place,
            is_overheard=is_overheard,
            twice=wish.twice,
        )
        return await self._engine.ask(request)

    async def is_read(self, wish: Wish, reply: Reply) -> bool:
        """Whether everybody in the group, the asker too, reads the same as a post of its own.

        Asked anew: what we may do can have changed since, and nobody may stay without an answer.
        """
        if wish.spot.is_private or not reply.is_posted:
            return False
        return await self._rights.may_write(wish.group.chat)

    async def tell(self, wish: Wish, shown: Presented) -> None:
        """Answer where it was asked; raises Unreachable, in private alone."""
        await self._sender.answer(wish.spot, shown, group=str(wish.group.chat))

    async def refuse(self, spot: Spot, error: UserError) -> None:
        """Say why not."""
        await self._sender.answer(spot, refusals.shown(error))

    async def press(self, query: telegram.CallbackQuery, request_id: str) -> None:
        """Take a press of one of the core's buttons; its code is the core's to judge."""
        message = query.message
        assert message is not None
        spot = spot_of(message, query.from_user)
        chat, code = _group_in(query.data or "") if spot.is_private else (spot.chat, query.data)
        if chat is None:
            await self.glance(query, refusals.shown(refusals.GoneMeanwhile()), is_alert=True)
            return
        group = Group(self._memory.moved(chat), message.chat.title or "")
        reply = await self._pressed(query, request_id, spot, group, code or "")
        if not spot.is_private:
            is_alert = reply.error is not None or reply.is_bug or reply.is_unavailable
            await self.glance(query, reply.shown, is_alert=is_alert)
            if reply.shown.view.buttons:
                await self._sender.answer(spot, reply.shown)
            return
        await self.glance(query, None)
        await self._turn(spot, code or "", reply.shown, str(group.chat))

    async def glance(
        self, query: telegram.CallbackQuery, shown: Presented | None, *, is_alert: bool = False
    ) -> None:
        """Answer a press with a few words; that it came too late changes nothing."""
        text = toast(shown) if shown is not None else ""
        try:
            await query.answer(text, show_alert=is_alert or units(text) > GLANCE_MAX)
        except TelegramError as trouble:
            _LOG.info("a press was taken, but not answered: %s", trouble)

    async def _pressed(
        self, query: telegram.CallbackQuery, request_id: str, spot: Spot, group: Group, code: str
    ) -> Reply:
        user = query.from_user
        seat = await self._seats.look(group.chat, user.id)
        joined, *_ = split_code(code)
        found = self._house.joined.get(joined)
        try:
            await self._check(found.declaration if found else None, seat, spot, group, user)
        except UserError as error:
            return Reply(refusals.shown(error), error)
        chat = str(group.chat)
        is_card = not spot.is_private and spot.chat == group.chat
        missing = await self._rights.missing(group.chat)
        channel, thread = ("", "") if spot.is_private else (chat, str(spot.thread or ""))
        place = Place(NAME, chat, channel, thread, group.title, missing)
        asker = self._seats.asker(group.chat, user, seat)
        message = str(spot.message) if is_card else ""
        request = Request(request_id, "", {}, asker, place, press=code, message=message)
        return await self._engine.ask(request)

    async def _turn(self, spot: Spot, code: str, shown: Presented, group: str) -> None:
        """Answer a press in private: what asks to see something takes the message's place."""
        joined, *_ = split_code(code)
        found = self._house.joined.get(joined)
        if found is not None and found.declaration.may is May.ANYONE and spot.message is not None:
            look = render(shown)
            try:
                await self._sender.edit(spot.chat, spot.message, look, look.markup(group))
            except TelegramError:
                _LOG.info("a page could not be turned")
            return
        try:
            await self._sender.answer(spot, shown, group=group)
        except Unreachable:
            _LOG.info("a press in private was carried out, but not answered")

    async def _check(
        self,
        declared: Declaration | None,
        seat: Seat,
        spot: Spot,
        group: Group,
        user: telegram.User,
    ) -> None:
        """Refuse who is not in the group: to take part, and in private to look into it."""
        is_open = declared is not None and declared.may is May.ANYONE
        if seat.is_member is False and (spot.is_private or not is_open):
            await self._memory.leave(user.id, group.chat)
            raise refusals.NotInTheGroup
        if seat.is_member is None and spot.is_private:
            raise refusals.SeatUnknown


def _check_channels(wish: Wish) -> None:
    options = wish.declared.options if wish.declared else ()
    if any(one.kind is OptionKind.CHANNEL and wish.args.get(one.name) for one in options):
        raise refusals.NotHereButTopic


def _group_in(pressed: str) -> tuple[int | None, str]:
    """Return the group and the code of a button in private: `@<group>|<code>`."""
    chat, _, code = pressed.partition("|")
    digits = chat.removeprefix("@").removeprefix("-")
    if not (chat.startswith("@") and digits.isascii() and digits.isdigit() and len(digits) < 18):
        return None, ""
    return int(chat.removeprefix("@")), code
