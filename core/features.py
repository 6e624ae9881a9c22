"""The list of features, one line each."""

from core import community, ledger, proposals

FEATURES = (
    community.FEATURE,
    ledger.FEATURE,
    proposals.FEATURE,
)
