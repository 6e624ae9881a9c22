"""What was answered is on the disk, whatever a server would do by itself."""

import pytest

from bot.database.address import read_address
from bot.database.postgres import connect_plainly
from bot.database.postgres_database import PostgresDatabase
from tests.databases import stores

ASKED = "show synchronous_commit"


@pytest.fixture(scope="module")
def url() -> str:
    """A database of one's own."""
    store = stores.store("postgres")
    assert isinstance(store, stores.PostgresStore)
    return store.create_empty("hasty")


@pytest.mark.parametrize(("asked", "is_so"), [("off", "on"), ("remote_apply", "remote_apply")])
def test_a_commit_waits_for_the_disk_at_least(url: str, asked: str, is_so: str) -> None:
    joined = "&" if "?" in url else "?"
    address = read_address(f"{url}{joined}options=-csynchronous_commit%3D{asked}")
    tx = PostgresDatabase(address).open()
    assert tx.one(ASKED) == (is_so,)
    tx.close()
    with connect_plainly(address.words) as connection:
        assert connection.execute(ASKED).fetchone() == (is_so,)
