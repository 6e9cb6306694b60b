"""Approval levels and fresh sign ins

Revision ID: a3a4d5b0c002
Revises: 7ec70a5d2b91
"""

import sqlalchemy as sa
from alembic import op

revision = "a3a4d5b0c002"
down_revision = "7ec70a5d2b91"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval_levels",
        sa.Column("above", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "enterprise_member",
                "enterprise_owner",
                "university_member",
                "university_owner",
                "team_lead",
                "alliance_secretary",
                "centre_officer",
                "fund_manager",
                "auditor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "active",
                "ending",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('centre_officer', 'fund_manager')", name=op.f("ck_approval_levels_approver")),
        sa.CheckConstraint(
            "state NOT IN ('active', 'ending') OR active_from IS NOT NULL",
            name=op.f("ck_approval_levels_active_has_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('ended') OR ended_at IS NOT NULL", name=op.f("ck_approval_levels_ended_has_time")
        ),
        sa.CheckConstraint("above >= 0", name=op.f("ck_approval_levels_above")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_levels")),
    )
    with op.batch_alter_table("approval_levels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_levels_state"), ["state"], unique=False)

    with op.batch_alter_table("endorsements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("level_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("comment", sa.String(length=1000), nullable=False, server_default=""))
        batch_op.create_foreign_key(batch_op.f("fk_endorsements_level_id"), "approval_levels", ["level_id"], ["id"])

    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.drop_column("proved_at")

    with op.batch_alter_table("endorsements", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_endorsements_level_id"), type_="foreignkey")
        batch_op.drop_column("comment")
        batch_op.drop_column("level_id")

    with op.batch_alter_table("approval_levels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_levels_state"))

    op.drop_table("approval_levels")
