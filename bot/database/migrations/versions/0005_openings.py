"""Where the journal has the opening of each vote, for who holds a decision against it."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
# More is no number of a vote, and databases refuse it.
NUMBER_MAX = 2**63 - 1


def upgrade() -> None:
    """Add the journal's entry of the opening, as its close has one; 0 where there is none."""
    op.add_column(
        "proposal", sa.Column("opened_seq", sa.BigInteger, nullable=False, server_default="0")
    )
    _fill()


def _fill() -> None:
    """Read the openings out of the journal: only they say both a rule and a number."""
    journal = sa.table("journal", *map(sa.column, ("community", "seq", "facts")))
    proposal = sa.table("proposal", *map(sa.column, ("community", "number", "opened_seq")))
    openings = sa.select(journal).where(journal.c.facts.like('%"rule":%'))
    for community, seq, kept in op.get_bind().execute(openings).all():
        number = _opened(kept)
        if number is None:
            continue
        place = (proposal.c.community == community) & (proposal.c.number == number)
        op.execute(proposal.update().where(place).values(opened_seq=seq))


def _opened(kept: str) -> int | None:
    """Return the number of the vote that an entry opened.

    None also for a damaged entry: no upgrade fails by it; `verify` tells, and the signer refuses.
    """
    try:
        facts: Any = json.loads(kept)
    except (ValueError, RecursionError):
        return None
    if not isinstance(facts, dict) or "rule" not in facts:
        return None
    number = facts.get("number")
    return number if type(number) is int and 0 < number <= NUMBER_MAX else None
