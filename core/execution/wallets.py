"""Wallets of members: a text to sign, the signature, and what came of checking it.

This file is how somebody shows that an address is theirs.
"""

from datetime import timedelta

from pydantic import Field

from core.community import tell
from core.execution import fields, store, views, wallet_store
from core.execution.fields import Address, Signature
from core.execution.port import PLATFORM, WalletCheck
from core.execution.signin import message
from core.execution.wallet_store import Challenge, Wallet, WalletWhy
from core.kernel import journal
from core.kernel.call import Call
from core.kernel.clock import from_ms, span_ms
from core.kernel.command import Command, May
from core.kernel.errors import UserError
from core.kernel.fields import Sealed
from core.kernel.outbox import Kind, Letter
from core.kernel.text import Code, CommandName
from core.kernel.tx import Tx
from core.kernel.view import View

# As long as it takes to open a wallet and sign.
VALID = timedelta(minutes=10)
# So long what was used or has expired is told apart from what never was.
REMEMBERED = timedelta(days=1)


class NoTreasury(UserError):
    """No treasury on a chain is set up here, so no wallet is needed. Ask whoever runs
    me to add one."""


class NotYourWallet(UserError):
    """{address} is an address of the treasury itself, not a wallet. Copy yours from your wallet."""


class NothingToProve(UserError):
    """There is nothing for you to sign, from this account. Use {command} first."""


class ProofExpired(UserError):
    """The text to sign expired {at}; it works for 10 minutes. Ask for a new one with {command}."""


class ProofUsed(UserError):
    """This text was signed already, and it works once. To prove a wallet again, use {command}."""


class WalletSet(Command, name="wallet set", is_personal=True):
    """Say which wallet payments to you go to: get a text to sign with it."""

    address: Sealed[Address] = Field(description="its address, as your wallet shows it")

    def run(self, call: Call) -> View:
        """Keep a text to sign for this account, in place of an earlier one."""
        treasuries = store.treasuries(call.tx, call.community.id)
        if not treasuries:
            raise NoTreasury
        if self.address in own_addresses(call.tx, call.community.id):
            raise NotYourWallet(address=Code(self.address))
        wallet_store.drop_challenges(call.tx, call.community.id, call.member.id)
        wallet_store.prune(call.tx, call.community.id, call.now_ms - span_ms(REMEMBERED))
        new = Challenge(
            id=call.new_id("wallet"),
            community=call.community.id,
            member=call.member.id,
            platform=call.actor.platform,
            account=call.actor.account,
            chain_id=treasuries[0].chain_id,
            address=self.address,
            nonce=call.lot("wallet nonce"),
            issued_ms=call.now_ms,
            expires_ms=call.now_ms + span_ms(VALID),
        )
        wallet_store.add(call.tx, new)
        return views.to_sign(call, new.id)


class WalletProve(Command, name="wallet prove", is_personal=True):
    """Give the signature that your wallet made of the text."""

    signature: Sealed[Signature] = Field(
        max_length=2 * fields.SIGNATURE_BYTES_MAX + 2,
        description="the signature: 0x and its digits",
    )

    def run(self, call: Call) -> View:
        """Have the signer check it; the nonce is used with it."""
        command = CommandName("wallet set")
        asker = (call.actor.platform, call.actor.account)
        kept = wallet_store.challenges(call.tx, call.community.id, call.member.id)
        found = next((one for one in kept if (one.platform, one.account) == asker), None)
        if found is None:
            raise NothingToProve(command=command)
        if found.signature is not None:
            raise ProofUsed(command=command)
        if call.now_ms >= found.expires_ms:
            raise ProofExpired(at=from_ms(found.expires_ms), command=command)
        wallet_store.sign(call.tx, found.id, self.signature, call.now_ms)
        call.fact("wallet", found.id)
        call.queue(_work(call, found.id))
        return views.checking(call, found.id)


class WalletChecked(Command, name="wallet checked", may=May.SIGNER):
    """Note what came of checking a signature, and tell who gave it."""

    id: int = Field(description="the number of the check")
    is_proved: bool = Field(description="whether the address signed the text")
    why: WalletWhy = Field(default=WalletWhy.OK, description="why not, in a word of ours")

    def run(self, call: Call) -> View:
        """Keep the wallet in place of an earlier one; what was checked before stays."""
        found = wallet_store.challenge(call.tx, call.community.id, self.id)
        if found is None or found.signature is None or found.is_proved is not None:
            return View()
        wallet_store.check(call.tx, found.id, self.why, is_proved=self.is_proved)
        if self.is_proved:
            new = Wallet(
                call.community.id, found.member, found.chain_id, found.address, found.id,
                call.now_ms,
            )  # fmt: skip
            wallet_store.put(call.tx, new)
            call.fact("proved", [new.challenge, new.member, new.chain_id])
        tell(call, found.member, views.checked, found.id)
        return views.noted(call)


def own_addresses(tx: Tx, community: int) -> frozenset[str]:
    """Return the timelocks and tokens of a community, which nobody can be paid at."""
    kept = store.treasuries(tx, community)
    tokens = (one.address for treasury in kept for one in store.tokens(tx, treasury.id))
    return frozenset(one.timelock for one in kept).union(tokens)


def founding(tx: Tx, community: int) -> bytes:
    """Return the hash that a community's journal began with, which names it anywhere."""
    first = journal.entry(tx, community, 1)
    if first is None:
        raise LookupError(f"community {community} has no journal")
    return first.hash


def wallet_check(tx: Tx, community: int, number: int) -> WalletCheck | None:
    """Return what the signer is to check; None where there is nothing any more."""
    found = wallet_store.challenge(tx, community, number)
    if found is None or found.signature is None or found.asked_ms is None:
        return None
    if found.is_proved is not None:
        return None
    return WalletCheck(
        id=found.id,
        community=community,
        address=found.address,
        chain_id=found.chain_id,
        text=message(found, founding(tx, community)),
        signature=found.signature,
        asked_ms=found.asked_ms,
    )


def forget(call: Call, member: int) -> None:
    """Forget a member's wallets."""
    wallet_store.drop_all(call.tx, call.community.id, member)


def merged(call: Call, gone: int, into: int) -> None:
    """Have the elder member keep the wallet that was proved last, on each chain."""
    for one in wallet_store.wallets_of(call.tx, call.community.id, gone):
        other = wallet_store.wallet(call.tx, call.community.id, into, one.chain_id)
        wallet_store.drop(call.tx, one)
        if other is None or (one.proved_ms, one.challenge) > (other.proved_ms, other.challenge):
            moved = Wallet(
                one.community, into, one.chain_id, one.address, one.challenge, one.proved_ms
            )
            wallet_store.put(call.tx, moved)
    # What was being proved is started again: it is bound to who asked for it.
    wallet_store.drop_challenges(call.tx, call.community.id, gone)
    wallet_store.drop_challenges(call.tx, call.community.id, into)


def _work(call: Call, number: int) -> Letter:
    return Letter(
        key=f"{call.community.id}:wallet:{number}",
        kind=Kind.WORK,
        platform=PLATFORM,
        community=call.community.id,
        space=None,
        subject=views.wallet_work.subject(number),
    )


COMMANDS: tuple[type[Command], ...] = (WalletSet, WalletProve, WalletChecked)
