"""The real library, pointed at the server. This file is where its two addresses are known."""

from __future__ import annotations

import asyncio
import warnings
from types import ModuleType

import pytest
import yarl

with warnings.catch_warnings():
    # Its voice part imports a module of the standard library that is about to go.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    import discord.client
    import discord.gateway
    import discord.http
    import discord.webhook.async_

from tests.platforms.discord_server.server import DiscordServer

__all__ = ["Hurry", "discord", "hurry", "point_at"]


def point_at(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every client of this process speak to the server, until the test ends."""
    monkeypatch.setattr(discord.http.Route, "BASE", server.api_url)
    gateway = yarl.URL(server.gateway_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)


class Hurry(ModuleType):
    """`asyncio` as the library sees it, but its pauses between retries take no time."""

    def __init__(self) -> None:
        super().__init__("asyncio")
        self.pauses: list[float] = []

    def __getattr__(self, name: str) -> object:
        return getattr(asyncio, name)

    async def sleep(self, delay: float) -> None:
        """Note the pause and let others run once."""
        self.pauses.append(delay)
        await asyncio.sleep(0)


def hurry(monkeypatch: pytest.MonkeyPatch) -> Hurry:
    """Take the library's retry pauses out of a test; returns what it would have slept."""
    quick = Hurry()
    for module in (discord.http, discord.webhook.async_, discord.client):
        monkeypatch.setattr(module, "asyncio", quick)
    return quick
