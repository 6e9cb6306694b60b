"""Evaluations: criteria, committees, scores, results, exclusions

Revision ID: e1a7c3b60d52
Revises: 9b1f6c3e5d72
"""

import sqlalchemy as sa
from alembic import op

from marketplace.db.triggers import statements

revision = "e1a7c3b60d52"
down_revision = "9b1f6c3e5d72"
branch_labels = None
depends_on = None

APPEND_ONLY = ("evaluation_results",)


def upgrade() -> None:
    op.create_table(
        "evaluations",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("setup", "scoring", "locked", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('locked') OR locked_at IS NOT NULL", name=op.f("ck_evaluations_locked_has_time")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_evaluations_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
        sa.UniqueConstraint("order_id", name=op.f("uq_evaluations_order_id")),
    )
    op.create_table(
        "bid_exclusions",
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed", "confirmed", "rejected", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_exclusions_bid_id")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_bid_exclusions")),
    )
    op.create_table(
        "evaluation_criteria",
        sa.Column("evaluation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("weight > 0 AND weight <= 10000", name=op.f("ck_evaluation_criteria_weight")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluations.id"], name=op.f("fk_evaluation_criteria_evaluation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_criteria")),
        sa.UniqueConstraint("evaluation_id", "position", name=op.f("uq_evaluation_criteria_evaluation_id_position")),
    )
    op.create_table(
        "evaluation_members",
        sa.Column("evaluation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expert", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "ready",
                "done",
                "replaced",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('done') OR submitted_at IS NOT NULL", name=op.f("ck_evaluation_members_submitted_has_time")
        ),
        sa.CheckConstraint(
            "state NOT IN ('done', 'ready') OR accepted_at IS NOT NULL",
            name=op.f("ck_evaluation_members_accepted_has_time"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_evaluation_members_account_id")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluations.id"], name=op.f("fk_evaluation_members_evaluation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_evaluation_members_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_members")),
        sa.UniqueConstraint("evaluation_id", "person_id", name=op.f("uq_evaluation_members_evaluation_id_person_id")),
    )
    with op.batch_alter_table("evaluation_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_members_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evaluation_members_evaluation_id"), ["evaluation_id"], unique=False)

    op.create_table(
        "evaluation_results",
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("evaluation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("quality BETWEEN 0 AND 1000", name=op.f("ck_evaluation_results_quality")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_evaluation_results_bid_id")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluations.id"], name=op.f("fk_evaluation_results_evaluation_id")
        ),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_evaluation_results")),
    )
    with op.batch_alter_table("evaluation_results", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_results_evaluation_id"), ["evaluation_id"], unique=False)

    op.create_table(
        "evaluation_remarks",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_evaluation_remarks_bid_id")),
        sa.ForeignKeyConstraint(["member_id"], ["evaluation_members.id"], name=op.f("fk_evaluation_remarks_member_id")),
        sa.PrimaryKeyConstraint("member_id", "bid_id", name=op.f("pk_evaluation_remarks")),
    )
    op.create_table(
        "evaluation_scores",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("criterion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name=op.f("ck_evaluation_scores_points")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_evaluation_scores_bid_id")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["evaluation_criteria.id"], name=op.f("fk_evaluation_scores_criterion_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["evaluation_members.id"], name=op.f("fk_evaluation_scores_member_id")),
        sa.PrimaryKeyConstraint("member_id", "bid_id", "criterion_id", name=op.f("pk_evaluation_scores")),
    )
    with op.batch_alter_table("evaluation_scores", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_scores_bid_id"), ["bid_id"], unique=False)
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("evaluation_scores", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_scores_bid_id"))

    op.drop_table("evaluation_scores")
    op.drop_table("evaluation_remarks")
    with op.batch_alter_table("evaluation_results", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_results_evaluation_id"))

    op.drop_table("evaluation_results")
    with op.batch_alter_table("evaluation_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_members_evaluation_id"))
        batch_op.drop_index(batch_op.f("ix_evaluation_members_account_id"))

    op.drop_table("evaluation_members")
    op.drop_table("evaluation_criteria")
    op.drop_table("bid_exclusions")
    op.drop_table("evaluations")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_append_only()")
