"""What has to be asked back before a command can run: what is missing, who is meant, who asks."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace

import telegram

from bot.platforms.telegram import refusals
from bot.platforms.telegram.answers import Answerer
from bot.platforms.telegram.memory import Memory, Waiting
from bot.platforms.telegram.pending import Pending, Pendings
from bot.platforms.telegram.read import Named, Spot, Wish, name_of, receiver_in, spot_of
from bot.platforms.telegram.receivers import Receivers
from bot.platforms.telegram.render import Key, render
from bot.platforms.telegram.seats import Seats
from bot.platforms.telegram.sending import Muted, Sender, Unreachable
from core.app import Reply
from core.kernel.errors import UserError
from core.kernel.fields import Option, OptionKind
from core.kernel.outbox import Presented
from core.kernel.text import CommandName, T, Text
from core.kernel.view import Block, Note, Paragraph, View

_LOG = logging.getLogger("folkmoot.telegram")

TOKEN_BYTES = 9
PLACEHOLDER_MAX = 64
# Before a code of ours; the core's begin with a letter or #.
YES, NO = "?y:", "?n:"
MUTED = Note(T("I may not write in the group, so I ask you here."))


class Asking:
    """Takes a command as far as it goes; what waits for people waits here."""

    def __init__(
        self,
        answerer: Answerer,
        sender: Sender,
        seats: Seats,
        memory: Memory,
        pendings: Pendings,
        username: str,
    ) -> None:
        """Take who carries out and who writes; `username` is ours, for links to us."""
        self._answerer = answerer
        self._sender = sender
        self._seats = seats
        self._memory = memory
        self._receivers = Receivers(seats, memory)
        self._pendings = pendings
        self._username = username

    async def start(self, wish: Wish) -> None:
        """Take a newly typed command; an earlier question is taken back by it."""
        await self.cancel(wish.spot.chat, wish.user.id)
        if wish.declared is not None and wish.declared.is_personal and not wish.spot.is_private:
            await self._privately(wish)
        else:
            await self._go(wish)

    async def anonymous(self, wish: Wish) -> None:
        """Have an admin who writes as the group say who they are, by pressing."""
        text = T(
            "You write as the group, so I cannot see who asks for {command}. Press to ask as "
            "yourself; your name then stands wherever a name is shown.",
            command=CommandName(wish.path),
        )
        await self._confirm(wish, text, None)

    async def take_text(self, message: telegram.Message, request_id: str) -> bool:
        """Take an answer to a question; return whether it was one."""
        user = message.from_user
        assert user is not None
        pending = self._pendings.asked(message.chat.id, user.id)
        if pending is None or (option := pending.asked) is None:
            return False
        spot, replied = spot_of(message, user), message.reply_to_message
        if not spot.is_private and (replied is None or replied.message_id != pending.question):
            return False
        await self._pendings.take_back(message.chat.id, user.id)
        if pending.is_over:
            await self._answerer.refuse(spot, refusals.GoneMeanwhile())
            return True
        wish = replace(pending.wish, request_id=request_id, spot=spot, args={**pending.wish.args})
        self._fill(wish, option, message)
        await self._go(wish)
        return True

    async def take_press(self, query: telegram.CallbackQuery, request_id: str) -> None:
        """Take a press of one of our own buttons."""
        data = query.data or ""
        token = data.removeprefix(YES).removeprefix(NO)
        pending = self._pendings.offered(token)
        try:
            if pending is None or pending.is_over:
                raise refusals.GoneMeanwhile
            await self._check_presser(pending, query.from_user)
        except UserError as error:
            await self._answerer.glance(query, refusals.shown(error), is_alert=True)
            return
        await self._pendings.withdraw(token)
        assert query.message is not None
        spot = spot_of(query.message, query.from_user)
        if data.startswith(NO):
            await self._answerer.glance(query, None)
            await self._replace(spot, _said(T("Taken back; nothing was done.")))
            return
        wish = replace(pending.wish, user=query.from_user, request_id=request_id, doubtful=None)
        # Who wrote as the group is somebody only now.
        wish.spot = replace(wish.spot, asker=spot.asker)
        await self._confirmed(query, spot, wish, is_first=pending.asker is None)

    async def cancel(self, chat: int, user: int) -> bool:
        """Take the open question to somebody back; return whether there was one."""
        return await self._pendings.take_back(chat, user)

    async def resume(self, wish: Wish) -> None:
        """Go on in private with what was begun in a group."""
        await self._go(wish)

    async def _go(self, wish: Wish) -> None:
        try:
            await self._receivers.resolve(wish)
        except UserError as error:
            await self._answerer.refuse(wish.spot, error)
            return
        if missing := wish.missing:
            await self._ask(wish, missing[0])
        elif (doubtful := wish.doubtful) is not None:
            who = T(
                "{name} (@{username})", name=name_of(doubtful), username=doubtful.username or ""
            )
            text = T("{command} is for {who}. Is that who you mean?",
                     command=CommandName(wish.path), who=who)  # fmt: skip
            await self._confirm(wish, text, wish.user.id)
        else:
            reply = await self._answerer.carry_out(wish)
            # In a group everybody reads the answer: what is posted there is not said twice.
            if not await self._answerer.is_read(wish, reply):
                await self._answerer.tell(wish, reply.shown)

    async def _privately(self, wish: Wish) -> None:
        """Answer in private; who never wrote there gets a link, and the answer behind it."""
        there = Spot(wish.user.id, is_private=True)
        try:
            await self._go(replace(wish, spot=there, typed_at=wish.spot))
        except Unreachable:
            args = {name: value for name, value in wish.args.items() if isinstance(value, str)}
            waiting = Waiting(wish.request_id, wish.path, args, wish.group, wish.twice)
            await self._memory.wait(wish.user.id, waiting)
            url = f"https://t.me/{self._username}?start=answer"
            text = T("This is for you alone. Open our private chat to read it there.")
            look = replace(render(_said(text)), rows=((Key("Open the private chat", "", url),),))
            await self._sender.answer(wish.spot, look)

    async def _aside(self, wish: Wish, ask: Callable[[Wish], Awaitable[None]]) -> None:
        """Ask in private what we may not ask in the group; who never wrote there hears nothing."""
        there = Spot(wish.user.id, is_private=True)
        try:
            await ask(replace(wish, spot=there, typed_at=wish.spot))
        except Unreachable:
            _LOG.info("%s lacks something, and nobody could be asked for it", wish.path)

    async def _ask(self, wish: Wish, option: Option, *, is_aside: bool = False) -> None:
        text = T(
            "Still missing for {command}: {option} ({what}).",
            command=CommandName(wish.path),
            option=option.name,
            what=option.description,
        )
        how = T("Write it here") if wish.spot.is_private else T("Reply to this message with it")
        notes = [Note(T("{how}; {cancel} takes it back.", how=how, cancel=CommandName("cancel")))]
        if option.choices:
            notes = [Note(T("One of: {choices}.", choices=", ".join(option.choices))), *notes]
        if option.kind is OptionKind.MEMBER:
            notes = [Note(T("Write their @username.")), *notes]
        blocks: list[Block] = [Paragraph(text), *notes]
        if wish.declared is not None and not wish.args and not wish.receivers:
            # Who is asked for the first thing may have pressed a menu to see what it does.
            blocks = [Paragraph(T(wish.declared.help)), *blocks]
        if is_aside:
            blocks = [MUTED, *blocks]
        presented = Presented(View(blocks=tuple(blocks)), {}, (), "UTC")
        reply = telegram.ForceReply(
            selective=True, input_field_placeholder=option.description[:PLACEHOLDER_MAX]
        )
        try:
            asked = await self._sender.answer(wish.spot, presented, markup=reply)
        except Muted:
            await self._aside(wish, lambda there: self._ask(there, option, is_aside=True))
            return
        if asked is not None:
            pending = Pending(wish, option.name, asked)
            await self._pendings.ask(wish.spot.chat, wish.user.id, pending)

    async def _confirm(
        self, wish: Wish, text: Text, asker: int | None, *, is_aside: bool = False
    ) -> None:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        await self._pendings.offer(token, Pending(wish, asker=asker))
        keys = (Key("Yes, do it", YES + token), Key("No", NO + token))
        blocks: tuple[Block, ...] = (Paragraph(text),)
        shown = Presented(View(blocks=(MUTED, *blocks) if is_aside else blocks), {}, (), "UTC")
        look = replace(render(shown), rows=(keys,))
        try:
            await self._sender.answer(wish.spot, look, markup=look.markup())
        except Muted:
            await self._pendings.withdraw(token)
            await self._aside(wish, lambda there: self._confirm(there, text, asker, is_aside=True))

    async def _confirmed(
        self, query: telegram.CallbackQuery, spot: Spot, wish: Wish, *, is_first: bool
    ) -> None:
        """Carry out what was confirmed; the question turns into the answer."""
        wants_more = bool(wish.missing) or (is_first and bool(wish.receivers))
        is_personal = wish.declared is not None and wish.declared.is_personal
        if wants_more or (is_personal and not spot.is_private):
            await self._answerer.glance(query, None)
            await self._replace(spot, _said(T("Confirmed.")))
            await self.start(wish)
            return
        reply: Reply = await self._answerer.carry_out(wish)
        await self._answerer.glance(query, None)
        is_read = await self._answerer.is_read(wish, reply)
        shown = _said(T("Confirmed.")) if is_read else reply.shown
        await self._replace(spot, shown, str(wish.group.chat) if spot.is_private else "")

    async def _replace(self, spot: Spot, shown: Presented, group: str = "") -> None:
        look = render(shown)
        try:
            assert spot.message is not None
            await self._sender.edit(spot.chat, spot.message, look, look.markup(group))
        except telegram.error.TelegramError:
            await self._sender.answer(replace(spot, message=None), look, group=group)

    async def _check_presser(self, pending: Pending, user: telegram.User) -> None:
        if pending.asker is not None:
            if pending.asker != user.id:
                raise refusals.NotYours
            return
        seat = await self._seats.look(pending.wish.group.chat, user.id)
        if not seat.is_admin:
            raise refusals.AdminsConfirm

    def _fill(self, wish: Wish, option: Option, message: telegram.Message) -> None:
        named: Named | None = None
        if option.kind is OptionKind.MEMBER:
            named = receiver_in(message)
        if named is not None:
            wish.receivers = {**wish.receivers, option.name: named}
        else:
            wish.args[option.name] = (message.text or "").strip()


def _said(text: Text) -> Presented:
    return Presented(View(blocks=(Paragraph(text),)), {}, (), "UTC")
