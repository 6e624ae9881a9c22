"""After the delay the clock pays, once; an admin stops one payment, two admins pause them all."""

import pytest

from core.kernel import agenda
from core.kernel.rights import AdminsOnly
from core.pools import rules
from core.proposals.fields import NoSuchProposal
from tests.pools.garden import ask, garden, holds, passed
from tests.world import World, due_request

OWED = "Owed to you:\n- 10 EUR"


def seen(text: str) -> str:
    return " ".join(text.split())


def test_the_clock_pays_at_the_instant_shown(world: World) -> None:
    garden(world)
    number = passed(world)
    world.advance(days=1, milliseconds=-1)
    assert holds(world) == "free: 90 EUR, reserved: 10 EUR"
    world.advance(milliseconds=1)
    assert holds(world) == "free: 90 EUR, reserved: 0 EUR"
    assert "Paid Fri 6 Mar 2026, 09:00 UTC: 10 EUR from garden to ben." in world.card(number)
    assert OWED in world.member("ben").says("/me")
    assert "Owed" not in world.member("cy").says("/me")


def test_a_payout_delivered_twice_pays_once(world: World) -> None:
    garden(world)
    number = passed(world)
    row = world.tx.all(agenda.DUE, (2**60, 9))[0]
    world.advance(days=1)
    before = world.dump()
    request = due_request(agenda.due_from(row))
    world.ask(request)
    # Nor under another id, as if the agenda had lost that it ran.
    other = due_request(agenda.due_from((f"1:pay:{number}", row[1], row[2] + 1, *row[3:])))
    world.ask(other)
    assert world.dump() == before
    assert len(world.tx.all("select * from entry where purpose = 'pool pay'")) == 1


def test_two_payouts_in_one_batch_pay_once(world: World) -> None:
    garden(world)
    passed(world)
    row = agenda.due_from(world.tx.all(agenda.DUE, (2**60, 9))[0])
    world.clock.set(world.clock.now().replace(day=7))
    world.batch.run([due_request(row), due_request(row), due_request(row)])
    world.settle()
    assert OWED in world.member("ben").says("/me")


def test_a_payout_before_its_time_is_a_bug_and_pays_nothing(world: World) -> None:
    garden(world)
    passed(world)
    row = agenda.due_from(world.tx.all(agenda.DUE, (2**60, 9))[0])
    (told,) = world.batch.run([due_request(row)])
    assert told.value.is_bug
    assert holds(world) == "free: 90 EUR, reserved: 10 EUR"


def test_payee_and_author_are_told(world: World) -> None:
    ben, cy, dot = (world.member(name) for name in ("ben", "cy", "dot"))
    for person in (ben, cy, dot):
        person.says("/vote 1 for")
        person.says("/propose Say hello to " + person.speaker.name)
    garden(world)
    number = passed(world)
    for person in (ben, cy):
        assert "are reserved for ben" in seen("".join(person.private[-2:]))
    world.advance(days=1)
    for person in (ben, cy):
        assert f"10 EUR from the pool garden are owed to ben now, for #{number}." in seen(
            person.private[-1]
        )
    second = passed(world, what="Seeds")
    world.member("ana*").says(f"/stop {second} Not now")
    for person in (ben, cy):
        assert "ana stopped the payment" in seen(person.private[-1])
    assert "payment" not in "".join(dot.private)


def test_who_asks_for_oneself_is_told_once(world: World) -> None:
    world.member("cy").says("/propose Sing")
    garden(world)
    passed(world, to="cy")
    told = [one for one in world.member("cy").private if "are reserved for cy" in seen(one)]
    assert len(told) == 1


def test_payments_are_posted_in_the_treasury_channel(world: World) -> None:
    garden(world)
    world.member("ana*").says("/channel treasury channel=#money")
    passed(world)
    world.advance(days=1)
    posts = [one for one in world.deliveries if one.row.channel == "money"]
    assert len(posts) == 1
    assert "are owed to ben now" in seen(world.public[-1]) + seen("".join(world.public[-3:]))


def test_an_admin_stops_a_payment_for_good(world: World) -> None:
    garden(world)
    number = passed(world)
    ana = world.member("ana*")
    world.member("dot").is_refused(f"/stop {number} No", AdminsOnly)
    assert "10 EUR are back in the pool garden" in seen(ana.says(f"/stop {number} Too dear"))
    card = seen(world.card(number))
    assert "ana stopped the payment of #1 to ben" in card
    assert "Too dear" in card
    assert holds(world) == "free: 100 EUR, reserved: 0 EUR"
    ana.is_refused(f"/stop {number} Again", rules.StoppedBefore)
    world.advance(days=40)
    assert holds(world) == "free: 100 EUR, reserved: 0 EUR"
    assert "Owed" not in world.member("ben").says("/me")


def test_what_was_stopped_no_longer_counts_against_the_period(world: World) -> None:
    garden(world)
    for what in ("Paint", "Seeds", "Wood"):
        number = passed(world, "20", what=what)
        world.member("ana*").says(f"/stop {number} Not now")
    assert "is open" in world.member("cy").says("/pool request garden 20 @ben More")


def test_what_does_not_wait_cannot_be_stopped(world: World) -> None:
    garden(world)
    ana = world.member("ana*")
    ana.is_refused("/stop 9 No", NoSuchProposal)
    number = ask(world)
    answer = ana.is_refused(f"/stop {number} No", rules.NothingToStop)
    assert "/withdraw" in answer
    world.member("dot").says(f"/vote {number} for")
    world.advance(days=4)
    answer = ana.is_refused(f"/stop {number} No", rules.PaidBefore)
    assert "Ask ben to give it back" in seen(answer)


def test_two_admins_pause_and_two_resume(world: World) -> None:
    garden(world)
    number = passed(world)
    ana, zoe = world.member("ana*"), world.member("zoe*")
    world.member("dot").is_refused("/pause payments", AdminsOnly)
    assert "go on until another admin confirms" in seen(ana.says("/pause payments"))
    ana.is_refused("/pause payments", rules.SecondAdmin)
    assert "ana asked for /pause payments" in seen(zoe.says("/pool list"))
    assert "All payments are paused" in zoe.says("/pause payments")
    ana.is_refused("/pause payments", rules.PausedBefore)
    assert "Payments are paused since" in world.card(number)
    assert "by ana and zoe" in seen(zoe.says("/pool show garden"))
    world.advance(days=9)
    assert holds(world) == "free: 90 EUR, reserved: 10 EUR"
    assert "stay paused until" in seen(zoe.says("/resume payments"))
    zoe.is_refused("/resume payments", rules.SecondAdmin)
    assert "Payments go on since" in ana.says("/resume payments")
    world.advance(seconds=0)
    assert OWED in world.member("ben").says("/me")
    assert holds(world) == "free: 90 EUR, reserved: 0 EUR"
    ana.is_refused("/resume payments", rules.NotPaused)
    assert "paused" not in ana.says("/pool list")


def test_what_passes_in_a_pause_waits_for_its_delay_and_the_end_of_the_pause(world: World) -> None:
    garden(world)
    ana, zoe = world.member("ana*"), world.member("zoe*")
    ana.says("/pause payments")
    zoe.says("/pause payments")
    passed(world)
    world.advance(hours=12)
    for admin in (ana, zoe):
        admin.says("/resume payments")
    assert holds(world) == "free: 90 EUR, reserved: 10 EUR"
    world.advance(hours=12)
    assert OWED in world.member("ben").says("/me")


def test_a_payment_can_be_stopped_in_a_pause(world: World) -> None:
    garden(world)
    number = passed(world)
    ana, zoe = world.member("ana*"), world.member("zoe*")
    for line in ("/pause payments", f"/stop {number} No", "/resume payments"):
        ana.says(line)
        if line.endswith("payments"):
            zoe.says(line)
    world.advance(days=2)
    assert holds(world) == "free: 100 EUR, reserved: 0 EUR"


def test_what_one_admin_asked_waits_a_day(world: World) -> None:
    garden(world)
    ana, zoe = world.member("ana*"), world.member("zoe*")
    ana.says("/pause payments")
    world.advance(hours=24)
    assert "zoe asks to pause" in zoe.says("/pause payments")
    assert "All payments are paused" in ana.says("/pause payments")
    ana.is_refused("/pause payments", rules.PausedBefore)


def test_a_settled_amount_is_no_longer_owed(world: World) -> None:
    garden(world)
    passed(world)
    world.advance(days=1)
    ana, ben = world.member("ana*"), world.member("ben")
    ana.is_refused("/pool settle garden @ben 10.01 Cash", rules.OwedLess)
    ana.is_refused("/pool settle garden @cy 1 Cash", rules.OwedLess)
    assert "ben was paid 4 EUR outside" in ana.says("/pool settle garden @ben 4 Cash")
    assert "the room owes you 6 EUR now" in seen(ben.private[-1])
    assert "- 6 EUR" in ben.says("/me")
    ana.says("/pool settle garden @ben 6 Cash")
    assert "Owed" not in ben.says("/me")
    assert holds(world) == "free: 90 EUR, reserved: 0 EUR"


def test_what_waits_for_somebody_who_goes_is_given_back(world: World) -> None:
    world.member("ben").says("/propose Sing")
    garden(world)
    number = passed(world)
    world.member("ben").says("/forget me yes")
    assert holds(world) == "free: 100 EUR, reserved: 0 EUR"
    assert "asked to be forgotten" in world.card(number)
    world.advance(days=2)
    assert holds(world) == "free: 100 EUR, reserved: 0 EUR"


def test_an_admin_who_goes_takes_the_words_along_and_the_amounts_stay(world: World) -> None:
    garden(world)
    first, second = passed(world, what="Paint"), passed(world, what="Seeds")
    ana = world.member("ana*")
    ana.says(f"/stop {second} Spite")
    world.member("cy").says("/forget me yes")
    ana.says("/forget me yes")
    assert holds(world) == "free: 90 EUR, reserved: 0 EUR"
    everything = repr(world.dump())
    for word in ("Spite", "A gift", "Paint", "Seeds"):
        assert word not in everything.replace(repr(world.dump()["outbox"]), "")
    assert "(erased)" in world.card(second)
    assert f"#{first}" in world.card(first)


@pytest.mark.parametrize("line", ["/stop 1", "/pool settle garden @ben 1", "/stop"])
def test_a_reason_is_needed(world: World, line: str) -> None:
    garden(world)
    passed(world)
    with world.unchanged():
        assert "is missing" in world.member("ana*").says(line)
