"""Putting a timelock on the chain: roles granted one by one, the admin renounced at the end.

The constructor would give every proposer the right to cancel as well, so it is given none. The
bot's key deploys, is admin for the length of five transactions, and has the right to propose and
no other when it is done. What is there already is found and gone on with, so it can be repeated.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eth_abi.abi import encode

from bot.chain.allow import Payload
from bot.chain.artifacts import artifact
from bot.chain.keys import Key
from bot.chain.node import Node
from bot.chain.sending import TIP_MIN
from bot.chain.timelock import (
    ADMIN,
    CANCELLER,
    EXECUTOR,
    GET_MIN_DELAY,
    HAS_ROLE,
    PROPOSER,
    ask,
    selector,
)
from bot.trouble import Trouble
from core.execution.address import ZERO

GRANT = selector("grantRole(bytes32,address)")
RENOUNCE = selector("renounceRole(bytes32,address)")
DEPLOY_GAS, GRANT_GAS = 2_500_000, 120_000
WAIT_S, LOOK_S = 300.0, 0.5
SOURCE = "TimelockController of @openzeppelin/contracts 5.7.0"

Write = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A timelock as it should be in the end."""

    delay_s: int
    guardians: tuple[str, ...]


class Deployer:
    """Deploys with one key, a transaction at a time, and says what it does."""

    def __init__(
        self, node: Node, key: Key, fee_max_wei: int, write: Write,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        """Take the parts; `rest` waits between two looks."""
        self._node = node
        self._key = key
        self._fee_max_wei = fee_max_wei
        self._write = write
        self._rest = rest

    def deploy(self, wanted: Wanted, at: str = "") -> str:
        """Deploy a timelock, or go on with the one at an address; return the address."""
        self._node.check_chain()
        if at:
            self._check_resumable(at, wanted)
            self._write(f"going on with the timelock at {at}")
        else:
            at = self._create(wanted)
        self._grant(at, PROPOSER, self._key.address, f"{self._key.address} may propose (this key)")
        for guardian in wanted.guardians:
            self._grant(at, CANCELLER, guardian, f"{guardian} may cancel (guardian)")
        self._grant(at, EXECUTOR, ZERO, "anybody may execute what is ready")
        self._renounce(at)
        for said in faults(self._node, at, self._key.address):
            raise Trouble(f"The timelock at {at} is not as it should be: {said}")
        return at

    def _check_resumable(self, at: str, wanted: Wanted) -> None:
        if not self._node.has_code(at):
            raise Trouble(f"There is no contract at {at} on chain {self._node.chain_id}.")
        delay_s = self._node.number(at, ask(GET_MIN_DELAY))
        if delay_s != wanted.delay_s:
            raise Trouble(
                f"The timelock at {at} has a delay of {delay_s} s and not of {wanted.delay_s} s. "
                "Leave --at out to deploy another one."
            )

    def _create(self, wanted: Wanted) -> str:
        nothing: list[str] = []
        code = bytes.fromhex(artifact("TimelockController").bytecode.removeprefix("0x"))
        fields = encode(
            ["uint256", "address[]", "address[]", "address"],
            [wanted.delay_s, nothing, nothing, self._key.address],
        )
        self._write(SOURCE)
        self._write(f"delay {wanted.delay_s} s, no proposer and no executor yet")
        made = self._send("", code + fields, DEPLOY_GAS)
        self._write(f"deployed at {made}")
        return made

    def _grant(self, at: str, role: bytes, to: str, what: str) -> None:
        if has_role(self._node, at, role, to):
            self._write(f"already so: {what}")
            return
        if not has_role(self._node, at, ADMIN, self._key.address):
            raise Trouble(
                f"This key is no admin of {at} any more, so it cannot grant that {what}. Deploy "
                "another timelock, or have this one decide it for itself."
            )
        self._send(at, ask(GRANT, role, to), GRANT_GAS)
        self._write(f"granted: {what}")

    def _renounce(self, at: str) -> None:
        if not has_role(self._node, at, ADMIN, self._key.address):
            self._write("already so: this key is no admin")
            return
        self._send(at, ask(RENOUNCE, ADMIN, self._key.address), GRANT_GAS)
        self._write("renounced: this key is no admin any more; only the timelock itself is")

    def _send(self, to: str, call: bytes, gas: int) -> str:
        """Send one transaction and wait for it; return the contract's address, if it made one."""
        head = self._node.head()
        tip = max(self._node.tip(), TIP_MIN)
        if head.base_fee + tip > self._fee_max_wei:
            raise Trouble(
                f"The chain asks {(head.base_fee + tip) / 10**9:.2f} gwei for a unit of gas, more "
                "than [chain] fee_max. Try later, or raise it."
            )
        fee = min(2 * head.base_fee + tip, self._fee_max_wei)
        nonce = self._node.nonce(self._key.address)
        signed = self._key.sign(
            Payload(self._node.chain_id, nonce, to, 0, call, gas, max_fee=fee, tip=tip)
        )
        self._node.send(signed.raw)
        waited_s = 0.0
        while (receipt := self._node.receipt(signed.hash)) is None:
            if waited_s >= WAIT_S:
                raise Trouble(
                    f"The transaction {signed.hash} is not mined after {WAIT_S:.0f} s. Look at it "
                    "in a block explorer; then go on with --at ADDRESS."
                )
            self._rest(LOOK_S)
            waited_s += LOOK_S
        if not receipt.is_done:
            raise Trouble(f"The transaction {signed.hash} was refused by the contract.")
        return receipt.contract


def has_role(node: Node, timelock: str, role: bytes, who: str) -> bool:
    """Whether somebody has a role of a timelock."""
    return node.number(timelock, ask(HAS_ROLE, role, who)) == 1


def faults(node: Node, timelock: str, key: str) -> Sequence[str]:
    """Return what is wrong with the roles of the bot's key, a sentence each."""
    found = []
    if not has_role(node, timelock, PROPOSER, key):
        found.append(f"{key} may not propose. Its admin or the timelock itself has to grant it.")
    if has_role(node, timelock, CANCELLER, key):
        found.append(f"{key} may also cancel, which is for guardians. Have that role revoked.")
    if has_role(node, timelock, ADMIN, key):
        found.append(f"{key} is also admin, so a stolen key could do anything. Renounce that role.")
    if has_role(node, timelock, PROPOSER, ZERO):
        found.append("anybody may propose. Have that role revoked.")
    return found


def read_guardians(written: Sequence[str]) -> tuple[str, ...]:
    """Return the guardians that somebody typed; raises Trouble for what is no exact address."""
    from bot import bounds

    found = []
    for one in written:
        try:
            found.append(bounds.chain_address(one))
        except ValueError as error:
            said = str(error) or "is not 0x and 40 digits"
            raise Trouble(f"--guardian {one[:60]} {said}.") from error
    if len(set(found)) < len(found):
        raise Trouble("A guardian is named twice.")
    return tuple(found)
