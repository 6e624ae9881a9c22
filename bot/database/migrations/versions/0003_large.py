"""Paydays and orders of very many members: what is shown of a payday, the half-life of an order."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the short record of a payday, and the half-life that the kept order goes by."""
    # The few facts of a payday's record that are not one a member; null: the record is short.
    op.add_column("payday", sa.Column("brief", sa.Text))
    op.create_table(
        "ranked",
        sa.Column("community", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("half_life_ms", sa.BigInteger, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("community"),
        sqlite_with_rowid=False,
    )
