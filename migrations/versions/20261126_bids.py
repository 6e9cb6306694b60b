"""Keys of openings, authorised parts, attachments, corrections, prices apart

Revision ID: 7c41e0b2d9a5
Revises: 7c4e1d9a2b30
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.db.triggers import statements

revision = "7c41e0b2d9a5"
down_revision = "7c4e1d9a2b30"
branch_labels = None
depends_on = None

APPEND_ONLY = ("opening_records",)


BEFORE = ("draft", "submitted", "needs_reconfirm", "withdrawn", "lapsed", "opened", "disqualified", "won", "lost")
AFTER = (*BEFORE, "technical")
OPENED = ("opened", "won", "lost")


def listed(states: tuple[str, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


def checks(states: tuple[str, ...], opened: tuple[str, ...]) -> None:
    """Let bids be in ``states``, of which ``opened`` have a time stamp."""
    with op.batch_alter_table("bids", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_bids_state"), type_="check")
        batch_op.drop_constraint(op.f("ck_bids_opened_has_time"), type_="check")
        batch_op.create_check_constraint(op.f("ck_bids_state"), f"state IN ({listed(states)})")
        stamped = f"state NOT IN ({listed(opened)}) OR opened_at IS NOT NULL"
        batch_op.create_check_constraint(op.f("ck_bids_opened_has_time"), stamped)


def upgrade() -> None:
    op.create_table(
        "opening_records",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "part",
            sa.Enum("content", "price", name="part", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_opening_records_order_id")),
        sa.PrimaryKeyConstraint("order_id", "part", name=op.f("pk_opening_records")),
    )
    op.create_table(
        "order_keys",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "part",
            sa.Enum("content", "price", name="part", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "scheme",
            sa.Enum("file", "split", name="scheme", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("public", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column(
            "shares", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("probe", sa.LargeBinary(), nullable=False),
        sa.Column("probe_digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_keys_order_id")),
        sa.PrimaryKeyConstraint("order_id", "part", name=op.f("pk_order_keys")),
    )
    op.create_table(
        "bid_consents",
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "given",
                "refused",
                "recalled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("part", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('given', 'refused') OR decided_at IS NOT NULL", name=op.f("ck_bid_consents_decided_has_time")
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_consents_bid_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_bid_consents_decided_by")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_bid_consents_team_id")),
        sa.PrimaryKeyConstraint("bid_id", "team_id", name=op.f("pk_bid_consents")),
    )
    with op.batch_alter_table("bid_consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bid_consents_team_id"), ["team_id"], unique=False)

    op.create_table(
        "bid_files",
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_files_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_files")),
    )
    with op.batch_alter_table("bid_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bid_files_bid_id"), ["bid_id"], unique=False)

    op.create_table(
        "bid_repairs",
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "answered",
                "accepted",
                "rejected",
                "expired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("points", sa.String(length=2000), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'answered') OR answered_at IS NOT NULL",
            name=op.f("ck_bid_repairs_answered_has_time"),
        ),
        sa.CheckConstraint("until > asked_at", name=op.f("ck_bid_repairs_window")),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name=op.f("fk_bid_repairs_asked_by")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_repairs_bid_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_bid_repairs_file_id")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_bid_repairs")),
    )
    op.create_table(
        "opened_files",
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_opened_files_bid_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_opened_files_file_id")),
        sa.PrimaryKeyConstraint("bid_id", "number", name=op.f("pk_opened_files")),
    )
    op.create_table(
        "technical_parts",
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_technical_parts_bid_id")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_technical_parts")),
    )
    with op.batch_alter_table("bids", schema=None) as batch_op:
        batch_op.add_column(sa.Column("price_envelope", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("price_commitment", sa.String(length=64), nullable=False, server_default=""))

    with op.batch_alter_table("opened_bids", schema=None) as batch_op:
        batch_op.add_column(sa.Column("price_salt", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("version", sa.String(length=20), nullable=False, server_default="tripool-bid/1"))
        batch_op.add_column(
            sa.Column(
                "extras",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="{}",
            )
        )
    for table, columns in {"bids": ["price_commitment"], "opened_bids": ["price_salt", "version", "extras"]}.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)
    checks(AFTER, (*OPENED, "technical"))
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    # Before there were no prices apart: what is half open counts as sealed again, its envelope is still there.
    op.execute("UPDATE bids SET state = 'submitted', opened_at = NULL WHERE state = 'technical'")
    checks(BEFORE, OPENED)
    with op.batch_alter_table("opened_bids", schema=None) as batch_op:
        batch_op.drop_column("extras")
        batch_op.drop_column("version")
        batch_op.drop_column("price_salt")

    with op.batch_alter_table("bids", schema=None) as batch_op:
        batch_op.drop_column("price_commitment")
        batch_op.drop_column("price_envelope")

    op.drop_table("technical_parts")
    op.drop_table("opened_files")
    op.drop_table("bid_repairs")
    with op.batch_alter_table("bid_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bid_files_bid_id"))

    op.drop_table("bid_files")
    with op.batch_alter_table("bid_consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bid_consents_team_id"))

    op.drop_table("bid_consents")
    op.drop_table("order_keys")
    op.drop_table("opening_records")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_append_only()")
