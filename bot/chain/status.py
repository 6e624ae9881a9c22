"""`folkmoot chain ...`: deploying a timelock, and how everything on the chain stands."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TextIO

from bot.chain.deploy import Deployer, Wanted, faults, read_guardians
from bot.chain.hiring import key_of, node_of
from bot.chain.keys import Key
from bot.chain.node import Node
from bot.chain.sending import WEI
from bot.chain.store import last_nonce
from bot.chain.timelock import BALANCE_OF, GET_MIN_DELAY, ask
from bot.chain.trouble import NodeTrouble, WouldRevert
from bot.chain_settings import Chain, ChainTreasury
from bot.database.port import Database
from bot.database.standing import Standing
from bot.platforms.text import span
from bot.trouble import Trouble
from core.execution import Operation, open_operations
from core.kernel.duration import read_duration
from core.kernel.errors import Broken

DELAY_S_MIN, DELAY_S_MAX = 60, 30 * 24 * 3_600


def deploy(settings: Chain, delay: str, guardians: Sequence[str], at: str, out: TextIO) -> int:
    """Deploy a timelock and say what was done; return the exit status."""
    wanted = Wanted(_delay(delay), read_guardians(guardians))
    if not settings.is_on or not settings.chain_id:
        raise Trouble("No chain is set up: give [chain] rpc_url, chain_id and key_file first.")
    key, node = key_of(settings), node_of(settings)
    if key.address in wanted.guardians:
        raise Trouble("The bot's own key cannot be a guardian: who proposes must not veto.")

    def write(line: str) -> None:
        out.write(f"{line}\n")

    try:
        made = Deployer(node, key, settings.fee_max * WEI, write).deploy(wanted, at)
    except NodeTrouble as trouble:
        raise Trouble(f"The node did not take it: {trouble}") from trouble
    write(f'timelock = "{made}"')
    write("Put that line into [[chain.treasuries]], then send the treasury's assets there.")
    return 0


def _delay(written: str) -> int:
    try:
        seconds = read_duration(written) // timedelta(seconds=1)
    except ValueError as error:
        raise Trouble(f"--delay {written[:40]}: write a length of time such as 48h.") from error
    if not DELAY_S_MIN <= seconds <= DELAY_S_MAX:
        raise Trouble("--delay must be from 1m to 30d; guardians need time to look, such as 48h.")
    return seconds


def status(settings: Chain, database: Database, out: TextIO) -> int:
    """Say how node, key, treasuries and operations stand; return the exit status."""
    if gaps := settings.gaps:
        raise Trouble(" ".join(gaps))
    if not settings.is_on:
        raise Trouble("No chain is set up: [chain] rpc_url is empty.")
    key, node = key_of(settings), node_of(settings)
    try:
        node.check_chain()
        found = (*_node(settings, node, key), *_treasuries(settings, node, key))
        out.writelines(f"{line}\n" for line in found)
    except NodeTrouble as trouble:
        raise Trouble(f"The node does not answer: {trouble}") from trouble
    out.writelines(f"{line}\n" for line in _books(settings, database, key))
    return 0


def _node(settings: Chain, node: Node, key: Key) -> Iterator[str]:
    head = node.head()
    final = node.final(settings.confirmations)
    yield f"chain {settings.chain_id}: block {head.number}, final up to {final}"
    held = node.funds(key.address)
    yield f"key {key.address}: {held} wei for gas, {node.nonce(key.address)} transactions"


def _treasuries(settings: Chain, node: Node, key: Key) -> Iterator[str]:
    for one in settings.treasuries:
        try:
            delay = span(timedelta(seconds=node.number(one.timelock, ask(GET_MIN_DELAY))))
            yield f"treasury {one.name} of {one.community}: {one.timelock}, delay {delay}"
            yield from (f"  WRONG: {fault}" for fault in faults(node, one.timelock, key.address))
            yield from _tokens(node, one)
        except WouldRevert:
            yield f"treasury {one.name} of {one.community}: {one.timelock} WRONG: no timelock there"


def _tokens(node: Node, one: ChainTreasury) -> Iterator[str]:
    for token in one.tokens:
        try:
            held = node.number(token.address, ask(BALANCE_OF, one.timelock))
        except WouldRevert:
            yield f"  {token.symbol}: WRONG: no token at {token.address}"
            continue
        whole, rest = divmod(held, 10**token.decimals)
        places = f".{rest:0{token.decimals}d}".rstrip("0").rstrip(".") if token.decimals else ""
        yield f"  {token.symbol}: {whole}{places}"


def _books(settings: Chain, database: Database, key: Key) -> Iterator[str]:
    if database.look().standing is not Standing.CURRENT:
        yield "no operations: there is no database of this version yet"
        return
    tx = database.read()
    try:
        tx.begin(is_writing=False)
        found = open_operations(tx)
        last = last_nonce(tx, settings.chain_id, key.address)
    except Broken as error:
        raise Trouble(f"The database cannot be read: {error}") from error
    finally:
        tx.close()
    yield f"in this database: {0 if last is None else last + 1} was the key's next transaction"
    yield from (_operation(one) for one in found)
    if not found:
        yield "no operation is under way"


def _operation(one: Operation) -> str:
    tx = one.executed_tx or one.scheduled_tx or ""
    place = f"community {one.community}, #{one.proposal}"
    return f"{place}: {one.state.value} {one.amount} base units of {one.symbol} to {one.to} {tx}"
