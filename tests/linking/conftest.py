"""Shared by the laws: how hard hypothesis tries; `quick` unless HYPOTHESIS_PROFILE says more."""

import os

from hypothesis import HealthCheck, settings

_CALM = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

settings.register_profile("quick", max_examples=40, deadline=None, suppress_health_check=_CALM)
settings.register_profile(
    "ci", max_examples=80, deadline=None, suppress_health_check=_CALM, derandomize=True
)
settings.register_profile("night", max_examples=3_000, deadline=None, suppress_health_check=_CALM)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
