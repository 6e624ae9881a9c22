"""The chain is ahead of the books: everything stops until two admins have looked."""

import shutil
from pathlib import Path

from bot.engine import Engine
from tests.chain.town import Town


async def restored(town: Town, backup: Path) -> None:
    """Put an old database in place of the one that went on."""
    await town.engine.stop()
    town.world.tx.close()
    path = town.world.path
    for extra in ("-wal", "-shm"):
        path.with_name(path.name + extra).unlink(missing_ok=True)
    shutil.copy(backup, path)
    town.world.tx = town.world.database.open()
    town.world.batch._tx = town.world.tx
    town.engine = Engine(town.world.app, town.world.database.open())
    town.engine.start()
    town.signer = town.hire()


def copied(town: Town, folder: Path) -> Path:
    to = folder / "backup.db"
    to.unlink(missing_ok=True)
    town.world.tx.run(f"vacuum into '{to}'")
    return to


async def test_a_database_from_before_the_sending_freezes_payments(
    town: Town, tmp_path: Path
) -> None:
    number, payee = town.decide()
    backup = copied(town, tmp_path)
    await town.turn(2)
    await restored(town, backup)
    await town.turn(3)
    assert town.signed() == 0
    assert "frozen" in town.world.member("ana*").sees().lower()
    assert "this database knows of" in " ".join(town.world.member("ana*").sees().split())
    for name in ("ana*", "ben*"):
        town.world.member(name).says("/resume payments")
    await town.turn(4)
    # The timelock knows it already, so it freezes once more, for this payment.
    assert town.state(number) == "asked"
    for name in ("ana*", "ben*"):
        town.world.member(name).says("/resume payments")
    await town.turn(2)
    assert town.state(number) == "scheduled"
    town.wait(hours=49)
    await town.turn(3)
    assert (town.state(number), town.balance(payee)) == ("paid", 20)
    assert town.n_calls(number) == (1, 1)


async def test_a_veto_that_the_books_have_forgotten_stands(town: Town, tmp_path: Path) -> None:
    number, payee = town.decide()
    backup = copied(town, tmp_path)
    await town.turn(2)
    town.cancel(number)
    await town.turn(1)
    await restored(town, backup)
    await town.turn(2)
    for name in ("ana*", "ben*"):
        town.world.member(name).says("/resume payments")
    await town.turn(3)
    town.wait(hours=99)
    await town.turn(2)
    assert (town.state(number), town.n_calls(number)) == ("vetoed", (1, 0))
    assert town.balance(payee) == 0


async def test_a_key_that_another_program_uses_freezes_payments(town: Town) -> None:
    town.send_by_key()
    number, payee = town.decide()
    await town.turn(3)
    assert town.signed() == 0
    assert town.world.member("ana").says("/pool list")
    for name in ("ana*", "ben*"):
        town.world.member(name).says("/resume payments")
    await town.turn(3)
    town.wait(hours=49)
    await town.turn(2)
    assert (town.state(number), town.balance(payee)) == ("paid", 20)
