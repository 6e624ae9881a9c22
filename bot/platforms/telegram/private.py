"""The private chat: /start, what waits behind a link, and which group is meant."""

from collections.abc import Mapping, Sequence

import telegram
from telegram.error import TelegramError

from bot.platforms.telegram import refusals
from bot.platforms.telegram.answers import Answerer
from bot.platforms.telegram.asking import Asking
from bot.platforms.telegram.memory import Memory
from bot.platforms.telegram.read import Group, Spot, Wish, spot_of
from bot.platforms.telegram.render import Key, Look, render
from bot.platforms.telegram.seats import Seats
from bot.platforms.telegram.sending import Sender, Unreachable
from core.kernel.command import Declaration
from core.kernel.errors import UserError
from core.kernel.outbox import Presented
from core.kernel.text import CommandName, T, Text
from core.kernel.view import Paragraph, View
from core.kernel.words import clean

ANSWER, GROUP = "answer", "g"
# Before the number of a group, on a button of ours.
CHOOSE = "?g:"
TITLE_MAX = 60

WHO_I_AM = T("I am Folkmoot. I help a group to decide, to thank and to fund together.")
NO_GROUP = T(
    "I do not know yet which group you mean. Write {help} in a group where I am, or add me to "
    "yours; then you can also ask here.",
    help=CommandName("help"),
)


class Private:
    """Answers what only the private chat has."""

    def __init__(
        self,
        bot: telegram.Bot,
        commands: Mapping[str, Declaration],
        asking: Asking,
        answerer: Answerer,
        sender: Sender,
        seats: Seats,
        memory: Memory,
    ) -> None:
        """Take the declarations, and who goes on with what waits."""
        self._bot = bot
        self._commands = commands
        self._asking = asking
        self._answerer = answerer
        self._sender = sender
        self._seats = seats
        self._memory = memory

    async def start(self, message: telegram.Message) -> None:
        """Say who I am, or go on with what a link carries."""
        spot, user = spot_of(message), message.from_user
        assert user is not None
        payload = (message.text or "").partition(" ")[2].strip()
        if not spot.is_private:
            await self.say(
                spot, WHO_I_AM, T("{help} lists what I can do.", help=CommandName("help"))
            )
        elif payload == ANSWER:
            await self._go_on(spot, user)
        elif payload.removeprefix(GROUP).removeprefix("-").isdecimal():
            await self._choose(spot, user, int(payload.removeprefix(GROUP)))
        else:
            await self.ask_group(spot, self._memory.groups(user.id))

    async def take_press(self, query: telegram.CallbackQuery) -> None:
        """Take the choice of a group."""
        digits = (query.data or "").removeprefix(CHOOSE)
        await self._answerer.glance(query, None)
        if query.message is not None and digits.removeprefix("-").isdecimal():
            await self._choose(spot_of(query.message), query.from_user, int(digits))

    async def ask_group(self, spot: Spot, groups: Sequence[Group]) -> None:
        """Say which group is meant here, and offer the others."""
        if not groups:
            await self.say(spot, WHO_I_AM, NO_GROUP)
            return
        title = clean(groups[0].title)[:TITLE_MAX] or "?"
        here = T(
            "What you ask here is about {group}. {help} lists what I can do.",
            group=title,
            help=CommandName("help"),
        )
        view = View(blocks=(Paragraph(WHO_I_AM), Paragraph(here)))
        look = render(Presented(view, {}, (), "UTC"))
        keys = tuple(
            (Key(clean(one.title)[:TITLE_MAX] or "?", f"{CHOOSE}{one.chat}"),) for one in groups[1:]
        )
        markup = Look(look.html, keys).markup()
        await self._answer(spot, look.html, markup)

    async def say(self, spot: Spot, *texts: Text) -> None:
        """Say some sentences of ours."""
        view = View(blocks=tuple(Paragraph(text) for text in texts))
        look = render(Presented(view, {}, (), "UTC"))
        await self._answer(spot, look.html, None)

    async def _answer(self, spot: Spot, html: str, markup: object) -> None:
        try:
            await self._sender.answer(spot, Look(html), markup=markup)
        except Unreachable:
            return  # they blocked us meanwhile

    async def _go_on(self, spot: Spot, user: telegram.User) -> None:
        waiting = await self._memory.waiting(user.id)
        if waiting is None or (declared := self._commands.get(waiting.path)) is None:
            await self.ask_group(spot, self._memory.groups(user.id))
            return
        wish = Wish(
            waiting.request_id,
            waiting.path,
            declared,
            dict(waiting.args),
            user,
            spot,
            waiting.group,
            twice=waiting.twice,
        )
        await self._asking.resume(wish)

    async def _choose(self, spot: Spot, user: telegram.User, chat: int) -> None:
        """Have private commands be about a group of which somebody is a member."""
        chat = self._memory.moved(chat)
        seat = await self._seats.look(chat, user.id)
        try:
            if seat.is_member is None:
                raise refusals.SeatUnknown
            if not seat.is_member:
                raise refusals.NotInTheGroup
            group = Group(chat, await self._title(user.id, chat))
        except UserError as error:
            await self._answerer.refuse(spot, error)
            return
        await self._memory.note_seen(group, user)
        await self.ask_group(spot, self._memory.groups(user.id))

    async def _title(self, user: int, chat: int) -> str:
        known = next((one for one in self._memory.groups(user) if one.chat == chat), None)
        if known is not None:
            return known.title
        try:
            return (await self._bot.get_chat(chat)).title or ""
        except TelegramError:
            raise refusals.SeatUnknown from None
