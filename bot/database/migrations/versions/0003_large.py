"""What large communities need: short records of paydays, orders by half-life, joined spaces."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the short record of a payday, the half-life of the kept order, when a space joined."""
    op.add_column("space", sa.Column("joined_ms", sa.BigInteger))
    op.add_column("payday", sa.Column("brief", sa.Text))
    _fill_briefs()
    op.create_table(
        "ranked",
        sa.Column("community", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("half_life_ms", sa.BigInteger, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("community"),
        sqlite_with_rowid=False,
    )


def _fill_briefs() -> None:
    """Write the few facts of each record that are not one a member beside it."""
    payday = sa.table(
        "payday", *map(sa.column, ("community", "pool", "from_ms", "record", "brief"))
    )
    kept = sa.select(payday).where(payday.c.record.is_not(None))
    for community, pool, from_ms, record, _ in op.get_bind().execute(kept).all():
        full = json.loads(record)
        brief = {name: full[name] for name in ("outcome", "amount", "free", "percent")}
        brief["n"] = sum(1 for _, part in full["shares"] if part)
        place = (payday.c.community == community) & (payday.c.pool == pool)
        op.execute(
            payday.update()
            .where(place & (payday.c.from_ms == from_ms))
            .values(brief=json.dumps(brief, separators=(",", ":"), sort_keys=True))
        )
