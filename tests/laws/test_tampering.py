"""Whatever is changed behind the bot's back in journal, seals, ballots or votes is found."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database.port import WritableTx
from bot.verify import checks
from core.kernel.feature import Fault, House
from core.proposals import closing
from tests.databases.stores import Store
from tests.laws.weeks import lived_in
from tests.world import World

TABLES = (
    "journal", "sealed", "ballot", "proposal", "running",
    "asset", "balance", "entry", "pool", "payment", "payments_paused",
    "tip", "took_part", "leave", "hidden", "ranking", "ranked", "linked",
    "reward", "payday",
    "chain_treasury", "chain_token", "chain_operation", "wallet",
)  # fmt: skip
# The leader between two ballots decides nothing once it is past.
UNCHECKED = {("running", "leader")}
# Any number but 0 says yes.
SWITCHES = {"is_secret", "is_offered"}

Cell = tuple[str, str, tuple[tuple[str, Any], ...]]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Iterator[World]:
    """A week in a room."""
    world = lived_in(tmp_path_factory.mktemp("week"))
    yield world
    world.close()


@pytest.fixture(scope="module")
def cells(week: World) -> list[Cell]:
    """Every cell as (table, column, the row's key)."""
    found = []
    for table in TABLES:
        names = week.columns(table)
        for key in week.keys(table):
            found += [(table, name, key) for name in names if (table, name) not in UNCHECKED]
    return found


@pytest.fixture(scope="module")
def copy(week: World) -> Iterator[WritableTx]:
    """The week again, to be changed inside a transaction and rolled back."""
    tx = week.store.copy(week.database)
    yield tx
    tx.close()


def faults(week: World, copy: WritableTx) -> list[Fault]:
    return [fault for _, checked in checks(copy, week.house) for fault in checked.faults]


# Which feature found what was changed in a table last.
_finders: dict[str, str] = {}


def is_found(week: World, copy: WritableTx, table: str) -> bool:
    """Whether any check finds a fault; who found one in this table before is asked first."""
    verifying = [one for one in week.house.features if one.verify is not None]
    verifying.sort(key=lambda one: one.name != _finders.get(table))
    house = House(verifying, week.house.admins)
    for at, (_, checked) in enumerate(checks(copy, house)):
        if checked.faults:
            if at:
                _finders[table] = verifying[at - 1].name
            return True
    return False


def changed(value: Any, at: int, flip: int) -> Any:
    """Return a value with one bit of one byte flipped, or a number with one bit flipped."""
    if value is None:
        return at
    if isinstance(value, int):
        return value ^ (1 << flip)
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    if not raw:
        return "x" if isinstance(value, str) else b"x"
    raw[at % len(raw)] ^= 1 << (flip % 7)
    return raw.decode("utf-8", "replace") if isinstance(value, str) else bytes(raw)


def is_noticed(week: World, copy: WritableTx, cell: Cell, at: int, flip: int) -> bool | None:
    """Change one cell and verify; None where the database itself refuses, or nothing changed."""
    table, column, key = cell
    where = " and ".join(f"{name} = ?" for name, _ in key)
    values = [value for _, value in key]
    sql = f"select {column} from {table} where {where}"
    ((before,),) = copy.all(sql, values)
    after = changed(before, at, flip)
    if before == after or (column in SWITCHES and bool(before) == bool(after)):
        return None
    copy.begin()
    try:
        copy.run(f"update {table} set {column} = ? where {where}", (after, *values))
        return is_found(week, copy, table)
    except week.store.refusals:
        return None
    finally:
        copy.rollback()


def test_a_week_that_nobody_touched_verifies(week: World, copy: WritableTx) -> None:
    assert faults(week, copy) == []


@given(where=st.integers(0, 10**6), at=st.integers(0, 300), flip=st.integers(0, 40))
def test_a_changed_byte_is_found_wherever_it_is(
    week: World,
    cells: list[Cell],
    copy: WritableTx,
    where: int,
    at: int,
    flip: int,
) -> None:
    cell = cells[where % len(cells)]
    assert is_noticed(week, copy, cell, at, flip) is not False, cell


def test_a_changed_byte_is_found_in_every_column(
    week: World, cells: list[Cell], copy: WritableTx
) -> None:
    """Two rows a column, at two bytes each; one row where each look is a journey."""
    enough = 4 if week.store.name == "sqlite" else 2
    tried: dict[tuple[str, str], int] = {}
    unnoticed = []
    for cell in reversed(cells):
        column = cell[:2]
        if tried.get(column, 0) >= enough:
            continue
        for at, flip in ((3, 1), (40, 0)):
            noticed = is_noticed(week, copy, cell, at, flip)
            tried[column] = tried.get(column, 0) + (noticed is not None)
            if noticed is False:
                unnoticed.append((cell, at, flip))
    assert unnoticed == []
    assert all(tried.values()), "every column was changed at least once"


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_row_is_found(week: World, copy: WritableTx, table: str) -> None:
    keys = week.keys(table)
    for key in [*keys[:: max(1, len(keys) // 12)], keys[-1]]:
        where = " and ".join(f"{name} = ?" for name, _ in key)
        copy.begin()
        copy.run(f"delete from {table} where {where}", [value for _, value in key])
        found = is_found(week, copy, table)
        copy.rollback()
        assert found, f"a row of {table} is gone, and nobody noticed: {key}"


def test_a_row_that_nobody_wrote_is_found(week: World, copy: WritableTx) -> None:
    for table, column in (("ballot", "voter"), ("sealed", "field"), ("journal", "seq")):
        copy.begin()
        one = "'998'" if column == "field" else "998"
        others = ", ".join(one if name == column else name for name in week.columns(table))
        copy.run(f"insert into {table} select {others} from {table} limit 1")
        found = is_found(week, copy, table)
        copy.rollback()
        assert found, f"a row more in {table}, and nobody noticed"


def test_a_text_erased_though_nobody_asked_is_found(week: World, copy: WritableTx) -> None:
    rows = copy.all("select seq, field from sealed where salt is not null")
    for seq, field in rows:
        copy.begin()
        copy.run(
            "update sealed set salt = null, value = null where seq = ? and field = ?", (seq, field)
        )
        found = is_found(week, copy, "sealed")
        copy.rollback()
        assert found, (seq, field)


def test_a_count_that_was_wrong_from_the_start_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Journal and table agree with each other here; only a recount knows better."""
    for name in ("ana", "ben"):
        world.member(name).says("/poll Lunch? Pizza | Soup")
        world.member(name).says("/vote 1 Pizza")
    count = closing.count

    def wrong(*what: Any) -> dict[str, Any]:
        record = count(*what)
        return {**record, "totals": [total + 1 for total in record["totals"]]}

    with monkeypatch.context() as patch:
        patch.setattr(closing, "count", wrong)
        world.advance(days=1)
    found = [fault for _, one in checks(world.tx, world.house) for fault in one.faults]
    assert "a recount gives another result" in [fault.what for fault in found]


@pytest.mark.parametrize("column", ["weight", "at_ms", "choice"])
def test_a_changed_ballot_is_found_in_every_vote(
    week: World, cells: list[Cell], copy: WritableTx, column: str
) -> None:
    """Also where no recount would tell: in a secret poll that is open or withdrawn."""
    for cell in cells:
        if cell[:2] == ("ballot", column):
            assert is_noticed(week, copy, cell, 0, 1), cell
