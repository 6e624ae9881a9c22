"""What the tests of the server share."""

import pytest


@pytest.fixture(autouse=True)
def pauses_are_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library tell pauses as durations: otherwise it warns whenever it is told to wait."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
