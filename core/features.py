"""The list of features, one line each."""

from core import community, ledger, pools, proposals

FEATURES = (
    community.FEATURE,
    ledger.FEATURE,
    proposals.FEATURE,
    pools.FEATURE,
)
