"""Compiled contracts, kept beside their sources; this file reads them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "contracts"


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a contract understands, and the bytes that put it on a chain."""

    abi: list[dict[str, Any]]
    bytecode: str


@cache
def artifact(name: str, contract: str = "", folder: Path = FOLDER) -> Artifact:
    """Return a contract of the file `name`.json; without a name, the one named like the file."""
    kept = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    found = kept["contracts"][contract or name]
    return Artifact(found["abi"], found["bytecode"])
