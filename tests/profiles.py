"""This file is how hard hypothesis tries: `quick` unless HYPOTHESIS_PROFILE says more."""

import os

from hypothesis import HealthCheck, settings

# A machine that does other things as well is no fault of what is tested.
_CALM = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


def set_up() -> None:
    """Choose the profile; a test takes the one that is chosen when its file is imported."""
    calm = settings(deadline=None, suppress_health_check=_CALM)
    # The same examples each time: a red run can be run again, and a green one stays green.
    settings.register_profile("quick", calm, max_examples=40, derandomize=True)
    settings.register_profile("ci", calm, max_examples=80, derandomize=True)
    settings.register_profile("night", calm, max_examples=3_000)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
