"""The text to sign reaches every platform letter by letter, with its line breaks."""

from types import ModuleType

import pytest

from bot.platforms.console import render as console
from bot.platforms.discord import render as discord
from bot.platforms.telegram import render as telegram
from core.execution.signin import message
from core.execution.wallet_store import Challenge
from core.kernel.outbox import Presented
from core.kernel.text import T
from core.kernel.view import Paragraph, Verbatim, View
from tests.execution.twin import BEN, CHAIN_ID
from tests.platforms.test_telegram_render import accepted

TEXT = message(
    Challenge(1, 1, 1, "telegram", "Ana `&<b> \u05e9", CHAIN_ID, BEN, bytes(range(32)), 0, 600_000),
    bytes(range(32)),
)
SHOWN = Presented(View(T("Sign"), (Paragraph(T("This:")), Verbatim(TEXT))), {}, (), "UTC")

EXPECTED = f"""folkmoot wants you to sign in with your Ethereum account:
{BEN}

I say that this wallet is mine, so that payments to me can go there. Signing this moves nothing and costs nothing.

URI: urn:folkmoot:wallet
Version: 1
Chain ID: 31337
Nonce: 000102030405060708090a0b0c0d0e0f
Issued At: 1970-01-01T00:00:00Z
Expiration Time: 1970-01-01T00:10:00Z
Resources:
- urn:folkmoot:community:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
- urn:folkmoot:account:telegram:Ana%20%60%26%3Cb%3E%20%D7%A9"""  # noqa: E501 - as it is signed


def test_the_text_is_an_eip_4361_message() -> None:
    assert TEXT == EXPECTED
    assert TEXT.isascii()


def test_the_console_shows_it_as_it_is() -> None:
    assert TEXT in console.render(SHOWN)


def test_discord_shows_it_in_a_block_of_code() -> None:
    look = discord.render(SHOWN)
    assert f"```\n{TEXT}\n```" in (look.embeds[0].description or "")
    assert TEXT in look.plain()


def test_telegram_shows_it_in_a_block_of_code() -> None:
    look = telegram.render(SHOWN)
    assert f"<pre>{TEXT}</pre>" in look.html
    assert TEXT in accepted(look)


@pytest.mark.parametrize("platform", [console, discord, telegram])
def test_every_platform_draws_it(platform: ModuleType) -> None:
    assert platform.render(SHOWN)
