"""What every test shares: a world in a room, on each database in turn where it can be."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import guard, profiles
from tests.databases import stores
from tests.world import World

guard.set_up()
profiles.set_up()

# Where communities are tested, and not a database or what runs beside it.
_FEATURES = {
    "community", "kernel", "laws", "ledger", "linking", "pools", "proposals", "reputation",
    "rewards",
}  # fmt: skip
SQLITE_ONLY = "sqlite_only"
BOTH = "both_databases"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Have the whole suite run on every core, and a few tests in this very process.

    One worker more than cores: while one waits, for a program to start or a server to come back,
    there is still a test for every core.
    """
    if config.args != config.getini("testpaths"):
        return 0
    n_cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return n_cores + 1


def pytest_configure(config: pytest.Config) -> None:
    """Name our marks."""
    config.addinivalue_line("markers", f"{SQLITE_ONLY}: looks into what only SQLite has")
    config.addinivalue_line("markers", f"{BOTH}: runs on each database, though its folder does not")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what lays a world on every database; whatever does not needs no folder."""
    place = metafunc.definition.path.parent.name
    has_folder = "tmp_path_factory" in metafunc.fixturenames
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    is_both = (place in _FEATURES or BOTH in marks) and SQLITE_ONLY not in marks
    if is_both and has_folder:
        metafunc.parametrize("store", stores.STORES, indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def store(request: pytest.FixtureRequest) -> stores.Store:
    """The kind of database on which worlds are laid."""
    return stores.use(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session", autouse=True)
def _servers() -> Iterator[None]:
    yield
    stores.close_all()


@pytest.fixture
def world(tmp_path: Path, store: stores.Store) -> Iterator[World]:
    """A fresh room on a fresh database."""
    made = World(tmp_path)
    yield made
    made.close()
