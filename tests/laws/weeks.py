"""A week in a room that leaves every kind of row behind, for laws that need a lived-in database."""

from pathlib import Path

from tests.execution.twin import BEN, CY, SIGNED, Twin, token, weth
from tests.linking.pairs import link
from tests.world import World


def lived_in(folder: Path) -> World:
    """Return a world with closed, open, withdrawn, extended, secret and erased votes.

    And with a purse, from which something was paid and settled, and something was stopped,
    failed, tried again, and waits in a pause; and with rewards: changed, called off, paid,
    earned by nobody, put off by a pause, over a limit, and still to come. And with a treasury on
    a chain: payments that wait, are scheduled, executed, paid, vetoed, failed and stopped.
    """
    world = World(folder)
    ana, ben, cy, dot = (world.member(name) for name in ("ana*", "ben", "cy", "dot"))
    ana.says("/setup The Old Hall")
    ana.says("/config set quorum 2")
    ana.says("/channel proposals")
    ben.says("/poll Lunch? Pizza | Soup | Rice closes_in=10h")
    cy.says("/poll Dinner? Pizza | Soup closes_in=10h secret=true")
    ben.says("/propose Paint the hall\nIn blue")
    for voter, choice in ((ana, "Pizza"), (ben, "Soup"), (cy, "Soup")):
        voter.says(f"/vote 1 {choice}")
        voter.presses(choice, 2)
    world.advance(hours=9, minutes=30)
    dot.says("/vote 1 Pizza")
    ana.says("/vote 1 Pizza")
    ben.says("/vote 1 Pizza")
    cy.says("/vote 3 for")
    world.advance(hours=5)
    ana.says("/extend 3 1d Many are away")
    dot.says("/vote 3 against")
    dot.says("/poll Colour? blue | green | red multiple=true secret=true closes_in=5d")
    cy.presses("green", 4)
    cy.presses("red", 4)
    ben.says("/propose Sell the piano closes_in=5d")
    dot.says("/vote 5 for")
    ana.says("/withdraw 5 It is borrowed")
    dot.says("/propose Buy a drum closes_in=5d")
    ben.says("/vote 6 abstain")
    world.advance(days=3)
    dot.says("/forget me yes")
    ben.says("/poll Music? jazz | folk closes_in=5d")
    cy.says("/vote 7 jazz")
    ana.says("/extend 7 1d Few know of it")
    _thank(world)
    _spend(world)
    _reward(world)
    _pause(world)
    _link(world)
    _chain(world)
    ana.says("/config set announce off")
    # The newest line of a journal is held only by what it did, and a setting does not show it.
    ben.says("/vote 16 elm")
    return world


def _thank(world: World) -> None:
    ana, ben, cy = (world.member(name) for name in ("ana*", "ben", "cy"))
    ana.says("/tip @ben 5 the great roof")
    ben.says("/tip @cy 7 the floor")
    cy.says("/tip @ana 3 the door")
    cy.says("/undo")
    ben.says("/leave 10")
    world.advance(hours=2)
    ana.says("/tip @cy 4 the window")
    ana.says("/tip @ben 4 the window")
    ana.says("/reverse 2 it was no floor")
    cy.says("/tip @ben 2 the wall")
    cy.says("/leave 5")
    ana.says("/config set half_life 30d")
    ben.says("/hide me on")
    cy.says("/hide me on")
    cy.says("/hide me off")


def _spend(world: World) -> None:
    ana, ben, cy, zoe = (world.member(name) for name in ("ana*", "ben", "cy", "zoe*"))
    ana.says("/config set payment_delay 1h")
    ana.says('/pool create "The Jar" EUR')
    ana.says("/pool create seeds SEED decimals=0")
    ana.says('/pool fund "the jar" 100 Sale of cakes')
    for number, amount in ((8, "20"), (9, "16"), (10, "14.40")):
        ben.says(f'/pool request "the jar" {amount} @cy Tools {number} closes_in=1h')
        for voter in (ben, cy):
            voter.says(f"/vote {number} for")
    world.advance(hours=1)
    ana.says("/stop 9 Too dear")
    world.advance(hours=1)
    zoe.says("/pool settle 1 @cy 5 In cash")
    ana.says("/pool fund 1 10 More cakes")


def _reward(world: World) -> None:
    """Epochs end well, with nobody to pay, during a pause, and over a limit."""
    ana, ben, cy, zoe = (world.member(name) for name in ("ana*", "ben", "cy", "zoe*"))
    ana.says("/config set reward_limit 50%")
    ana.says("/pool fund seeds 50 A harvest")
    ana.says('/rewards set "the jar" 10 week tips')
    ana.says("/rewards set seeds 11 day both")
    ana.says('/rewards set "the jar" 7.01 day both')
    world.advance(days=1)
    ben.says("/tip @cy 5 the gate")
    cy.says("/tip @ben 3 the gate")
    ana.says("/tip @ben 2 the gate")
    ben.says("/undo")
    ben.says("/poll Gate? green | red closes_in=1h")
    for voter in (ben, cy, zoe):
        voter.presses("green")
    world.advance(days=1)
    ana.says("/rewards set seeds 15 day participation")
    world.advance(days=1)
    ana.says("/config set reward_limit 10%")
    ben.says("/poll Fence? green | red closes_in=1h")
    for voter in (ana, ben, cy):
        voter.presses("red")
    for admin in (ana, zoe):
        admin.says("/pause payments")
    world.advance(days=1)
    for admin in (ana, zoe):
        admin.says("/resume payments")
    world.advance(hours=2)
    ana.says("/rewards stop")
    world.advance(days=1)
    ana.says("/rewards set seeds 2 week tips")
    ana.says("/pool fund 1 14.02 What the rewards took")


def _pause(world: World) -> None:
    ana, ben, cy, zoe = (world.member(name) for name in ("ana*", "ben", "cy", "zoe*"))
    cy.says('/pool request "the jar" 19 @ben Rope closes_in=1h')
    cy.says('/pool request "the jar" 19 @ben Wood closes_in=1h')
    for number in (13, 14):
        for voter in (ben, cy):
            voter.says(f"/vote {number} for")
    world.advance(hours=1)
    for admin in (ana, zoe):
        admin.says("/pause payments")
    ana.says("/pool fund 1 30 Still more cakes")
    ana.says("/retry 14")
    ana.says("/resume payments")


def _link(world: World) -> None:
    """Three accounts turn out to be one person, who voted, thanked and hid."""
    one, two, three = (world.member(name) for name in ("eve", "eva", "evi"))
    ana, cy = world.member("ana*"), world.member("cy")
    two.says("/propose Plant a tree closes_in=5d")
    one.says("/poll Trees? oak | elm closes_in=5d")
    for voter in (two, one, three, cy):
        voter.presses("oak", 16)
    two.says("/vote 15 for")
    two.says("/tip @eve 3 the shade")
    cy.says("/tip @evi 4 the seeds")
    three.says("/hide me on")
    ana.says("/pool settle 1 @ben 1 In cash")
    world.advance(minutes=1)
    link(two, one)
    link(one, three)
    world.advance(minutes=1)


def _chain(world: World) -> None:
    """Every way in which a payment on a chain goes, and wallets that are proved and not."""
    ana, ben, cy, zoe = (world.member(name) for name in ("ana*", "ben", "cy", "zoe*"))
    zoe.says("/resume payments")
    twin = Twin(world)
    twin.connects(token(), weth())
    twin.reads(1_000 * 10**6)
    twin.connects(token(cap=str(400 * 10**6)), guardian_note="Ask Gus.")
    for person, address, is_proved in ((ben, BEN, True), (cy, CY, False), (zoe, CY, True)):
        person.says(f"/wallet set {address}")
        person.says(f"/wallet prove {SIGNED}")
        twin.proves(is_proved=is_proved, why="ok" if is_proved else "other_account")
    for n in range(17, 24):
        ana.says("/config set open_per_member 20")
        cy.says(f"/pool request main-USDC {n} @ben Boots {n} closes_in=1h")
        for voter in (ben, cy):
            voter.says(f"/vote {n} for")
    world.advance(hours=1)
    ana.says("/stop 17 Too dear")
    world.advance(hours=1)
    for n in (18, 19, 20, 21):
        twin.schedules(n, n)
    for n in (18, 19):
        twin.executes(n, 30 + n)
    twin.pays(18, 48)
    twin.vetoes(20, 60)
    twin.fails(21, "reverted", tx=f"0x{7:064x}", detail="out of gas")
    twin.fails(22, "over_cap")
    zoe.says("/retry 22")
    cy.says("/pool request main-USDC 2 @zoe Boots closes_in=1h")
    for voter in (ben, cy):
        voter.says("/vote 24 for")
    world.advance(hours=1)
    for admin in (ana, zoe):
        admin.says("/pause payments")
    ana.says("/resume payments")
