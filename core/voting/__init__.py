"""This file is the registry of counting methods: adding one is its file and its line here."""

from collections.abc import Mapping
from types import MappingProxyType

from core.voting.allocate import Allocate
from core.voting.approval import Approval
from core.voting.borda import Borda
from core.voting.budget import Budget
from core.voting.budget_shares import BudgetShares
from core.voting.copeland import Copeland
from core.voting.dots import Dots
from core.voting.equal_shares import EqualShares
from core.voting.errors import BallotError, Malformed, QuestionError, VotingError
from core.voting.gates import quorum_met, quorum_of, threshold_met
from core.voting.gradients import Gradients
from core.voting.instant_runoff import InstantRunoff
from core.voting.kinds.kind import Ballot
from core.voting.lot import Lot, ballot_digest, commitment
from core.voting.method import Method
from core.voting.pav import Pav
from core.voting.quadratic import Quadratic
from core.voting.ranked_pairs import RankedPairs
from core.voting.result import How, Result, Round, Tie
from core.voting.schulze import Schulze
from core.voting.score import Score
from core.voting.single import Single
from core.voting.star import Star
from core.voting.stv import Stv
from core.voting.time_poll import TimePoll
from core.voting.words import Sentence

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        method.name: method
        for method in (
            Single(),
            Approval(),
            Score(),
            Star(),
            InstantRunoff(),
            Schulze(),
            RankedPairs(),
            Copeland(),
            Borda(),
            Stv(),
            Quadratic(),
            Allocate(),
            Pav(),
            EqualShares(),
            Dots(),
            Budget(),
            BudgetShares(),
            TimePoll(),
            Gradients(),
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
