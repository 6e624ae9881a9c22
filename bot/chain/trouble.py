"""What goes wrong with a node, as classes; nodes word it differently, so words are known by parts.

A send whose answer was lost shows as "already known" or "nonce too low" though it was mined:
those two mean "look for the receipt" and nothing else.
"""


class NodeTrouble(Exception):
    """The node did not do what was asked; the text is for the log."""


class Away(NodeTrouble):
    """There is no answer, or none that can be read."""


class OtherChain(NodeTrouble):
    """The node is on another chain than the one that is configured."""


class MaybeSent(NodeTrouble):
    """The node has it already, or the nonce is used: look for the receipt."""


class Underpriced(NodeTrouble):
    """A version with the same nonce pays as much: a replacement has to pay more."""


class FeeTooLow(NodeTrouble):
    """The block wants more than the most that this version pays."""


class NoFunds(NodeTrouble):
    """The key has too little of the chain's coin to pay for gas."""


class BadTransaction(NodeTrouble):
    """The node will never take these bytes."""


class WouldRevert(NodeTrouble):
    """The contract refuses it as things stand."""


class NoHistory(NodeTrouble):
    """The node has dropped the state of that block."""


# What nodes say, in small letters; the first that fits counts.
_WORDS: tuple[tuple[str, type[NodeTrouble]], ...] = (
    ("replacement transaction underpriced", Underpriced),
    ("replacement fee too low", Underpriced),
    ("already imported", MaybeSent),
    ("already known", MaybeSent),
    ("known transaction", MaybeSent),
    ("alreadyknown", MaybeSent),
    ("nonce too low", MaybeSent),
    ("nonce is too low", MaybeSent),
    ("oldnonce", MaybeSent),
    ("invalid transaction nonce", MaybeSent),
    ("less than block base fee", FeeTooLow),
    ("lower than block base fee", FeeTooLow),
    ("feetoolow", FeeTooLow),
    ("transaction underpriced", FeeTooLow),
    ("max fee per gas less", FeeTooLow),
    ("insufficient funds", NoFunds),
    ("not enough funds", NoFunds),
    ("does not have enough balance", NoFunds),
    ("insufficient balance for transfer", NoFunds),
    ("intrinsic gas too low", BadTransaction),
    ("invalid chain id", BadTransaction),
    ("invalid sender", BadTransaction),
    ("missing trie node", NoHistory),
    ("historical state", NoHistory),
    ("pruned", NoHistory),
    ("execution reverted", WouldRevert),
    ("revert", WouldRevert),
)


def classed(said: str) -> type[NodeTrouble]:
    """Return the class of what a node said; what is not known counts as away: try again later."""
    small = said.lower()
    return next((found for words, found in _WORDS if words in small), Away)
