"""Where the journal has the opening of each vote, for who holds a decision against it."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


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
        facts: dict[str, Any] = json.loads(kept)
        if "rule" not in facts:
            continue
        place = (proposal.c.community == community) & (proposal.c.number == facts["number"])
        op.execute(proposal.update().where(place).values(opened_seq=seq))
