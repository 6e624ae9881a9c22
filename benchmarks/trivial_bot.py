"""This file is the least that a bot on Discord can do: it acknowledges and answers."""

import asyncio
import sys

import discord
import discord.gateway
import discord.http
import yarl


class Trivial(discord.Client):
    """The library, with nothing behind it."""

    async def on_interaction(self, told: discord.Interaction[discord.Client]) -> None:
        """Answer whatever it is."""
        await told.response.defer(ephemeral=True, thinking=True)
        await told.edit_original_response(content="Your ballot is in the fire.")


async def main(api_url: str, gateway_url: str, token: str) -> None:
    """Run until told to stop."""
    discord.http.Route.BASE = api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    client = Trivial(intents=discord.Intents(guilds=True))
    async with client:
        await client.start(token)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
