"""Scenarios of runs, studies of runs, and compared texts

Revision ID: c4a7d10e52b8
Revises: 7c41e0b2d9a5
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c4a7d10e52b8"
down_revision = "7c41e0b2d9a5"
branch_labels = None
depends_on = None

KINDS = ("round", "scenario", "hand", "aim", "frontier", "without_rule")
STUDIES = ("why", "ties", "rules", "levers", "replay")
STATES = ("waiting", "running", "done", "failed")


def _json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _choice(members: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", _choice(KINDS, "kind"), nullable=False, server_default="round"))
        batch_op.add_column(sa.Column("base_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("changes", _json(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("kept", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("gap_target", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_foreign_key(batch_op.f("fk_runs_base_id_runs"), "runs", ["base_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_runs_base_id"), ["base_id"], unique=False)
        batch_op.create_check_constraint("base_of_what_if", "(kind = 'round') = (base_id IS NULL)")
    with op.batch_alter_table("runs", schema=None) as batch_op:
        for column in ("kind", "changes", "kept", "gap_target"):
            batch_op.alter_column(column, server_default=None)
    op.create_table(
        "compared_texts",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("texts_hash", sa.String(length=64), nullable=False),
        sa.Column("fits", _json(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_compared_texts_round_id_rounds")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_compared_texts")),
    )
    op.create_table(
        "studies",
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", _choice(STUDIES, "kind"), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("state", _choice(STATES, "state"), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", _json(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('done', 'failed') OR finished_at IS NOT NULL", name=op.f("ck_studies_ended_has_time")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_studies_created_by_accounts")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_studies_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studies")),
        sa.UniqueConstraint("run_id", "kind", "subject", name=op.f("uq_studies_run_id_kind_subject")),
    )


def downgrade() -> None:
    op.drop_table("studies")
    op.drop_table("compared_texts")
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_constraint("base_of_what_if", type_="check")
        batch_op.drop_constraint("kind", type_="check")
        batch_op.drop_index(batch_op.f("ix_runs_base_id"))
        batch_op.drop_constraint(batch_op.f("fk_runs_base_id_runs"), type_="foreignkey")
        for column in ("gap_target", "kept", "changes", "base_id", "kind"):
            batch_op.drop_column(column)
