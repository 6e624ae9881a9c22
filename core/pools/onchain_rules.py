"""What a payment on a chain may be: plain values in, plain values out."""

from collections.abc import Iterable

from core.execution import DAY, Balance, Operation, State, Token
from core.kernel.clock import from_ms, span_ms
from core.kernel.errors import UserError
from core.kernel.text import CommandName, Text
from core.ledger import Asset, said


class OnChainPool(UserError):
    """{pool} is a treasury on a chain: what it holds is read from there, and only a request that
    passed pays from it. Use {command}."""


class TreasuryName(UserError):
    """Names that begin with {prefix} are those of a treasury on a chain. Choose another name."""


class AddressOffChain(UserError):
    """Only a pool on a chain pays to an address, and {pool} is none. Leave the address out."""


class NoWallet(UserError):
    """{who} has no wallet here yet. Ask them to use {command}, or name an address in the
    request."""


class ToTheToken(UserError):
    """{address} is a token of the treasury, and what goes there is lost. Copy the receiver's
    address again."""


class ToTheTreasury(UserError):
    """{address} is the treasury itself, so nothing would be paid. Copy the receiver's address
    again."""


class OverCap(UserError):
    """One payment from {pool} may be at most {cap}. Ask for that or less."""


class OverDayCap(UserError):
    """Payments from {pool} may be at most {cap} in 24 hours, and {left} of that are left. Ask for
    less, or try it again tomorrow."""


class NotReadYet(UserError):
    """I have not read yet what {pool} holds on the chain. Try it again in a minute."""


class NotOffered(UserError):
    """{pool} is not paid from any more: whoever runs me took it out. Choose another pool."""


class TreasuryChanged(UserError):
    """What is set up for {pool} is no longer what was voted on, so nothing is paid. Ask for it
    again in a new request."""


class WithTheSigner(UserError):
    """#{number} was handed to the chain {at}, so I cannot stop it any more. Ask a guardian to
    cancel it there. {guardians}"""


class OperationOver(UserError):
    """#{number} is over on the chain: {state}. There is nothing left to do."""


class AgainWhenPaused(UserError):
    """Payments are paused, so nothing is sent. Try again after {command}."""


def called(pool: str) -> Text:
    """Return the name of a treasury's pool as a text of our own.

    It is made of letters that were checked, nobody's words; so it is kept with an error's facts.
    """
    return Text(pool, {})


def is_held(one: Operation, block: int) -> bool:
    """Whether a payment still has to be taken off what a treasury held at a block."""
    if one.state in {State.VETOED, State.STOPPED}:
        return False
    if one.executed_block is None:
        return not one.is_over
    return one.executed_block > block


def free_of(balance: Balance, operations: Iterable[Operation], token: Token) -> int:
    """Return what can still be asked for, in kept units, rounded down."""
    held = sum(one.amount for one in operations if is_held(one, balance.block))
    return max(0, balance.amount - held) // token.unit


def reserved_of(balance: Balance | None, operations: Iterable[Operation], token: Token) -> int:
    """Return what decided payments hold back, in kept units."""
    block = -1 if balance is None else balance.block
    return sum(one.amount for one in operations if is_held(one, block)) // token.unit


def recent_of(operations: Iterable[Operation], since_ms: int, token: Token) -> int:
    """Return what requests took since an instant and did not give back, in kept units."""
    taken = (one for one in operations if one.state not in {State.VETOED, State.STOPPED})
    return sum(one.amount for one in taken if one.queued_ms > since_ms) // token.unit


def due_in_a_day(operations: Iterable[Operation], due_ms: int) -> int:
    """Return what is sent within a day of an instant, in base units, as the cap counts it."""
    counted = (
        one
        for one in operations
        if one.state not in {State.VETOED, State.STOPPED}
        and abs(one.due_ms - due_ms) < span_ms(DAY)
    )
    return sum(one.amount for one in counted)


def check_caps(amount: int, sent: int, token: Token, pool: Text, asset: Asset) -> None:
    """Refuse more base units than one payment, or those of a day together, may be."""
    if amount > token.cap:
        raise OverCap(pool=pool, cap=said(token.cap // token.unit, asset))
    if sent + amount > token.cap_per_day:
        left = max(0, token.cap_per_day - sent)
        raise OverDayCap(
            pool=pool,
            cap=said(token.cap_per_day // token.unit, asset),
            left=said(left // token.unit, asset),
        )


def check_payee(address: str, timelocks: frozenset[str], tokens: frozenset[str]) -> None:
    """Refuse what nobody can be paid at."""
    if address in tokens:
        raise ToTheToken(address=Text(address, {}))
    if address in timelocks:
        raise ToTheTreasury(address=Text(address, {}))


def check_name(name: str, treasuries: Iterable[str]) -> None:
    """Refuse a name of a pool that looks like a treasury's."""
    for treasury in treasuries:
        if name.startswith(f"{treasury}-"):
            raise TreasuryName(prefix=f"{treasury}-")


def on_chain_only(pool: str) -> OnChainPool:
    """Return the refusal of what only pools in the books can do."""
    return OnChainPool(pool=pool, command=CommandName("pool request"))


def check_stop(one: Operation, guardians: Text) -> None:
    """Refuse to stop what was handed to the chain, or is over."""
    if one.is_stoppable:
        return
    if one.is_over:
        raise OperationOver(number=one.proposal, state=one.state.value)
    assert one.asked_ms is not None
    raise WithTheSigner(number=one.proposal, at=from_ms(one.asked_ms), guardians=guardians)
