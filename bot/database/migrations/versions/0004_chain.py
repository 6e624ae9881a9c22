"""Treasuries on a chain, payments from them, wallets; and what the signer keeps for itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable, autoincrement=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def upgrade() -> None:
    """Lay the tables; amounts of base units are texts, as they pass 63 bits."""
    _treasuries()
    _operations()
    _wallets()
    _signer()


def _treasuries() -> None:
    op.create_table(
        "chain_treasury",
        _id(),
        _id("community"),
        _text("name"),
        _id("chain_id"),
        _text("timelock"),
        _text("guardian_note"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("community", "name"),
    )
    op.create_table(
        "chain_token",
        _id(),
        _id("treasury"),
        _text("symbol"),
        _text("address"),
        sa.Column("decimals", sa.Integer, nullable=False),
        _text("cap"),
        _text("cap_per_day"),
        sa.Column("is_offered", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("treasury", "symbol"),
    )
    # What was seen of a chain: no fact of the community, so no journal knows it.
    op.create_table(
        "chain_balance",
        _id("token"),
        _text("amount"),
        _id("block"),
        _id("at_ms"),
        sa.PrimaryKeyConstraint("token"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chain_warned",
        _id("community"),
        _text("what"),
        _id("at_ms"),
        sa.PrimaryKeyConstraint("community", "what"),
        sqlite_with_rowid=False,
    )
    op.add_column("pool", sa.Column("token", sa.BigInteger))


def _operations() -> None:
    op.create_table(
        "chain_operation",
        _id("community"),
        _id("proposal"),
        _id("token"),
        _id("member"),
        _text("treasury"),
        _id("chain_id"),
        _text("timelock"),
        _text("address"),
        _text("symbol"),
        sa.Column("decimals", sa.Integer, nullable=False),
        _text("payee"),
        _text("amount"),
        _text("salt"),
        _text("effects_digest"),
        _id("queued_ms"),
        _id("due_ms"),
        _id("stopped_ms", nullable=True),
        _id("stopped_by", nullable=True),
        _text("stop_reason", nullable=True),
        _id("asked_ms", nullable=True),
        _id("scheduled_ms", nullable=True),
        _text("scheduled_tx", nullable=True),
        _id("scheduled_block", nullable=True),
        _id("ready_ms", nullable=True),
        _id("executed_ms", nullable=True),
        _text("executed_tx", nullable=True),
        _id("executed_block", nullable=True),
        _id("paid_ms", nullable=True),
        _id("vetoed_ms", nullable=True),
        _text("vetoed_by", nullable=True),
        _text("vetoed_tx", nullable=True),
        _id("failed_ms", nullable=True),
        _text("failed_why", nullable=True),
        _text("failed_detail", nullable=True),
        _text("failed_tx", nullable=True),
        sa.PrimaryKeyConstraint("community", "proposal"),
        # Paid, vetoed and stopped are final, and at most one of them is true.
        sa.CheckConstraint("paid_ms is null or vetoed_ms is null"),
        sa.CheckConstraint("paid_ms is null or stopped_ms is null"),
        sa.CheckConstraint("vetoed_ms is null or stopped_ms is null"),
        sqlite_with_rowid=False,
    )
    op.create_index("chain_operation_token", "chain_operation", ["token", "due_ms"])
    with_signer = sa.text(
        "asked_ms is not null and paid_ms is null and vetoed_ms is null "
        "and stopped_ms is null and failed_ms is null"
    )
    op.create_index(
        "chain_operation_open",
        "chain_operation",
        ["asked_ms"],
        sqlite_where=with_signer,
        postgresql_where=with_signer,
    )


def _wallets() -> None:
    op.create_table(
        "wallet",
        _id("community"),
        _id("member"),
        _id("chain_id"),
        _text("address"),
        _id("challenge"),
        _id("proved_ms"),
        sa.PrimaryKeyConstraint("community", "member", "chain_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wallet_challenge",
        _id(),
        _id("community"),
        _id("member"),
        _text("platform"),
        _text("account"),
        _id("chain_id"),
        _text("address"),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        _id("issued_ms"),
        _id("expires_ms"),
        _text("signature", nullable=True),
        _id("asked_ms", nullable=True),
        sa.Column("is_proved", sa.Integer),
        _text("why", nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("wallet_challenge_member", "wallet_challenge", ["community", "member"])


def _signer() -> None:
    """Lay the signer's own tables: what it signed, and where it looks for what became of it."""
    op.create_table(
        "chain_tx",
        _text("hash"),
        _id("chain_id"),
        _text("sender"),
        _id("nonce"),
        _id("community"),
        _id("proposal"),
        _text("purpose"),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        _id("max_fee"),
        _id("tip"),
        _id("created_ms"),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("chain_tx_proposal", "chain_tx", ["community", "proposal"])
    op.create_index("chain_tx_nonce", "chain_tx", ["chain_id", "sender", "nonce"])
    op.create_table(
        "chain_order",
        _id("community"),
        _id("proposal"),
        _text("operation"),
        _id("since_block"),
        sa.Column("measured", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("community", "proposal"),
    )
