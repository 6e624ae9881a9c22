"""From the configuration to a signer; every mistake is told in a sentence."""

from bot.chain.keys import Key, open_key
from bot.chain.node import Node, connect
from bot.chain.signer import Parts, Signer
from bot.chain_settings import Chain
from bot.engine import Engine
from bot.trouble import Trouble
from core.kernel.clock import Clock


def hire(settings: Chain, engine: Engine, clock: Clock) -> Signer:
    """Return the signer that the configuration asks for; raises Trouble."""
    return Signer(settings, engine, clock, Parts(node_of(settings), key_of(settings)))


def node_of(settings: Chain) -> Node:
    """Return the configured node; nothing is asked of it yet."""
    return connect(settings.rpc_url.get_secret_value(), settings.chain_id)


def key_of(settings: Chain) -> Key:
    """Return the configured key; raises Trouble."""
    if settings.key_file is None:
        raise Trouble("[chain] key_file is missing: name the file of the signer's key.")
    return open_key(settings.key_file, settings.key_password.get_secret_value())
