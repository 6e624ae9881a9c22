"""Whether the node, the timelocks, the tokens and the key of the chain are as they should be."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.chain_settings import Chain, ChainTreasury
from bot.checks.finding import Finding, fine, note, wrong
from bot.platforms.text import span
from bot.trouble import Trouble

if TYPE_CHECKING:
    from bot.chain.node import Node

# Enough for some ten payments; less is worth a word.
SHORT_DELAY_S = 3_600


def check_chain(settings: Chain) -> list[Finding]:
    """Ask the node about everything that the configuration names."""
    gaps = [wrong(f"chain: {gap}") for gap in settings.gaps]
    if gaps or not settings.is_on:
        return gaps or [note("chain: no node is set, so the bot leaves chains alone")]
    try:
        from bot.chain.node import connect
    except ImportError:
        return [wrong("chain: the signer is not installed. Install folkmoot[chain].")]
    from bot.chain.trouble import NodeTrouble, OtherChain

    node = connect(settings.rpc_url.get_secret_value(), settings.chain_id)
    try:
        node.check_chain()
        found = [fine(f"chain: the node answers, chain {settings.chain_id}")]
        return [*found, *_look(settings, node)]
    except OtherChain as other:
        return [wrong(f"chain: {other}. Correct [chain] rpc_url or chain_id.")]
    except NodeTrouble as trouble:
        return [wrong(f"chain: the node of [chain] rpc_url does not answer ({_kind(trouble)}).")]


def _kind(trouble: Exception) -> str:
    # Not a library's words: they may repeat the address. Without a cause they are our own.
    return str(trouble) if trouble.__cause__ is None else type(trouble.__cause__).__name__


def _look(settings: Chain, node: "Node") -> Iterator[Finding]:
    from bot.chain.keys import is_open_to_others, open_key

    assert settings.key_file is not None
    if not node.has_base_fee():
        yield wrong(
            "chain: the blocks of this chain have no base fee (EIP-1559). The bot sends only "
            "transactions of that kind, so this chain is not supported."
        )
    key = ""
    try:
        opened = open_key(settings.key_file, settings.key_password.get_secret_value())
    except Trouble as trouble:
        yield wrong(f"chain: {trouble}")
    else:
        key = opened.address
        if is_open_to_others(settings.key_file):
            yield wrong(
                f"chain: others on this machine can read {settings.key_file}. Make it yours alone: "
                f"chmod 600 {settings.key_file}"
            )
        yield _gas(node, key)
    for treasury in settings.treasuries:
        yield from _treasury(node, treasury, key)


def _gas(node: "Node", key: str) -> Finding:
    from bot.chain.purses import GAS_LEFT

    held, price = node.funds(key), node.head().base_fee + node.tip()
    if held < price * GAS_LEFT:
        return wrong(
            f"chain: the key {key} has {held} wei left for gas, too little for ten payments. Send "
            "some of the chain's own coin there."
        )
    return fine(f"chain: the key is {key}, with {held} wei for gas")


def _treasury(node: "Node", treasury: ChainTreasury, key: str) -> Iterator[Finding]:
    from bot.chain.deploy import faults
    from bot.chain.timelock import GET_MIN_DELAY, ask
    from bot.chain.trouble import WouldRevert

    where = f"chain: treasury {treasury.name}"
    if not node.has_code(treasury.timelock):
        yield wrong(f"{where}: there is no contract at {treasury.timelock} on this chain.")
        return
    try:
        delay_s = node.number(treasury.timelock, ask(GET_MIN_DELAY))
        roles = faults(node, treasury.timelock, key) if key else []
    except WouldRevert:
        yield wrong(f"{where}: what stands at {treasury.timelock} is no timelock.")
        return
    yield from (wrong(f"{where}: {fault}") for fault in roles)
    delay = f"{where}: its delay is {span(timedelta(seconds=delay_s))}"
    if delay_s < SHORT_DELAY_S:
        yield note(f"{delay}, which leaves guardians little time to veto")
    else:
        yield fine(delay)
    for token in treasury.tokens:
        yield from _token(node, f"{where}: {token.symbol}", token.address, token.decimals)


def _token(node: "Node", where: str, address: str, decimals: int) -> Iterator[Finding]:
    from bot.chain.timelock import DECIMALS, ask
    from bot.chain.trouble import WouldRevert

    if not node.has_code(address):
        yield wrong(f"{where}: there is no contract at {address} on this chain.")
        return
    try:
        found = node.number(address, ask(DECIMALS))
    except WouldRevert:
        yield wrong(f"{where}: what stands at {address} is no token that says its decimals.")
        return
    if found != decimals:
        yield wrong(f"{where}: the token has {found} decimals, and {decimals} are configured.")
    else:
        yield fine(f"{where}: {decimals} decimals")
