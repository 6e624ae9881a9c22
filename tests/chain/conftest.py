"""What the tests of the signer share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.world import World

pytest.importorskip("eth_tester", reason="install folkmoot[test]: it has a chain in the process")
pytest.importorskip("eth", reason="install folkmoot[test]: it has a chain in the process")

from tests.chain.anvil import Anvil
from tests.chain.town import START, Founded, Town


@pytest.fixture
async def town(world: World) -> AsyncIterator[Town]:
    """A room with a treasury, known to its community."""
    made = Town(world, Founded())
    await made.found()
    yield made
    await made.engine.stop()


@pytest.fixture
async def storm(world: World, tmp_path: Path) -> AsyncIterator[Town]:
    """A town on anvil, where blocks come only when they are asked for."""
    anvil = Anvil(START, tmp_path)
    try:
        made = Town(world, anvil, confirmations=0)
        await made.found()
        anvil.automine(False)
        yield made
        await made.engine.stop()
    finally:
        anvil.stop()
