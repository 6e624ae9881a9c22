"""A community on each platform in turn, for what holds on all of them alike."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.driving import Driver
from tests.platforms.everywhere import EVERYWHERE


@pytest.fixture(params=EVERYWHERE, ids=str)
async def moot(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Driver]:
    """A community of four on each platform in turn; whatever happens to it can be verified."""
    async with EVERYWHERE[request.param](tmp_path, monkeypatch) as driver:
        yield driver
        assert driver.faults() == []
