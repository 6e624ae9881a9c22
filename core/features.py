"""The list of features, one line each."""

from core import community, ledger, pools, proposals, reputation, rewards

FEATURES = (
    community.FEATURE,
    ledger.FEATURE,
    reputation.FEATURE,
    proposals.FEATURE,
    pools.FEATURE,
    rewards.FEATURE,
)
