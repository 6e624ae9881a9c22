"""Communities, members, settings, journal, agenda, outbox, proposals and ballots."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _id(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, autoincrement=False)


def _ms(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _blob(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=nullable)


def upgrade() -> None:
    """Lay the tables; ids are drawn from `counter`, never by the database."""
    _house()
    _community()
    _proposals()


def _house() -> None:
    op.create_table(
        "counter",
        _text("name"),
        _id("value"),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "request",
        _text("id"),
        _ms("at_ms"),
        sa.Column("community", sa.BigInteger),
        _text("outcome"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("request_at", "request", ["at_ms"])
    op.create_table(
        "journal",
        _id("community"),
        _id("seq"),
        _ms("at_ms"),
        _text("command"),
        sa.Column("version", sa.Integer, nullable=False),
        _text("kind"),
        sa.Column("member", sa.BigInteger),
        _text("request"),
        _text("args"),
        _text("facts"),
        _blob("hash"),
        sa.PrimaryKeyConstraint("community", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sealed",
        _id("community"),
        _id("seq"),
        _text("field"),
        _blob("salt", nullable=True),
        _text("value", nullable=True),
        sa.Column("member", sa.BigInteger),
        sa.Column("is_text", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("community", "seq", "field"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agenda",
        _text("key"),
        _id("community"),
        _ms("due_ms"),
        _ms("run_ms"),
        _text("command"),
        sa.Column("version", sa.Integer, nullable=False),
        _text("args"),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("agenda_run", "agenda", ["run_ms", "due_ms", "key"])
    op.create_table(
        "outbox",
        _text("key"),
        _text("kind"),
        _text("platform"),
        _id("community"),
        sa.Column("space", sa.BigInteger),
        _text("subject"),
        _text("channel"),
        _text("thread"),
        sa.Column("member", sa.BigInteger),
        _text("message"),
        _id("version"),
        _id("sent_version"),
        _ms("due_ms"),
        _ms("lease_ms"),
        sa.Column("tries", sa.Integer, nullable=False),
        _ms("created_ms"),
        _text("trouble"),
        sa.PrimaryKeyConstraint("key"),
    )
    waits = sa.text("version > sent_version")
    op.create_index(
        "outbox_waits",
        "outbox",
        ["platform", "due_ms"],
        sqlite_where=waits,
        postgresql_where=waits,
    )
    op.create_index("outbox_subject", "outbox", ["community", "subject"])
    op.create_index("outbox_message", "outbox", ["space", "message"])
    op.create_table(
        "button",
        _id("community"),
        _id("id"),
        _text("code"),
        sa.PrimaryKeyConstraint("community", "id"),
        sa.UniqueConstraint("community", "code"),
    )
    op.create_table(
        "state",
        _text("name"),
        _text("value"),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )


def _community() -> None:
    op.create_table(
        "community",
        _id(),
        _text("name"),
        _id("home_space"),
        _blob("salt"),
        _ms("founded_ms"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "space",
        _id(),
        _text("platform"),
        _text("space"),
        _id("community"),
        sa.Column("is_active", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("platform", "space"),
        sa.ForeignKeyConstraint(["community"], ["community.id"]),
    )
    op.create_table(
        "channel",
        _id("space"),
        _text("purpose"),
        _text("channel"),
        _text("thread"),
        sa.PrimaryKeyConstraint("space", "purpose"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "member",
        _id(),
        _id("community"),
        _text("name"),
        _ms("first_seen_ms"),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["community"], ["community.id"]),
    )
    op.create_table(
        "account",
        _id("community"),
        _text("platform"),
        _text("account"),
        _id("member"),
        sa.PrimaryKeyConstraint("community", "platform", "account"),
        sqlite_with_rowid=False,
    )
    op.create_index("account_member", "account", ["member"])
    op.create_table(
        "setting",
        _id("community"),
        _text("name"),
        _text("value"),
        sa.PrimaryKeyConstraint("community", "name"),
        sqlite_with_rowid=False,
    )


def _proposals() -> None:
    op.create_table(
        "proposal",
        _id(),
        _id("community"),
        _id("number"),
        _text("sort"),
        _id("author"),
        _text("title"),
        _text("details"),
        _text("options"),
        _text("content", nullable=True),
        _text("method"),
        _id("quorum"),
        _text("threshold"),
        sa.Column("is_secret", sa.Integer, nullable=False),
        _ms("opened_ms"),
        _ms("closes_ms"),
        _ms("period_ms"),
        _blob("lot_key"),
        _text("extensions"),
        _ms("withdrawn_ms", nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger),
        _text("withdraw_reason", nullable=True),
        _ms("closed_ms", nullable=True),
        sa.Column("closed_seq", sa.BigInteger),
        _text("result", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("community", "number"),
        sa.ForeignKeyConstraint(["community"], ["community.id"]),
    )
    op.create_index("proposal_content", "proposal", ["community", "content"])
    op.create_index("proposal_author", "proposal", ["community", "author"])
    is_open = sa.text("closed_ms is null and withdrawn_ms is null")
    op.create_index(
        "proposal_open",
        "proposal",
        ["community", "closes_ms"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "running",
        _id("proposal"),
        _id("turnout"),
        _text("totals"),
        sa.Column("leader", sa.Integer),
        sa.PrimaryKeyConstraint("proposal"),
        sa.ForeignKeyConstraint(["proposal"], ["proposal.id"]),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot",
        _id("proposal"),
        _id("voter"),
        _blob("choice"),
        _id("weight"),
        _ms("at_ms"),
        sa.PrimaryKeyConstraint("proposal", "voter"),
        sa.ForeignKeyConstraint(["proposal"], ["proposal.id"]),
        sa.CheckConstraint("weight >= 0"),
        sqlite_with_rowid=False,
    )
    op.create_index("ballot_voter", "ballot", ["voter", "proposal"])
