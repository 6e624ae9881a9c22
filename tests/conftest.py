"""What every test shares: a world in a room."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import guard
from tests.world import World

guard.set_up()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Have the whole suite run on every core, and a few tests in this very process."""
    is_whole = config.args == config.getini("testpaths")
    return None if is_whole else 0


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A fresh room on a fresh database."""
    made = World(tmp_path)
    yield made
    made.close()
