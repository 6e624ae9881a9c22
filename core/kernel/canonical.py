"""One way to write a value as bytes, so that every hash can be computed again elsewhere."""

import hashlib
import json
from collections.abc import Callable
from json import encoder
from typing import Any

_ENCODER = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,  # values are built by us, as trees
    allow_nan=False,
    sort_keys=True,
    separators=(",", ":"),
)


def unframed(one: json.JSONEncoder) -> Callable[[Any], str]:
    """Return an encoder's work without its frame, which is made anew for each value.

    The encoder writes letters as they are and trusts that a value is a tree. A vote writes nine
    values; the frame would be half of their cost.
    """
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:  # an interpreter without the accelerator
        return one.encode
    text = encoder.encode_basestring
    how = (one.item_separator, one.sort_keys, one.skipkeys, one.allow_nan)
    write = make(None, one.default, text, one.indent, one.key_separator, *how)
    return lambda value: "".join(write(value, 0))


encode = unframed(_ENCODER)
# A text as `encode` writes it, for who writes the rest of a value by hand.
encode_text: Callable[[str], str] = encoder.encode_basestring
# As the json module itself reads.
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def decode(text: str) -> Any:
    """Return the value that a text stands for, as json.loads does; raises ValueError.

    What is written without spaces needs not be looked through for them first, which would be
    half of the cost.
    """
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        return json.loads(text)  # which says what is wrong
    return value if end == len(text) else json.loads(text)


def sha256(value: Any) -> bytes:
    """Return SHA-256 of a value's canonical JSON: UTF-8, no spaces, sorted keys."""
    return hashlib.sha256(encode(value).encode()).digest()


def digest(value: Any) -> str:
    """Return `sha256` in hex, as it is printed and kept in JSON."""
    return digest_encoded(encode(value))


def digest_encoded(encoded: str) -> str:
    """Return `digest` of a value that is canonical JSON already."""
    return hashlib.sha256(encoded.encode()).hexdigest()
