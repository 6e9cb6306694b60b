"""Conflicts of interest

Revision ID: c0f11c7a0001
Revises: 0d5a1c0f7e31
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c0f11c7a0001"
down_revision = "0d5a1c0f7e31"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conflict_overrides",
        sa.Column(
            "subject_kind",
            sa.Enum(
                "order",
                "evaluation",
                "complaint",
                name="subject_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "link", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed", "approved", "refused", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("refusal", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_at IS NOT NULL",
            name=op.f("ck_conflict_overrides_decided_has_time"),
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_conflict_overrides_reason")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_conflict_overrides_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_conflict_overrides_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_overrides")),
    )
    with op.batch_alter_table("conflict_overrides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_overrides_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_conflict_overrides_open",
            ["subject_kind", "subject_id", "key"],
            unique=True,
            sqlite_where=sa.text("state <> 'refused'"),
            postgresql_where=sa.text("state <> 'refused'"),
        )

    op.create_table(
        "relations",
        sa.Column(
            "kind",
            sa.Enum(
                "same_institution",
                "employment",
                "family",
                "co_authors",
                "shares",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "other_kind",
            sa.Enum("person", "organisation", name="other_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("other_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("other_organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("other_name", sa.String(length=200), nullable=False),
        sa.Column("other_at", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "declared",
                "confirmed",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("declared_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "other_organisation_id IS NULL OR other_kind = 'organisation'", name=op.f("ck_relations_other_organisation")
        ),
        sa.CheckConstraint("other_person_id IS NULL OR other_kind = 'person'", name=op.f("ck_relations_other_person")),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'refused', 'withdrawn') OR decided_at IS NOT NULL",
            name=op.f("ck_relations_decided_has_time"),
        ),
        sa.CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_relations_one_near_end")),
        sa.CheckConstraint("length(evidence) > 0", name=op.f("ck_relations_evidence")),
        sa.CheckConstraint(
            "other_organisation_id IS NULL OR organisation_id IS NULL OR other_organisation_id <> organisation_id",
            name=op.f("ck_relations_organisations"),
        ),
        sa.CheckConstraint(
            "other_person_id IS NULL OR other_organisation_id IS NULL", name=op.f("ck_relations_one_other_end")
        ),
        sa.CheckConstraint(
            "other_person_id IS NULL OR person_id IS NULL OR other_person_id <> person_id",
            name=op.f("ck_relations_persons"),
        ),
        sa.CheckConstraint("since IS NULL OR until IS NULL OR until >= since", name=op.f("ck_relations_dates")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_relations_decided_by")),
        sa.ForeignKeyConstraint(["declared_by"], ["accounts.id"], name=op.f("fk_relations_declared_by")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_relations_file_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_relations_organisation_id")),
        sa.ForeignKeyConstraint(
            ["other_organisation_id"], ["organisations.id"], name=op.f("fk_relations_other_organisation_id")
        ),
        sa.ForeignKeyConstraint(["other_person_id"], ["persons.id"], name=op.f("fk_relations_other_person_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_relations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
    )
    with op.batch_alter_table("relations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relations_declared_by"), ["declared_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_relations_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relations_other_organisation_id"), ["other_organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relations_other_person_id"), ["other_person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relations_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relations_state"), ["state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("relations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relations_state"))
        batch_op.drop_index(batch_op.f("ix_relations_person_id"))
        batch_op.drop_index(batch_op.f("ix_relations_other_person_id"))
        batch_op.drop_index(batch_op.f("ix_relations_other_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_relations_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_relations_declared_by"))

    op.drop_table("relations")
    with op.batch_alter_table("conflict_overrides", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_conflict_overrides_open",
            sqlite_where=sa.text("state <> 'refused'"),
            postgresql_where=sa.text("state <> 'refused'"),
        )
        batch_op.drop_index(batch_op.f("ix_conflict_overrides_state"))

    op.drop_table("conflict_overrides")
