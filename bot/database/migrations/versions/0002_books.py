"""Books, thanks, pools, rewards, links between accounts and spaces; effects of proposals."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable, autoincrement=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def upgrade() -> None:
    """Lay the tables, and give proposals their effects."""
    _effects()
    _ledger()
    _reputation()
    _pools()
    _rewards()
    _links()
    _doubt()


def _effects() -> None:
    op.add_column("proposal", sa.Column("effects", sa.Text, nullable=False, server_default="[]"))
    op.add_column("proposal", sa.Column("effects_digest", sa.Text))
    op.add_column("proposal", sa.Column("carried", sa.Text))


def _ledger() -> None:
    op.create_table(
        "asset",
        _id(),
        _id("community"),
        _text("symbol"),
        sa.Column("decimals", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("community", "symbol"),
    )
    op.create_table(
        "balance",
        _id("community"),
        _text("book"),
        _id("owner"),
        _id("asset"),
        _id("amount"),
        sa.PrimaryKeyConstraint("community", "book", "owner", "asset"),
        sa.CheckConstraint("amount >= 0"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entry",
        _id("community"),
        _id("number"),
        _id("at_ms"),
        _id("journal_seq"),
        _text("from_book"),
        _id("from_owner"),
        _text("to_book"),
        _id("to_owner"),
        _id("asset"),
        _id("amount"),
        _text("purpose"),
        _text("note"),
        _id("by_member", nullable=True),
        _id("undoes", nullable=True),
        sa.PrimaryKeyConstraint("community", "number"),
        sa.CheckConstraint("amount > 0"),
        sqlite_with_rowid=False,
    )
    # Assets are of one community. An index that starts as the key of a table without row ids does
    # is passed over by SQLite for that key, and the whole community is read.
    op.create_index("entry_to", "entry", ["asset", "to_book", "to_owner"])
    op.create_index("entry_from", "entry", ["asset", "from_book", "from_owner"])
    undoes = sa.text("undoes is not null")
    op.create_index(
        "entry_undoes",
        "entry",
        ["community", "undoes"],
        unique=True,
        sqlite_where=undoes,
        postgresql_where=undoes,
    )


def _reputation() -> None:
    op.create_table(
        "tip",
        _id("community"),
        _id("entry"),
        _id("giver"),
        _id("receiver"),
        _id("points"),
        _id("at_ms"),
        _id("undone_by", nullable=True),
        _id("reversed_by", nullable=True),
        sa.PrimaryKeyConstraint("community", "entry"),
    )
    op.create_index("tip_giver", "tip", ["community", "giver", "at_ms"])
    op.create_index("tip_epoch", "tip", ["community", "at_ms"])
    op.create_table(
        "took_part",
        _id("community"),
        _id("day_ms"),
        _id("member"),
        sa.PrimaryKeyConstraint("community", "day_ms", "member"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leave",
        _id("community"),
        _id("member"),
        _id("from_ms"),
        _id("to_ms"),
        sa.PrimaryKeyConstraint("community", "member", "from_ms"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hidden",
        _id("community"),
        _id("member"),
        sa.PrimaryKeyConstraint("community", "member"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ranking",
        _id("community"),
        _id("member"),
        _id("rank"),
        sa.PrimaryKeyConstraint("community", "member"),
    )
    op.create_index("ranking_rank", "ranking", ["community", "rank", "member"])


def _pools() -> None:
    op.create_table(
        "pool",
        _id(),
        _id("community"),
        _text("name"),
        _text("name_key"),
        _id("asset"),
        _id("created_ms"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("community", "name_key"),
    )
    op.create_table(
        "payment",
        _id("community"),
        _id("proposal"),
        _id("pool"),
        _id("member"),
        _id("amount"),
        _id("reserved_ms"),
        _id("pay_ms"),
        _id("entry"),
        _id("paid_ms", nullable=True),
        _id("stopped_ms", nullable=True),
        _id("stopped_by", nullable=True),
        _text("stop_reason", nullable=True),
        _id("end_entry", nullable=True),
        sa.PrimaryKeyConstraint("community", "proposal"),
        sa.CheckConstraint("paid_ms is null or stopped_ms is null"),
        sqlite_with_rowid=False,
    )
    op.create_index("payment_pool", "payment", ["pool", "reserved_ms"])
    op.create_table(
        "payments_paused",
        _id("community"),
        _text("what"),
        _id("asked_ms"),
        _id("asked_by"),
        _id("done_ms", nullable=True),
        _id("done_by", nullable=True),
        sa.PrimaryKeyConstraint("community", "what"),
        sqlite_with_rowid=False,
    )


def _rewards() -> None:
    op.create_table(
        "reward",
        _id("community"),
        _id("seq"),
        _id("pool"),
        _id("amount"),
        _text("every"),
        _text("by_key"),
        _id("set_ms"),
        _id("set_by"),
        _id("starts_ms"),
        _id("ends_ms", nullable=True),
        sa.PrimaryKeyConstraint("community", "seq"),
        sa.CheckConstraint("amount > 0"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payday",
        _id("community"),
        _id("pool"),
        _id("from_ms"),
        _id("to_ms"),
        _id("reward", nullable=True),
        sa.Column("lot_key", sa.LargeBinary, nullable=False),
        _id("paid_ms", nullable=True),
        _id("seq", nullable=True),
        _text("record", nullable=True),
        sa.PrimaryKeyConstraint("community", "pool", "from_ms"),
        sa.CheckConstraint("from_ms < to_ms"),
        sqlite_with_rowid=False,
    )


def _links() -> None:
    op.create_table(
        "link_code",
        _id("number"),
        _text("digest"),
        _text("what"),
        _id("community"),
        _id("member"),
        _id("expires_ms"),
        sa.Column("secret", sa.LargeBinary),
        _id("other", nullable=True),
        _id("other_space", nullable=True),
        _text("place", nullable=True),
        _id("confirmed_by", nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "linked",
        _id("community"),
        _id("member"),
        _id("into_member"),
        _id("at_ms"),
        sa.PrimaryKeyConstraint("community", "member"),
        sqlite_with_rowid=False,
    )


def _doubt() -> None:
    op.create_table(
        "asked",
        _id("community"),
        _id("member"),
        _text("digest"),
        _id("seq"),
        _id("at_ms"),
        sa.PrimaryKeyConstraint("community", "member", "digest"),
        sqlite_with_rowid=False,
    )
