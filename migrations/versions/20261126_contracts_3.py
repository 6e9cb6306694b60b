"""Changes, students, results and ratings

Revision ID: c7a5e0b1d203
Revises: e1a7c3b60d52
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.db.triggers import statements

revision = "c7a5e0b1d203"
down_revision = "e1a7c3b60d52"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "contract_results",
    "contract_ratings",
)


def upgrade() -> None:
    op.create_table(
        "contract_changes",
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "extension",
                "force_majeure",
                "third_party",
                "technical",
                "quality",
                "scope_cut",
                "price_cut",
                "end_agreed",
                "end_breach",
                "end_published",
                "end_failed",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "steps", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("earned", sa.BigInteger(), nullable=True),
        sa.Column(
            "proposed_by",
            sa.Enum("enterprise", "team", name="proposed_by", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("proposer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "accepted",
                "rejected",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind LIKE 'end%') = (earned IS NOT NULL)", name=op.f("ck_contract_changes_end_has_settlement")
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'rejected', 'withdrawn') OR decided_at IS NOT NULL",
            name=op.f("ck_contract_changes_decided_has_time"),
        ),
        sa.CheckConstraint("earned IS NULL OR earned >= 0", name=op.f("ck_contract_changes_earned")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_changes_contract_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["accounts.id"], name=op.f("fk_contract_changes_proposer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_changes")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_contract_changes_contract_id_number")),
    )
    with op.batch_alter_table("contract_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_changes_state"), ["state"], unique=False)

    op.create_table(
        "contract_ratings",
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "side",
            sa.Enum("enterprise", "team", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("timeliness", sa.Integer(), nullable=False),
        sa.Column("cooperation", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("cooperation BETWEEN 1 AND 5", name=op.f("ck_contract_ratings_cooperation")),
        sa.CheckConstraint("quality BETWEEN 1 AND 5", name=op.f("ck_contract_ratings_quality")),
        sa.CheckConstraint("timeliness BETWEEN 1 AND 5", name=op.f("ck_contract_ratings_timeliness")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contract_ratings_account_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_ratings_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_ratings")),
        sa.UniqueConstraint("contract_id", "side", name=op.f("uq_contract_ratings_contract_id_side")),
    )
    with op.batch_alter_table("contract_ratings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_ratings_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "contract_results",
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "patent",
                "know_how",
                "paper",
                "software",
                "standard",
                "product",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column(
            "declared_by",
            sa.Enum("enterprise", "team", name="declared_by", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contract_results_account_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_results_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_results")),
    )
    with op.batch_alter_table("contract_results", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_results_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_results_kind"), ["kind"], unique=False)

    op.create_table(
        "joint_trainings",
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("student", sa.String(length=100), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "bachelor",
                "master",
                "doctor",
                "postdoc",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("mentor_enterprise", sa.String(length=100), nullable=False),
        sa.Column("mentor_institution", sa.String(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("now", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "finished", "left", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('finished', 'left') OR ended_on IS NOT NULL", name=op.f("ck_joint_trainings_ended_has_day")
        ),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= starts_on", name=op.f("ck_joint_trainings_days")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_joint_trainings_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_trainings")),
    )
    with op.batch_alter_table("joint_trainings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_joint_trainings_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_joint_trainings_state"), ["state"], unique=False)

    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("joint_trainings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_joint_trainings_state"))
        batch_op.drop_index(batch_op.f("ix_joint_trainings_contract_id"))

    op.drop_table("joint_trainings")
    with op.batch_alter_table("contract_results", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_results_kind"))
        batch_op.drop_index(batch_op.f("ix_contract_results_contract_id"))

    op.drop_table("contract_results")
    with op.batch_alter_table("contract_ratings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_ratings_contract_id"))

    op.drop_table("contract_ratings")
    with op.batch_alter_table("contract_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_changes_state"))

    op.drop_table("contract_changes")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_append_only()")
