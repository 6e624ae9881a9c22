"""The nonces of a key: which are used, which still wait, and whether somebody else used one.

One sender per key, and one new transaction at a time: the next begins when the last is mined.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.chain.store import Purpose, Version


@dataclass(slots=True)
class Nonces:
    """The key at the head of the chain: its next nonce there, and what of ours is not mined."""

    next: int
    waiting: Mapping[int, Sequence[Version]]
    is_started: bool = field(default=False)

    @property
    def is_free(self) -> bool:
        """Whether a new transaction may begin."""
        return not self.waiting and not self.is_started

    @property
    def missing(self) -> range:
        """The nonces below everything that waits, with which nothing of ours was signed.

        So it is where a reorganisation took back what another program sent with the key: nothing
        that waits can be mined until somebody uses these.
        """
        return range(self.next, min(self.waiting, default=self.next))


def nonces(head: int, signed: Sequence[Version]) -> Nonces:
    """Return how a key stands: `head` is the chain's count, `signed` what has it or a later one."""
    groups: dict[int, list[Version]] = defaultdict(list)
    for one in signed:
        if one.nonce >= head:
            groups[one.nonce].append(one)
    return Nonces(head, dict(sorted(groups.items())))


def group(versions: Sequence[Version], purpose: Purpose) -> Sequence[Version]:
    """Return the versions of the last nonce that was used for a purpose; it may be void by now."""
    mine = [one.nonce for one in versions if one.purpose is purpose]
    if not mine:
        return ()
    return [one for one in versions if one.nonce == max(mine)]
