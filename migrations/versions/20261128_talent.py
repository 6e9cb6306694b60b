"""Researchers, equipment and joint training

Revision ID: dad145d15494
Revises: bde20acad11c
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "dad145d15494"
down_revision = "bde20acad11c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programmes",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "course", "placement", "mentoring", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "field",
            sa.Enum(
                "new_materials",
                "chemistry",
                "textiles",
                "footwear",
                "machinery",
                "robotics",
                "instruments",
                "electronics",
                "optics",
                "software",
                "artificial_intelligence",
                "energy",
                "environment",
                "biomedicine",
                "food",
                "construction",
                name="field",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("mentor", sa.String(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "closed", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_programmes_days")),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name=op.f("ck_programmes_places")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_programmes_alliance_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_programmes_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
    )
    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programmes_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programmes_field"), ["field"], unique=False)
        batch_op.create_index(batch_op.f("ix_programmes_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programmes_state"), ["state"], unique=False)

    op.create_table(
        "equipment",
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("days BETWEEN 0 AND 92", name=op.f("ck_equipment_days")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_equipment_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
    )
    with op.batch_alter_table("equipment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_equipment_team_id"), ["team_id"], unique=False)

    op.create_table(
        "programme_places",
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "given",
                "refused",
                "left",
                "completed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_programme_places_account_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_programme_places_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_places")),
        sa.UniqueConstraint("programme_id", "account_id", name=op.f("uq_programme_places_programme_id_account_id")),
    )
    with op.batch_alter_table("programme_places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_places_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_places_state"), ["state"], unique=False)

    op.create_table(
        "researchers",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("orcid", sa.String(length=19), nullable=True),
        sa.Column("introduction", sa.String(length=2000), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column(
            "expert_fields",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_researchers_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_researchers")),
        sa.UniqueConstraint("account_id", name=op.f("uq_researchers_account_id")),
        sa.UniqueConstraint("orcid", name=op.f("uq_researchers_orcid")),
    )
    op.create_table(
        "affiliations",
        sa.Column("researcher_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=120), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_affiliations_days")),
        sa.ForeignKeyConstraint(["researcher_id"], ["researchers.id"], name=op.f("fk_affiliations_researcher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliations")),
    )
    with op.batch_alter_table("affiliations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_affiliations_researcher_id"), ["researcher_id"], unique=False)

    op.create_table(
        "research_works",
        sa.Column("researcher_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "paper",
                "patent",
                "project",
                "standard",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["researcher_id"], ["researchers.id"], name=op.f("fk_research_works_researcher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_works")),
    )
    with op.batch_alter_table("research_works", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_research_works_researcher_id"), ["researcher_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("research_works", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_research_works_researcher_id"))

    op.drop_table("research_works")
    with op.batch_alter_table("affiliations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_affiliations_researcher_id"))

    op.drop_table("affiliations")
    op.drop_table("researchers")
    with op.batch_alter_table("programme_places", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_places_state"))
        batch_op.drop_index(batch_op.f("ix_programme_places_account_id"))

    op.drop_table("programme_places")
    with op.batch_alter_table("equipment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_equipment_team_id"))

    op.drop_table("equipment")
    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programmes_state"))
        batch_op.drop_index(batch_op.f("ix_programmes_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_programmes_field"))
        batch_op.drop_index(batch_op.f("ix_programmes_alliance_id"))

    op.drop_table("programmes")
