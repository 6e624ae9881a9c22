"""Answering the person: acknowledged at once, then one private message, which is edited."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord

from bot.completion import SUGGESTIONS_MAX, Completion
from bot.engine import Engine
from bot.platforms.discord import read
from bot.platforms.discord.read import NAME, Told
from bot.platforms.discord.render import Look, render
from bot.platforms.discord.seats import seat_of
from core.kernel.codec import split_code
from core.kernel.command import May
from core.kernel.errors import UserError
from core.kernel.feature import House
from core.kernel.fields import Suggestion, Typing
from core.kernel.outbox import Presented
from core.kernel.text import T
from core.kernel.view import Paragraph, Tone, View

_LOG = logging.getLogger("folkmoot.discord")

UNKNOWN_INTERACTION, ALREADY_ANSWERED = 10062, 40060
# Discord waits three seconds; what comes later is thrown away.
SUGGEST_S = 2.5
CHOICE_MAX = 100

_NETWORK = (aiohttp.ClientError, OSError, TimeoutError)

NOT_SHOWN = View(
    blocks=(Paragraph(T("I have an answer for you, but could not show it here.")),),
    tone=Tone.FAILED,
)


class Answerer:
    """Takes interactions to the engine, and the replies back."""

    def __init__(self, engine: Engine, completion: Completion, house: House) -> None:
        """Take what requests are handed to, and what completes half-typed options."""
        self._engine = engine
        self._completion = completion
        self._house = house

    async def take(self, told: Told) -> None:
        """Handle a command, a press, or half-typed words; the rest is not for us."""
        match told.type:
            case discord.InteractionType.autocomplete:
                await self._suggest(told)
            case discord.InteractionType.application_command | discord.InteractionType.component:
                await self._answer(told)
            case _:
                _LOG.info("interaction %s is of a type that I do not use", told.id)

    async def _answer(self, told: Told) -> None:
        """Acknowledge, carry out, answer.

        The request is queued in the order of arrival while the acknowledgement is under way: a
        quick second press must not overtake the first. Whether the person could be told changes
        nothing about what was carried out, and a repeated delivery gets the first one's answer.
        """
        acknowledging = asyncio.create_task(_acknowledge(told, is_new=not self._turns_page(told)))
        try:
            shown = await self._carry_out(told)
        finally:
            is_heard = await acknowledging
        if is_heard:
            await _tell(told, shown)

    async def _carry_out(self, told: Told) -> Presented:
        try:
            seat = None if told.guild_id is not None else await seat_of(told)
        except UserError as error:
            view = View(blocks=(Paragraph(error.text),), tone=Tone.FAILED)
            return Presented(view, {}, (), "UTC")
        return (await self._engine.ask(read.request_of(told, seat))).shown

    def _turns_page(self, told: Told) -> bool:
        """Whether a press in a private answer asks to see something: it then takes its place."""
        message = told.message
        if message is None or not message.flags.ephemeral:
            return False
        joined, *_ = split_code(read.code_of(told))
        found = self._house.joined.get(joined)
        return found is not None and found.declaration.may is May.ANYONE

    async def _suggest(self, told: Told) -> None:
        """Offer completions, or none where they cannot be had in time; this never raises."""
        try:
            found = await asyncio.wait_for(self._found(told), SUGGEST_S)
        except Exception as trouble:  # noqa: BLE001 - half-typed words are no reason to fail
            _LOG.warning("no completions for interaction %s: %r", told.id, trouble)
            found = []
        choices = [_choice(one) for one in found if 0 < len(one.value) <= CHOICE_MAX]
        try:
            await told.response.autocomplete(choices[:SUGGESTIONS_MAX])
        except (discord.HTTPException, *_NETWORK) as trouble:
            _LOG.info("completions for interaction %s came to nothing: %s", told.id, trouble)

    async def _found(self, told: Told) -> list[Suggestion]:
        half, space = read.typed_of(told), str(told.guild_id or "")
        community = await self._completion.community(NAME, space)
        typing = Typing(half.typed, half.given, community, NAME, str(told.user.id))
        return await self._completion.suggest(half.path, half.option, typing)


def _choice(one: Suggestion) -> discord.app_commands.Choice[str]:
    label = " ".join(one.label.split()) or one.value
    short = label if len(label) <= CHOICE_MAX else label[: CHOICE_MAX - 1] + "…"
    return discord.app_commands.Choice(name=short, value=one.value)


async def _acknowledge(told: Told, *, is_new: bool) -> bool:
    """Say that we are at it, to the asker alone; return whether an answer can still be seen."""
    try:
        await _twice(lambda: told.response.defer(ephemeral=True, thinking=is_new))
    except discord.HTTPException as trouble:
        if trouble.code == ALREADY_ANSWERED:
            return True
        _LOG.warning("interaction %s not acknowledged: %s", told.id, trouble)
        return trouble.code != UNKNOWN_INTERACTION
    except _NETWORK as trouble:
        _LOG.warning("interaction %s not acknowledged: %r", told.id, trouble)
    except (LookupError, TypeError, ValueError) as trouble:
        # It was taken, with an answer that the library cannot read (Discord's older one is empty).
        _LOG.info("interaction %s acknowledged without a word: %r", told.id, trouble)
    return True


async def _tell(told: Told, shown: Presented) -> None:
    """Put the answer in the place of the acknowledgement; the same edit twice is harmless."""
    try:
        await _edit(told, render(shown))
    except (discord.HTTPException, *_NETWORK) as trouble:
        _LOG.warning("interaction %s was carried out, but not answered: %s", told.id, trouble)
        if isinstance(trouble, discord.HTTPException) and trouble.status == 400:
            await _edit(told, render(Presented(NOT_SHOWN, {}, (), "UTC")))


async def _edit(told: Told, look: Look) -> None:
    view = look.view(read.guild_of(told))
    await _twice(lambda: told.edit_original_response(embeds=look.embeds, view=view))


async def _twice(act: Callable[[], Awaitable[Any]]) -> None:
    """Do something that can be repeated; the library does not retry a dropped connection."""
    try:
        await act()
    except _NETWORK:
        await act()
