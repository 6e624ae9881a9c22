"""The list of features, one line each."""

from core import community, execution, ledger, pools, proposals, reputation, rewards

FEATURES = (
    community.FEATURE,
    ledger.FEATURE,
    reputation.FEATURE,
    execution.FEATURE,
    proposals.FEATURE,
    pools.FEATURE,
    rewards.FEATURE,
)
