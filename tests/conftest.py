"""What every test shares: a world in a room."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A fresh room on a fresh database."""
    made = World(tmp_path)
    yield made
    made.close()
