"""What the sender makes of a nonce that was used up before its payment was in hand again."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from eth_account import Account

from bot.chain.inprocess import CHAIN_ID
from bot.chain.keys import Key
from bot.chain.sending import STUCK_MS, Sender, sign, sign_void
from bot.chain.store import Purpose, Version
from core.execution import Alarm
from tests.chain.test_tampering import DELAY_S, ORDER, payload_of

GWEI = 10**9


class Shelf:
    """Books that keep bytes and nothing else, long after the last were signed."""

    now_ms = STUCK_MS

    def __init__(self) -> None:
        self.kept: list[Version] = []

    async def keep(self, new: Version) -> bool:
        self.kept.append(new)
        return True


async def warn(community: int, what: Alarm, detail: str) -> None:
    raise AssertionError(detail)


async def test_a_nonce_whose_dearest_version_is_void_is_used_up() -> None:
    """No order may be signed in place of it: its bytes are not what was voted on."""
    key, shelf = Key(Account.from_key(b"\1" * 32)), Shelf()
    sent: list[bytes] = []
    node: Any = SimpleNamespace(
        head=lambda: SimpleNamespace(base_fee=GWEI),
        tip=lambda: GWEI,
        check_chain=lambda: None,
        send=sent.append,
    )
    books: Any = shelf
    sender = Sender(node, key, books, 300 * GWEI, warn)
    payload = payload_of(ORDER, Purpose.SCHEDULE)
    first = sign(key, payload, ORDER, Purpose.SCHEDULE, DELAY_S)
    bare = replace(
        payload, to=key.address, call=b"", gas=21_000, max_fee=9 * GWEI, chain_id=CHAIN_ID
    )
    void = sign_void(key, bare, first)
    await sender.push(ORDER, [first, void], is_next=True)
    (dearer,) = shelf.kept
    assert (dearer.purpose, dearer.nonce, sent) == (Purpose.VOID, 3, [dearer.raw])
    assert dearer.max_fee > void.max_fee
