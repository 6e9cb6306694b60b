"""Agreements of confidentiality, questions, later deadlines, and changes that stay as published

Revision ID: 5e2d90b7c613
Revises: a3a4d5b0c003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.db.triggers import statements

revision = "5e2d90b7c613"
down_revision = "a3a4d5b0c003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_deadline_changes",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "rejected",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("deadline_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'lapsed', 'rejected') OR decided_at IS NOT NULL",
            name=op.f("ck_order_deadline_changes_decided_has_time"),
        ),
        sa.CheckConstraint("deadline_after > deadline_before", name=op.f("ck_order_deadline_changes_later")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_deadline_changes_order_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_order_deadline_changes_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_deadline_changes")),
    )
    with op.batch_alter_table("order_deadline_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_deadline_changes_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "uq_order_deadline_changes_open",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )

    op.create_table(
        "order_ndas",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "signed",
                "declined",
                "withdrawn",
                "expired",
                "revoked",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("requested_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signatory", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('declined', 'expired', 'revoked', 'withdrawn') OR ended_at IS NOT NULL",
            name=op.f("ck_order_ndas_ended_has_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('expired', 'revoked', 'signed') OR expires_at IS NOT NULL",
            name=op.f("ck_order_ndas_signed_has_end"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('expired', 'revoked', 'signed') OR signed_at IS NOT NULL",
            name=op.f("ck_order_ndas_signed_has_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('expired', 'revoked', 'signed') OR signed_by IS NOT NULL",
            name=op.f("ck_order_ndas_signed_has_person"),
        ),
        sa.CheckConstraint("expires_at > signed_at", name=op.f("ck_order_ndas_term")),
        sa.CheckConstraint("signed_at IS NULL OR length(digest) = 64", name=op.f("ck_order_ndas_text")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_ndas_order_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_order_ndas_organisation_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["accounts.id"], name=op.f("fk_order_ndas_requested_by")),
        sa.ForeignKeyConstraint(["signed_by"], ["accounts.id"], name=op.f("fk_order_ndas_signed_by")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_order_ndas_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_ndas")),
    )
    with op.batch_alter_table("order_ndas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_ndas_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_ndas_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_ndas_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_ndas_team_id"), ["team_id"], unique=False)
        batch_op.create_index(
            "uq_order_ndas_alive",
            ["order_id", "team_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('requested', 'signed')"),
            postgresql_where=sa.text("state IN ('requested', 'signed')"),
        )

    op.create_table(
        "order_questions",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked", "answered", "declined", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("amendment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'answered' OR answer <> ''", name=op.f("ck_order_questions_answered_has_text")),
        sa.CheckConstraint("state <> 'declined' OR reason <> ''", name=op.f("ck_order_questions_declined_has_reason")),
        sa.CheckConstraint(
            "state NOT IN ('answered', 'declined') OR decided_at IS NOT NULL",
            name=op.f("ck_order_questions_decided_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["amendment_id"], ["order_amendments.id"], name=op.f("fk_order_questions_amendment_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_questions_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_questions")),
    )
    with op.batch_alter_table("order_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_questions_order_id"), ["order_id"], unique=False)

    with op.batch_alter_table("order_amendments", schema=None) as batch_op:
        for name in ("before", "after"):
            kind = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default="{}"))
    with op.batch_alter_table("order_amendments", schema=None) as batch_op:
        batch_op.alter_column("before", server_default=None)
        batch_op.alter_column("after", server_default=None)
    for statement in statements("order_amendments", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER order_amendments_append_only ON order_amendments")
        op.execute("DROP FUNCTION order_amendments_append_only()")
    else:
        op.execute("DROP TRIGGER order_amendments_no_update")
        op.execute("DROP TRIGGER order_amendments_no_delete")
    with op.batch_alter_table("order_amendments", schema=None) as batch_op:
        batch_op.drop_column("after")
        batch_op.drop_column("before")

    with op.batch_alter_table("order_questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_questions_order_id"))

    op.drop_table("order_questions")
    with op.batch_alter_table("order_ndas", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_order_ndas_alive",
            sqlite_where=sa.text("state IN ('requested', 'signed')"),
            postgresql_where=sa.text("state IN ('requested', 'signed')"),
        )
        batch_op.drop_index(batch_op.f("ix_order_ndas_team_id"))
        batch_op.drop_index(batch_op.f("ix_order_ndas_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_order_ndas_order_id"))
        batch_op.drop_index(batch_op.f("ix_order_ndas_expires_at"))

    op.drop_table("order_ndas")
    with op.batch_alter_table("order_deadline_changes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_order_deadline_changes_open",
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )
        batch_op.drop_index(batch_op.f("ix_order_deadline_changes_order_id"))

    op.drop_table("order_deadline_changes")
