"""A room in which all sorts of votes were held; this file is what is verified and exported."""

from tests.world import World


def hold_votes(world: World) -> None:
    """Hold and close a tied poll (1), a secret one (2), a proposal (3), a multiple choice (4).

    Then one poll (5) and a secret one (6) stay open.
    """
    ana, ben, cy = (world.member(name) for name in ("ana", "ben", "cy"))
    ana.says("/poll Lunch? Pizza | Soup closes_in=1h")
    ben.says("/vote 1 Pizza")
    ana.says("/vote 1 Soup")
    ana.says("/poll Keys? Ana | Ben closes_in=1h secret=true")
    ana.presses("Ben", card=2)
    ben.presses("Ben", card=2)
    cy.presses("Ana", card=2)
    ben.says("/propose =Roof() closes_in=1h\nNew tiles.")
    for person in (ana, ben, cy):
        person.says("/vote 3 for")
    cy.says("/poll Days? Mon | Wed | Fri closes_in=1h multiple=true")
    cy.says("/vote 4 Mon | Fri")
    ben.says("/vote 4 Fri")
    world.advance(hours=2)
    cy.says("/poll Open? Yes | No closes_in=1d")
    ben.says("/vote 5 Yes")
    cy.says("/poll Hidden? Yes | No closes_in=1d secret=true")
    ben.presses("Yes", card=6)
