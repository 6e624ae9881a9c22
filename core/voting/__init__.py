"""This file is the registry of counting methods: adding one is its file and its line here."""

from collections.abc import Mapping
from types import MappingProxyType

from core.voting.approval import Approval
from core.voting.ballots import Ballot
from core.voting.errors import BallotError, Malformed, QuestionError, VotingError
from core.voting.gates import quorum_met, quorum_of, threshold_met
from core.voting.lot import Lot, ballot_digest, commitment
from core.voting.method import Method
from core.voting.result import How, Result, Round, Tie
from core.voting.single import Single
from core.voting.words import Sentence

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        method.name: method
        for method in (
            Single(),
            Approval(),
        )
    }
)

__all__ = [
    "METHODS",
    "Ballot",
    "BallotError",
    "How",
    "Lot",
    "Malformed",
    "Method",
    "QuestionError",
    "Result",
    "Round",
    "Sentence",
    "Tie",
    "VotingError",
    "ballot_digest",
    "commitment",
    "quorum_met",
    "quorum_of",
    "threshold_met",
]
