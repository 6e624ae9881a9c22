"""Contracts of the tests: tokens that misbehave, a wallet that is a contract."""

from pathlib import Path

from bot.chain.artifacts import Artifact, artifact

FOLDER = Path(__file__).parent / "contracts"


def twisted(contract: str) -> Artifact:
    """Return a contract of Twisted.sol."""
    return artifact("Twisted", contract, FOLDER)
