"""Driving the local room: one more way to hold the conversations of `driving.py`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.console.read import HERE, Speaker, request_of
from bot.platforms.console.render import render
from core.app import Reply
from core.kernel.outbox import Kind, Presented
from core.kernel.request import Place
from tests.platforms.driving import ADMINS, Driver, Rows, faults_of, plain
from tests.world import World

THERE = Place("room", "elsewhere", "yard", space_name="Yard")
_numbers = count(1)


class InTheRoom:
    """The local room; nobody can leave it, and everybody who speaks in it is a person."""

    def __init__(self, world: World, place: Place = HERE, admins: tuple[str, ...] = ADMINS) -> None:
        self._world = world
        self._place = place
        self._admins = admins
        self._answers: dict[str, list[Presented]] = {}

    def _speaker(self, who: str) -> Speaker:
        return Speaker(who, who in self._admins)

    async def says(self, who: str, line: str) -> str:
        world = self._world
        # Notices are kept for who has spoken in the room.
        world.member(who + "*" * (who in self._admins))
        number = f"room:everywhere:{next(_numbers)}"
        request = request_of(self._speaker(who), line, number, world.room.commands)
        reply: Reply = world.ask(replace(request, place=self._place))
        self._answers.setdefault(who, []).insert(0, reply.shown)
        world.settle()
        return plain(render(reply.shown), {})

    async def presses(self, who: str, label: str) -> str:
        return await self.says(who, str(self._world.button(label)))

    async def confirms(self, who: str, label: str) -> str:
        account = self._speaker(who).account
        notices = [
            one.shown
            for one in reversed(self._world.deliveries)
            if one.row.kind is Kind.NOTICE and one.account == account
        ]
        for shown in (*self._answers.get(who, ()), *notices):
            for button, code in zip(shown.view.buttons, shown.codes, strict=True):
                if button.label.template == label:
                    return await self.says(who, code.removeprefix("#"))
        raise AssertionError(f"{who} sees no button {label!r}")

    async def told(self, who: str) -> str:
        account = self._speaker(who).account
        found = [one for one in self._world.deliveries if one.account == account]
        return plain(render(found[-1].shown), {}) if found else ""

    async def card(self) -> str:
        cards = self._world.cards.items()
        votes = [text for subject, text in cards if subject.startswith('["proposals.card')]
        return plain(votes[-1], {})

    async def public(self) -> str:
        return plain("\n".join(self._world.public), {})

    async def elsewhere(self) -> Driver:
        return InTheRoom(self._world, THERE, ("zoe",))

    async def joins(self, who: str, *, is_bot: bool = False) -> None:
        pass

    async def leaves(self, who: str) -> None:
        raise AssertionError(f"{who} cannot leave the room")

    async def advance(self, **length: float) -> None:
        self._world.advance(**length)

    async def rows(self, sql: str, *args: Any) -> Rows:
        return self._world.tx.all(sql, args)

    def faults(self) -> list[str]:
        return faults_of(self._world.tx, self._world.house)


@asynccontextmanager
async def in_the_room(folder: Path, _: pytest.MonkeyPatch) -> AsyncIterator[Driver]:
    """Open the local room."""
    world = World(folder)
    try:
        yield InTheRoom(world)
    finally:
        world.close()
