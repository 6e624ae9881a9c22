"""Laws of points: books balance, standing only falls, limits hold in whatever order."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.verify import checks
from core.kernel.clock import from_ms
from core.kernel.request import AccountRef
from core.reputation import Every, epoch_of, next_epoch, standing
from core.reputation.decay import STEP_BITS, log2, step, total, worth
from core.reputation.model import Leave
from core.reputation.rules import LEAVE_DAYS_MAX, OverLeave, next_leave
from core.reputation.standing import own_clock, rank_of
from tests.asking import ask, somebody
from tests.world import START, World

few = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
many = settings(max_examples=300, deadline=None)
DAY = 86_400_000
NAMES = ("ana", "ben", "cy", "dot")

amounts = st.lists(st.tuples(st.integers(0, 400 * DAY), st.integers(1, 10**9)), max_size=6)
half_lives = st.sampled_from([0, DAY, 7 * DAY, 90 * DAY, 3650 * DAY]) | st.integers(DAY, 3650 * DAY)


def _laid(gaps: list[tuple[int, int]]) -> list[Leave]:
    """Return leaves that follow each other, from (gap before, length)."""
    found, at = [], 0
    for gap, length in gaps:
        found.append(Leave(at + gap, at + gap + length))
        at += gap + length
    return found


gaps = st.tuples(st.integers(0, 60 * DAY), st.integers(1, 90 * DAY))
leaves = st.lists(gaps, max_size=3).map(_laid)


@many
@given(tips=amounts, half=half_lives, away=leaves, at=st.integers(400 * DAY, 9000 * DAY),
       later=st.integers(0, 10 * DAY) | st.integers(0, 3))  # fmt: skip
def test_standing_never_rises_by_time(
    tips: list[tuple[int, int]], half: int, away: list[Leave], at: int, later: int
) -> None:
    clocked = [(own_clock(away, born), amount) for born, amount in tips]
    before = worth(clocked, own_clock(away, at), half)
    after = worth(clocked, own_clock(away, at + later), half)
    assert after <= before <= sum(amount for _, amount in tips)


@many
@given(tips=amounts, half=half_lives, at=st.integers(400 * DAY, 9000 * DAY))
def test_what_is_taken_back_leaves_nothing(tips: list[tuple[int, int]], half: int, at: int) -> None:
    both = [*tips, *((born, -amount) for born, amount in tips)]
    assert total(both, at, half) == 0
    kept = [(100 * DAY, 7_000)]
    assert worth([*both, *kept], at, half) == worth(kept, at, half)


@many
@given(amount=st.integers(1, 10**9), half=st.integers(DAY, 3650 * DAY), n=st.integers(0, 40),
       age=st.integers(0, 4000 * DAY))  # fmt: skip
def test_a_worth_is_what_the_formula_says(amount: int, half: int, n: int, age: int) -> None:
    assert worth([(0, amount)], n * half, half) == amount >> n
    exact = amount * 2 ** (-age / half)
    assert worth([(0, amount)], age, half) == pytest.approx(exact, rel=1e-7, abs=1)


@many
@given(born=st.integers(0, 400 * DAY), away=leaves, half=half_lives)
def test_leave_pauses_and_nothing_else(born: int, away: list[Leave], half: int) -> None:
    for one in away:
        during = {
            worth([(own_clock(away, born), 10**6)], own_clock(away, max(at, born)), half)
            for at in (one.from_ms, (one.from_ms + one.to_ms) // 2, one.to_ms)
            if at >= born
        }
        assert len(during) <= 1
    end = max([born, *(one.to_ms for one in away)])
    gone = sum(max(0, one.to_ms - max(one.from_ms, born)) for one in away)
    now = end + 30 * DAY
    found = worth([(own_clock(away, born), 10**6)], own_clock(away, now), half)
    assert found == pytest.approx(worth([(born, 10**6)], now - gone, half), abs=1)


@many
@given(first=amounts, second=amounts, half=half_lives, away=leaves, at=st.integers(400, 900))
def test_the_order_of_the_leaderboard_is_the_order_of_standing_at_any_later_time(
    first: list[tuple[int, int]],
    second: list[tuple[int, int]],
    half: int,
    away: list[Leave],
    at: int,
) -> None:
    """A rank is kept at one instant and holds at all later ones, leave to come put right."""
    kept, now = 400 * DAY, at * DAY
    ranks = []
    for tips, leave in ((first, away), (second, [])):
        rank = rank_of(tips, leave, kept, half)
        to_come = sum(max(0, one.to_ms - max(one.from_ms, now)) for one in leave)
        clocked = [(own_clock(leave, born), amount) for born, amount in tips]
        exact = total(clocked, own_clock(leave, now), half)
        ranks.append((-1 if rank is None else rank - step(to_come, half), exact))
    (one, exact_one), (other, exact_other) = ranks
    if exact_one > exact_other * 1.000001:
        assert one >= other
    elif exact_other > exact_one * 1.000001:
        assert other >= one


@many
@given(value=st.integers(1, 2**120))
def test_a_logarithm_of_whole_numbers(value: int) -> None:
    found = log2(value) / (1 << STEP_BITS)
    assert 2**found == pytest.approx(value, rel=1e-6)
    assert log2(value) <= log2(value + 1)


@many
@given(asked=st.lists(st.tuples(st.integers(0, 200), st.integers(1, 90)), max_size=12))
def test_no_year_holds_more_than_ninety_days_of_leave(asked: list[tuple[int, int]]) -> None:
    taken: list[Leave] = []
    now = 0
    for passed, days in asked:
        now += passed * DAY
        try:
            taken.append(next_leave(taken, days, now))
        except OverLeave:
            continue
    assert all(one.to_ms <= two.from_ms for one, two in pairwise(taken))
    for edge in [one.to_ms for one in taken] + [one.from_ms + 365 * DAY for one in taken]:
        held = sum(
            max(0, min(one.to_ms, edge) - max(one.from_ms, edge - 365 * DAY)) for one in taken
        )
        assert held <= LEAVE_DAYS_MAX * DAY


# Clocks that skip midnight, repeat it, skip a day, or move by half an hour.
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Africa/Cairo", "America/Havana",
         "Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu",
         "America/Sao_Paulo", "America/Asuncion", "Asia/Tehran")  # fmt: skip


@many
@given(
    at=st.integers(1_100_000_000, 1_900_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)),
    zone=st.sampled_from(ZONES),
    every=st.sampled_from(Every),
)
@example(at=datetime(2018, 11, 4, 3, 30, tzinfo=UTC), zone="America/Sao_Paulo", every=Every.DAY)
@example(at=datetime(2011, 12, 30, 10, 0, tzinfo=UTC), zone="Pacific/Apia", every=Every.DAY)
@example(at=datetime(2018, 2, 18, 2, 30, tzinfo=UTC), zone="America/Sao_Paulo", every=Every.DAY)
def test_epochs_follow_each_other_without_a_hole(at: datetime, zone: str, every: Every) -> None:
    epoch = epoch_of(at, zone, every)
    assert epoch.start <= at < epoch.end
    assert epoch_of(epoch.start, zone, every) == epoch
    assert next_epoch(epoch, zone, every).start == epoch.end
    last = epoch.end - timedelta(milliseconds=1)
    assert epoch_of(last, zone, every) == epoch


@pytest.mark.parametrize(
    ("zone", "every", "at", "start", "end"),
    [
        ("UTC", "week", "2026-03-08T23:59", "2026-03-02T00:00", "2026-03-09T00:00"),
        ("UTC", "week", "2026-03-09T00:00", "2026-03-09T00:00", "2026-03-16T00:00"),
        ("Europe/Berlin", "day", "2026-03-29T12:00", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("Europe/Berlin", "month", "2026-10-31T12:00", "2026-09-30T22:00", "2026-10-31T23:00"),
        # At midnight the clock went to 1: the day has 23 hours.
        ("America/Sao_Paulo", "day", "2018-11-04T12:00", "2018-11-04T03:00", "2018-11-05T02:00"),
        # At midnight it went back to 23: the day before has 25.
        ("America/Sao_Paulo", "day", "2018-02-18T02:30", "2018-02-17T02:00", "2018-02-18T03:00"),
        # Samoa skipped Friday 30 December 2011.
        ("Pacific/Apia", "day", "2011-12-30T10:00", "2011-12-30T10:00", "2011-12-31T10:00"),
        ("America/New_York", "month", "2026-12-31T12:00", "2026-12-01T05:00", "2027-01-01T05:00"),
    ],
)
def test_an_epoch_is_what_a_calendar_shows(
    zone: str, every: str, at: str, start: str, end: str
) -> None:
    read = [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (at, start, end)]
    found = epoch_of(read[0], zone, Every(every))
    assert [found.start, found.end] == read[1:]


def test_a_week_starts_on_a_monday_everywhere() -> None:
    for zone in ZONES:
        start = epoch_of(START, zone, Every.WEEK).start.astimezone(ZoneInfo(zone))
        assert start.date() in {date(2026, 3, 2), date(2026, 2, 23)}


acts = st.one_of(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(1, 30)),
    st.tuples(st.sampled_from(NAMES), st.just("undo"), st.integers(1, 12)),
    st.tuples(st.sampled_from(NAMES), st.just("reverse"), st.integers(1, 12)),
    st.tuples(st.sampled_from(NAMES), st.just("leave"), st.integers(1, 40)),
    st.tuples(st.just(""), st.just("time"), st.sampled_from([0, 1, 5, 600, 60 * 24, 60 * 24 * 7])),
)


def act(world: World, at: int, who: str, what: str, n: int) -> None:
    asker = somebody(who, is_admin=True) if who else somebody()
    match what:
        case "time":
            world.advance(minutes=n)
        case "undo" | "leave":
            ask(world, what, {"entry": str(n)} if what == "undo" else {"days": str(n)}, asker=asker)
        case "reverse":
            ask(world, what, {"entry": str(n), "reason": "a mistake"}, asker=asker)
        case receiver:
            to = AccountRef("room", receiver, receiver, joined_at=from_ms(0))
            args = {"to": to, "points": str(n), "reason": f"reason {at}"}
            ask(world, "tip", args, asker=asker)


@few
@given(week=st.lists(acts, min_size=1, max_size=30))
def test_whatever_happens_books_balance_and_limits_hold(
    tmp_path_factory: pytest.TempPathFactory, week: list[tuple[str, str, int]]
) -> None:
    world = World(tmp_path_factory.mktemp("points"))
    for at, (who, what, n) in enumerate(week):
        act(world, at, who, what, n)
    rows = world.tx.all("select from_book, from_owner, to_book, to_owner, amount from entry")
    books: dict[tuple[str, int], int] = {}
    for giver, giver_owner, taker, taker_owner, amount in rows:
        books[giver, giver_owner] = books.get((giver, giver_owner), 0) - amount
        books[taker, taker_owner] = books.get((taker, taker_owner), 0) + amount
    assert sum(books.values()) == 0
    assert all(amount >= 0 for (book, _), amount in books.items() if book == "member")
    spent: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for giver, receiver, points, at_ms in world.tx.all(
        "select giver, receiver, points, at_ms from tip where undone_by is null"
    ):
        week_of = epoch_of(from_ms(at_ms), "UTC", Every.WEEK).start_ms
        spent.setdefault((giver, week_of), []).append((receiver, points))
        assert giver != receiver
    for given_away in spent.values():
        assert sum(points for _, points in given_away) <= 50
        for one in {receiver for receiver, _ in given_away}:
            assert sum(points for receiver, points in given_away if receiver == one) <= 25
    for (member,) in world.tx.all("select id from member"):
        now = world.clock.now()
        found = [standing(world.tx, 1, member, now + timedelta(days=n)) for n in (0, 1, 40, 900)]
        assert found == sorted(found, reverse=True)
        assert found[0] <= books.get(("member", member), 0)
    assert not [one for _, found in checks(world.tx, world.house) for one in found.faults]
    world.close()
