"""A week in a room that leaves every kind of row behind, for laws that need a lived-in database."""

from pathlib import Path

from tests.world import World


def lived_in(folder: Path) -> World:
    """Return a world with closed, open, withdrawn, extended, secret and erased votes."""
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
    ana.says("/config set announce off")
    # The newest line of a journal is held only by what it did, and a setting does not show it.
    ben.says("/vote 7 folk")
    return world
