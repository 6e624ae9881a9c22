"""One way to write a value as bytes, so that every hash can be computed again elsewhere."""

import hashlib
import json
from typing import Any

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
encode = _ENCODER.encode
decode = json.loads


def sha256(value: Any) -> bytes:
    """Return SHA-256 of a value's canonical JSON: UTF-8, no spaces, sorted keys."""
    return hashlib.sha256(encode(value).encode()).digest()


def digest(value: Any) -> str:
    """Return `sha256` in hex, as it is printed and kept in JSON."""
    return hashlib.sha256(encode(value).encode()).hexdigest()
