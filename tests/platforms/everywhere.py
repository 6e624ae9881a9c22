"""Every platform by its name, for conversations that are held on all of them."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.platforms.drive_discord import on_discord
from tests.platforms.drive_room import in_the_room
from tests.platforms.drive_telegram import on_telegram
from tests.platforms.driving import Driver

Opening = Callable[[Path, pytest.MonkeyPatch], AbstractAsyncContextManager[Driver]]

EVERYWHERE: dict[str, Opening] = {
    "room": in_the_room,
    "discord": on_discord,
    "telegram": on_telegram,
}
