"""Contests, covenants, exposed products and papers of counsel

Revision ID: bde20acad11c
Revises: b1d5c0ce9701
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "bde20acad11c"
down_revision = "b1d5c0ce9701"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "covenants",
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("on_transfer", "non_assertion", name="kind", native_enum=False, create_constraint=True, length=32),
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
            nullable=True,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "in_force",
                "rejected",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('ended', 'rejected') OR ended_at IS NOT NULL", name=op.f("ck_covenants_over_has_time")
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_force') OR in_force_at IS NOT NULL", name=op.f("ck_covenants_in_force_has_time")
        ),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_covenants_alliance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covenants")),
    )
    with op.batch_alter_table("covenants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_covenants_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_covenants_state"), ["state"], unique=False)

    op.create_table(
        "contests",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("claim", sa.String(length=60), nullable=False),
        sa.Column(
            "elements", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("before_on", sa.Date(), nullable=False),
        sa.Column("bounty", sa.BigInteger(), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "open",
                "awarding",
                "awarded",
                "paid",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("bank_reference", sa.String(length=60), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('ended', 'paid') OR ended_at IS NOT NULL", name=op.f("ck_contests_over_has_time")
        ),
        sa.CheckConstraint("bounty > 0", name=op.f("ck_contests_bounty")),
        sa.ForeignKeyConstraint(["case_id"], ["defence_cases.id"], name=op.f("fk_contests_case_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_contests_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contests")),
    )
    with op.batch_alter_table("contests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contests_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contests_state"), ["state"], unique=False)

    op.create_table(
        "counter_patents",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["defence_cases.id"], name=op.f("fk_counter_patents_case_id")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_counter_patents_patent_id")),
        sa.PrimaryKeyConstraint("case_id", "patent_id", name=op.f("pk_counter_patents")),
    )
    op.create_table(
        "covenant_members",
        sa.Column("covenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bound_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenants.id"], name=op.f("fk_covenant_members_covenant_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_covenant_members_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covenant_members")),
        sa.UniqueConstraint(
            "covenant_id", "organisation_id", name=op.f("uq_covenant_members_covenant_id_organisation_id")
        ),
    )
    with op.batch_alter_table("covenant_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_covenant_members_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "exposed_products",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("revenue", sa.BigInteger(), nullable=False),
        sa.Column(
            "patents", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("revenue >= 0", name=op.f("ck_exposed_products_revenue")),
        sa.ForeignKeyConstraint(["case_id"], ["defence_cases.id"], name=op.f("fk_exposed_products_case_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_exposed_products_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposed_products")),
    )
    with op.batch_alter_table("exposed_products", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exposed_products_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exposed_products_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "counsel_papers",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["defence_cases.id"], name=op.f("fk_counsel_papers_case_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_counsel_papers_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counsel_papers")),
    )
    with op.batch_alter_table("counsel_papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counsel_papers_case_id"), ["case_id"], unique=False)

    op.create_table(
        "prior_arts",
        sa.Column("contest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column(
            "passages", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("prize", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("prize >= 0", name=op.f("ck_prior_arts_prize")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_prior_arts_account_id")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_prior_arts_contest_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prior_arts")),
    )
    with op.batch_alter_table("prior_arts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prior_arts_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_prior_arts_contest_id"), ["contest_id"], unique=False)

    op.execute("ALTER TABLE case_members RENAME COLUMN products TO exposures")


def downgrade() -> None:
    op.execute("ALTER TABLE case_members RENAME COLUMN exposures TO products")

    with op.batch_alter_table("prior_arts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prior_arts_contest_id"))
        batch_op.drop_index(batch_op.f("ix_prior_arts_account_id"))

    op.drop_table("prior_arts")
    with op.batch_alter_table("counsel_papers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_counsel_papers_case_id"))

    op.drop_table("counsel_papers")
    with op.batch_alter_table("exposed_products", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exposed_products_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_exposed_products_case_id"))

    op.drop_table("exposed_products")
    with op.batch_alter_table("covenant_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_covenant_members_organisation_id"))

    op.drop_table("covenant_members")
    op.drop_table("counter_patents")
    with op.batch_alter_table("contests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contests_state"))
        batch_op.drop_index(batch_op.f("ix_contests_case_id"))

    op.drop_table("contests")
    with op.batch_alter_table("covenants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_covenants_state"))
        batch_op.drop_index(batch_op.f("ix_covenants_alliance_id"))

    op.drop_table("covenants")
