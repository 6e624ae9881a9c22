"""Keccak-256 as Ethereum uses it, in plain Python.

It is the hash before SHA-3 was settled: the same permutation and rate as `hashlib.sha3_256`, but
the padding begins with 0x01 where SHA-3 has 0x06, so the standard library cannot give it. What is
hashed here are addresses, salts and operations: some hundred bytes, a fraction of a millisecond.

Reference: G. Bertoni et al., The Keccak reference, version 3.0 (2011). This file is the chain's
hash.
"""

RATE = 136
_MASK = (1 << 64) - 1
_ROUNDS = 24
_PAD_FIRST, _PAD_LAST = 0x01, 0x80


def keccak256(message: bytes) -> bytes:
    """Return the 32 bytes of a message's hash.

    >>> keccak256(b"").hex()
    'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'
    """
    lanes = [0] * 25
    padded = bytearray(message) + bytes(RATE - len(message) % RATE)
    padded[len(message)] ^= _PAD_FIRST
    padded[-1] ^= _PAD_LAST
    for start in range(0, len(padded), RATE):
        for at in range(RATE // 8):
            lanes[at] ^= int.from_bytes(padded[start + 8 * at : start + 8 * at + 8], "little")
        lanes = _permuted(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _turned(lane: int, by: int) -> int:
    return ((lane << by) | (lane >> (64 - by))) & _MASK


def _round_constants() -> tuple[int, ...]:
    """Return what each round adds to the first lane: bits of a shift register of 8 places."""
    found, register = [], 1
    for _ in range(_ROUNDS):
        constant = 0
        for place in range(7):
            if register & 1:
                constant |= 1 << ((1 << place) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        found.append(constant)
    return tuple(found)


_CONSTANTS = _round_constants()


def _permuted(lanes: list[int]) -> list[int]:
    """Return the state after all rounds; the lane of (x, y) is at x + 5 y."""
    for constant in _CONSTANTS:
        columns = [
            lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20]
            for x in range(5)
        ]
        mixed = [columns[x - 1] ^ _turned(columns[(x + 1) % 5], 1) for x in range(5)]
        lanes = [lane ^ mixed[at % 5] for at, lane in enumerate(lanes)]
        x, y, moved = 1, 0, lanes[1]
        for turn in range(_ROUNDS):
            x, y = y, (2 * x + 3 * y) % 5
            by = (turn + 1) * (turn + 2) // 2 % 64
            moved, lanes[x + 5 * y] = lanes[x + 5 * y], _turned(moved, by)
        lanes = [
            lanes[at] ^ (~lanes[at - at % 5 + (at + 1) % 5] & lanes[at - at % 5 + (at + 2) % 5])
            for at in range(25)
        ]
        lanes[0] ^= constant
    return lanes
