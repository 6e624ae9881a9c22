"""The list of features, one line each."""

from core import community, proposals

FEATURES = (
    community.FEATURE,
    proposals.FEATURE,
)
