"""Setting, changing, showing and stopping rewards in conversations."""

from datetime import timedelta

from core.kernel.rights import AdminsOnly
from core.pools import NoSuchPool
from core.rewards import rules
from tests.rewards.garden import MONDAY, due, faults, garden, ms, owed, paydays, take_part
from tests.world import World

WEEK = timedelta(weeks=1)


def test_only_admins_set_and_stop_and_anybody_looks(world: World) -> None:
    garden(world)
    ben = world.member("ben")
    ben.is_refused("/rewards set garden 10 week both", AdminsOnly)
    ben.is_refused("/rewards stop", AdminsOnly)
    assert "No reward is set here. An admin sets one with /rewards set" in " ".join(
        ben.says("/rewards show").split()
    )


def test_what_cannot_be_set_is_refused(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.is_refused("/rewards set shed 10 week both", NoSuchPool)
    for line in ("0 week both", "1,5 week both", "1.555 week both", "10 year both", "10 week luck",
                 "10 week", "-1 day tips", "1000000000000000000 day tips"):  # fmt: skip
        with world.unchanged():
            assert ana.says(f"/rewards set garden {line}")
        assert ana.reply is not None
        assert ana.reply.error is not None, line
    ana.is_refused("/rewards stop", rules.NothingToStopHere)


def test_a_budget_over_the_limit_is_refused_with_what_would_do(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    answer = ana.is_refused("/rewards set garden 20.01 week both", rules.OverRewardLimit)
    assert "at most 20 % of what is free in the pool, which is 20 EUR now" in " ".join(
        answer.split()
    )
    assert "It counts from" in ana.says("/rewards set garden 20 week both")


def test_a_reward_is_announced_and_begins_with_the_next_epoch(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    take_part(world, "cy")
    ana.says("/rewards set garden 10 week both")
    assert "ana set a reward: 10 EUR from this pool each week" in world.public[-1]
    assert "begins Mon 2 Mar 2026, 00:00 UTC" in world.public[-1]
    assert "It has not begun yet" in ana.says("/rewards show")
    world.advance_to(MONDAY)
    assert paydays(world) == []
    assert "It has not begun yet" not in ana.says("/rewards show")
    assert "Nobody has earned a part of it yet." in ana.says("/rewards show")


def test_a_changed_amount_takes_effect_with_the_next_epoch(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/rewards set garden 10 week participation")
    world.advance_to(MONDAY + timedelta(days=2))
    take_part(world, "ben")
    ana.says("/rewards set garden 4 week participation")
    shown = ana.says("/rewards show")
    assert "10 EUR from the pool garden each week" in shown
    assert "(From Mon 9 Mar 2026, 00:00 UTC: 4 EUR each week" in shown
    world.advance_to(MONDAY + WEEK)
    assert owed(world, "ben") == {"ben": "10 EUR"}
    take_part(world, "ben")
    world.advance_to(MONDAY + 2 * WEEK)
    assert owed(world, "ben") == {"ben": "14 EUR"}
    assert list(faults(world)) == []


def test_a_reward_changed_before_it_began_never_begins(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/rewards set garden 10 week participation")
    ana.says("/rewards set garden 4 week participation")
    assert "replaced or stopped before it began" in world.cards['["rewards.reward",7]']
    ana.says("/rewards set garden 5 month participation")
    assert due(world) == [ms(2026, 5, 1)]
    assert world.tx.one("select count(*) from payday where reward is not null") == (1,)
    ana.says("/rewards set garden 6 week participation")
    world.advance_to(MONDAY)
    take_part(world, "ben")
    world.advance_to(MONDAY + WEEK)
    assert owed(world, "ben") == {"ben": "6 EUR"}
    assert list(faults(world)) == []


def test_weeks_go_on_until_the_month_begins(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/rewards set garden 1 week participation")
    world.advance_to(MONDAY + timedelta(days=2))
    ana.says("/rewards set garden 5 month participation")
    world.advance_to(MONDAY + timedelta(days=29))
    assert len(paydays(world)) == 4, "weeks that end on 9, 16, 23 and 30 March"
    assert due(world) == [ms(2026, 5, 1)]
    world.advance(days=3)
    take_part(world, "ben")
    world.advance(days=30)
    assert owed(world, "ben") == {"ben": "5 EUR"}
    assert list(faults(world)) == []


def test_a_stopped_reward_pays_the_running_epoch_and_no_other(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/rewards set garden 10 week participation")
    world.advance_to(MONDAY + timedelta(days=2))
    take_part(world, "ben")
    assert "the last payday is Mon 9 Mar 2026" in ana.says("/rewards stop")
    assert "ana stopped the rewards" in world.public[-1]
    assert "this is its last epoch" in ana.says("/rewards show")
    ana.is_refused("/rewards stop", rules.NothingToStopHere)
    world.advance_to(MONDAY + WEEK)
    take_part(world, "ben")
    assert due(world) == []
    world.advance(days=30)
    assert owed(world, "ben") == {"ben": "10 EUR"}
    assert "No reward is set here" in ana.says("/rewards show")
    assert list(faults(world)) == []


def test_a_reward_stopped_before_it_began_is_called_off(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    first = ana.says("/rewards set garden 10 week participation")
    assert "before any began" in ana.says("/rewards stop")
    assert due(world) == []
    ana.is_refused("/rewards stop", rules.NothingToStopHere)
    again = ana.says("/rewards set garden 10 week participation")
    assert again.split("lot:")[1] == first.split("lot:")[1], "one epoch, one promise"
    world.advance_to(MONDAY)
    take_part(world, "ben")
    world.advance_to(MONDAY + WEEK)
    assert owed(world, "ben") == {"ben": "10 EUR"}
    assert list(faults(world)) == []


def test_after_a_stop_a_reward_can_be_set_again_in_the_same_epoch(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/rewards set garden 10 week participation")
    world.advance_to(MONDAY + timedelta(days=2))
    ana.says("/rewards stop")
    ana.says("/rewards set garden 3 week participation")
    take_part(world, "ben")
    world.advance_to(MONDAY + WEEK)
    take_part(world, "ben")
    world.advance_to(MONDAY + 2 * WEEK)
    assert owed(world, "ben") == {"ben": "13 EUR"}
    assert list(faults(world)) == []


def test_each_pool_has_a_reward_of_its_own(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/pool create shed EUR")
    ana.says("/pool fund shed 50 Rent")
    ana.says("/rewards set garden 10 week participation")
    ana.says("/rewards set shed 5 day participation")
    world.advance_to(MONDAY)
    take_part(world, "ben")
    world.advance_to(MONDAY + WEEK)
    assert owed(world, "ben") == {"ben": "15 EUR"}
    ana.says("/rewards stop")
    world.advance(days=8)
    assert due(world) == []
    assert list(faults(world)) == []


def test_results_go_to_the_treasury_channel_where_there_is_one(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.says("/channel treasury channel=money")
    ana.says("/rewards set garden 10 week participation")
    world.advance_to(MONDAY)
    take_part(world, "ben")
    world.advance_to(MONDAY + WEEK)
    rows = world.tx.all("select channel from outbox where subject like '[\"rewards.%' and kind = ?",
                        ("card",))  # fmt: skip
    assert rows == [("money",), ("money",)]


def test_the_export_names_every_share(world: World) -> None:
    garden(world)
    world.member("ana*").says("/rewards set garden 10 week both")
    world.advance_to(MONDAY)
    take_part(world, "ben", "cy")
    world.advance_to(MONDAY + 2 * WEEK)
    rewards = next(one for one in world.house.features if one.name == "rewards")
    assert rewards.export is not None
    (sheet,) = rewards.export(world.tx, 1)
    rows = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    assert sheet.name == "rewards"
    assert [(row["outcome"], row["amount"], row["took_part"]) for row in rows] == [
        ("paid", "5", True), ("paid", "5", True), ("nobody", None, None),
    ]  # fmt: skip
