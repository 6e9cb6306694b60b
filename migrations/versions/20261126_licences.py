"""Pools, licences and defence, with statements and the royalty journal

Revision ID: 9b1f6c3e5d72
Revises: c4a7d10e52b8
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.db.triggers import statements

revision = "9b1f6c3e5d72"
down_revision = "c4a7d10e52b8"
branch_labels = None
depends_on = None

APPEND_ONLY = ("pool_evaluations", "licence_signatures", "royalty_transactions", "royalty_entries")


def upgrade() -> None:

    op.create_table(
        "defence_cases",
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("asserted", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("counsel", sa.Text(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum("equal", "exposure", "revenue", name="rule", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "gathering", "defending", "closed", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("outcome", sa.String(length=1000), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("saved", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('closed') OR closed_at IS NOT NULL", name=op.f("ck_defence_cases_closed_has_time")
        ),
        sa.CheckConstraint("budget > 0 AND spent >= 0 AND saved >= 0", name=op.f("ck_defence_cases_amounts")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_defence_cases_alliance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_defence_cases")),
    )
    with op.batch_alter_table("defence_cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_defence_cases_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_defence_cases_state"), ["state"], unique=False)

    op.create_table(
        "threats",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "letter", "suit", "customs", "other", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("asserted", sa.String(length=300), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reported", "in_case", "closed", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state NOT IN ('closed') OR closed_at IS NOT NULL", name=op.f("ck_threats_closed_has_time")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_threats_alliance_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_threats_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threats")),
    )
    with op.batch_alter_table("threats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_threats_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_threats_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_threats_state"), ["state"], unique=False)

    op.create_table(
        "watches",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("ipc", sa.String(length=20), nullable=False),
        sa.Column("applicant", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("words <> '' OR ipc <> '' OR applicant <> ''", name=op.f("ck_watches_something")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_watches_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
    )
    with op.batch_alter_table("watches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watches_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "case_members",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.Column("revenue", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("products >= 0 AND revenue >= 0", name=op.f("ck_case_members_weights")),
        sa.ForeignKeyConstraint(["case_id"], ["defence_cases.id"], name=op.f("fk_case_members_case_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_case_members_organisation_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "organisation_id", name=op.f("pk_case_members")),
    )
    with op.batch_alter_table("case_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_members_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "open_licences",
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "fee_mode",
            sa.Enum(
                "lump",
                "running",
                "entry_running",
                "free",
                "pay_later",
                name="fee_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lump", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("evaluation_report", sa.String(length=60), nullable=False),
        sa.Column("other", sa.String(length=500), nullable=False),
        sa.Column(
            "state",
            sa.Enum("declared", "withdrawn", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('withdrawn') OR withdrawn_at IS NOT NULL", name=op.f("ck_open_licences_withdrawn_has_time")
        ),
        sa.CheckConstraint("lump >= 0 AND rate BETWEEN 0 AND 10000", name=op.f("ck_open_licences_fees")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_open_licences_patent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_licences")),
    )
    with op.batch_alter_table("open_licences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_open_licences_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_open_licences_state"), ["state"], unique=False)

    op.create_table(
        "pool_offers",
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "evaluating",
                "evaluated",
                "proposed",
                "admitted",
                "refused",
                "withdrawn",
                "left",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("offered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('admitted', 'left') OR admitted_at IS NOT NULL",
            name=op.f("ck_pool_offers_admitted_has_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('evaluating') OR expert_id IS NOT NULL", name=op.f("ck_pool_offers_evaluating_has_expert")
        ),
        sa.CheckConstraint("state NOT IN ('left') OR left_at IS NOT NULL", name=op.f("ck_pool_offers_left_has_time")),
        sa.CheckConstraint("weight BETWEEN 1 AND 10", name=op.f("ck_pool_offers_weight")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_pool_offers_alliance_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["accounts.id"], name=op.f("fk_pool_offers_expert_id")),
        sa.ForeignKeyConstraint(["offered_by"], ["accounts.id"], name=op.f("fk_pool_offers_offered_by")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_pool_offers_patent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_offers")),
    )
    with op.batch_alter_table("pool_offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pool_offers_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pool_offers_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pool_offers_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_pool_offers_live",
            ["patent_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('offered', 'evaluating', 'evaluated', 'proposed', 'admitted')"),
            postgresql_where=sa.text("state IN ('offered', 'evaluating', 'evaluated', 'proposed', 'admitted')"),
        )

    op.create_table(
        "pool_rules",
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_fee", sa.BigInteger(), nullable=False),
        sa.Column("patent_price", sa.BigInteger(), nullable=False),
        sa.Column("bundle_cap", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("pool_fee", sa.Integer(), nullable=False),
        sa.Column("members_free", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "in_force",
                "replaced",
                "refused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('in_force', 'replaced') OR decided_at IS NOT NULL",
            name=op.f("ck_pool_rules_in_force_has_time"),
        ),
        sa.CheckConstraint(
            "entry_fee >= 0 AND patent_price >= 0 AND bundle_cap >= 0", name=op.f("ck_pool_rules_prices")
        ),
        sa.CheckConstraint("pool_fee BETWEEN 0 AND 2000", name=op.f("ck_pool_rules_pool_fee")),
        sa.CheckConstraint("rate BETWEEN 0 AND 10000", name=op.f("ck_pool_rules_rate")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_pool_rules_alliance_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_pool_rules_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_rules")),
        sa.UniqueConstraint("alliance_id", "number", name=op.f("uq_pool_rules_alliance_id_number")),
    )
    with op.batch_alter_table("pool_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pool_rules_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pool_rules_state"), ["state"], unique=False)

    op.create_table(
        "watch_hits",
        sa.Column("watch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_watch_hits_patent_id")),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name=op.f("fk_watch_hits_watch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_hits")),
        sa.UniqueConstraint("watch_id", "patent_id", name=op.f("uq_watch_hits_watch_id_patent_id")),
    )
    with op.batch_alter_table("watch_hits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watch_hits_patent_id"), ["patent_id"], unique=False)

    op.create_table(
        "licences",
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("licensee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("licensor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rules_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "ordinary",
                "sole",
                "exclusive",
                "open",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(length=1000), nullable=False),
        sa.Column("field_of_use", sa.String(length=200), nullable=False),
        sa.Column("territory", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "fee_mode",
            sa.Enum(
                "lump",
                "running",
                "entry_running",
                "free",
                "pay_later",
                name="fee_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lump", sa.BigInteger(), nullable=False),
        sa.Column("entry_fee", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("pay_from", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "offered",
                "running",
                "ended",
                "declined",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.Column("recorded_number", sa.String(length=60), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state NOT IN ('ended') OR ended_at IS NOT NULL", name=op.f("ck_licences_ended_has_time")),
        sa.CheckConstraint(
            "state NOT IN ('ended', 'running') OR started_at IS NOT NULL", name=op.f("ck_licences_running_has_time")
        ),
        sa.CheckConstraint("(licensor_id IS NULL) <> (alliance_id IS NULL)", name=op.f("ck_licences_one_licensor")),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_licences_term")
        ),
        sa.CheckConstraint("lump >= 0 AND entry_fee >= 0", name=op.f("ck_licences_fees")),
        sa.CheckConstraint("rate BETWEEN 0 AND 10000", name=op.f("ck_licences_rate")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_licences_alliance_id")),
        sa.ForeignKeyConstraint(["licensee_id"], ["organisations.id"], name=op.f("fk_licences_licensee_id")),
        sa.ForeignKeyConstraint(["licensor_id"], ["organisations.id"], name=op.f("fk_licences_licensor_id")),
        sa.ForeignKeyConstraint(["rules_id"], ["pool_rules.id"], name=op.f("fk_licences_rules_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licences")),
        sa.UniqueConstraint("reference", name=op.f("uq_licences_reference")),
    )
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licences_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_licences_licensee_id"), ["licensee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_licences_licensor_id"), ["licensor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_licences_state"), ["state"], unique=False)

    op.create_table(
        "pool_evaluations",
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "validity",
            sa.Enum("solid", "doubtful", "weak", name="validity", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "essentiality",
            sa.Enum(
                "essential",
                "useful",
                "marginal",
                name="essentiality",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "relation",
            sa.Enum("complement", "substitute", name="relation", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column(
            "chart", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 10", name=op.f("ck_pool_evaluations_weight")),
        sa.ForeignKeyConstraint(["expert_id"], ["accounts.id"], name=op.f("fk_pool_evaluations_expert_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["pool_offers.id"], name=op.f("fk_pool_evaluations_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_evaluations")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_pool_evaluations_offer_id")),
    )
    op.create_table(
        "distributions",
        sa.Column("licence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "lines", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed", "approved", "rejected", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL",
            name=op.f("ck_distributions_decided_has_time"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_distributions_amount")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_distributions_licence_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_distributions_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distributions")),
    )
    with op.batch_alter_table("distributions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_distributions_licence_id"), ["licence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_distributions_state"), ["state"], unique=False)

    op.create_table(
        "licence_patents",
        sa.Column("licence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight > 0", name=op.f("ck_licence_patents_weight")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_licence_patents_licence_id")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_licence_patents_patent_id")),
        sa.PrimaryKeyConstraint("licence_id", "patent_id", name=op.f("pk_licence_patents")),
    )
    with op.batch_alter_table("licence_patents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licence_patents_patent_id"), ["patent_id"], unique=False)

    op.create_table(
        "licence_signatures",
        sa.Column("licence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "side",
            sa.Enum("licensor", "licensee", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_licence_signatures_account_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_licence_signatures_licence_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_licence_signatures_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_signatures")),
        sa.UniqueConstraint(
            "licence_id", "side", "content_hash", name=op.f("uq_licence_signatures_licence_id_side_content_hash")
        ),
    )
    with op.batch_alter_table("licence_signatures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licence_signatures_licence_id"), ["licence_id"], unique=False)

    op.create_table(
        "royalty_receipts",
        sa.Column("licence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paper", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed", "approved", "rejected", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL",
            name=op.f("ck_royalty_receipts_decided_has_time"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_royalty_receipts_amount")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_royalty_receipts_licence_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_royalty_receipts_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_royalty_receipts")),
    )
    with op.batch_alter_table("royalty_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_royalty_receipts_licence_id"), ["licence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_royalty_receipts_state"), ["state"], unique=False)

    op.create_table(
        "royalty_statements",
        sa.Column("licence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period", sa.String(length=6), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sales", sa.BigInteger(), nullable=False),
        sa.Column("royalty", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "filed",
                "questioned",
                "accepted",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'filed') OR filed_at IS NOT NULL",
            name=op.f("ck_royalty_statements_filed_has_time"),
        ),
        sa.CheckConstraint("sales >= 0 AND royalty >= 0", name=op.f("ck_royalty_statements_amounts")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_royalty_statements_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_royalty_statements")),
        sa.UniqueConstraint("licence_id", "period", name=op.f("uq_royalty_statements_licence_id_period")),
    )
    with op.batch_alter_table("royalty_statements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_royalty_statements_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_royalty_statements_licence_id"), ["licence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_royalty_statements_state"), ["state"], unique=False)

    op.create_table(
        "royalty_transactions",
        sa.Column("licence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "entry",
            sa.Enum("receive", "distribute", name="entry", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_royalty_transactions_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_royalty_transactions_account_id")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_royalty_transactions_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_royalty_transactions")),
        sa.UniqueConstraint("key", name=op.f("uq_royalty_transactions_key")),
    )
    with op.batch_alter_table("royalty_transactions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_royalty_transactions_licence_id"), ["licence_id"], unique=False)

    op.create_table(
        "royalty_entries",
        sa.Column("transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("licence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account",
            sa.Enum(
                "paid_in",
                "held",
                "pool",
                "owner",
                "inventor",
                name="account",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_royalty_entries_amount")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_royalty_entries_licence_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_royalty_entries_organisation_id")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_royalty_entries_patent_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["royalty_transactions.id"], name=op.f("fk_royalty_entries_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_royalty_entries")),
    )
    with op.batch_alter_table("royalty_entries", schema=None) as batch_op:
        batch_op.create_index("ix_royalty_entries_account", ["licence_id", "account"], unique=False)
        batch_op.create_index(batch_op.f("ix_royalty_entries_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_royalty_entries_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_royalty_entries_transaction_id"), ["transaction_id"], unique=False)

    for table in APPEND_ONLY:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:

    with op.batch_alter_table("royalty_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_royalty_entries_transaction_id"))
        batch_op.drop_index(batch_op.f("ix_royalty_entries_patent_id"))
        batch_op.drop_index(batch_op.f("ix_royalty_entries_organisation_id"))
        batch_op.drop_index("ix_royalty_entries_account")

    op.drop_table("royalty_entries")
    with op.batch_alter_table("royalty_transactions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_royalty_transactions_licence_id"))

    op.drop_table("royalty_transactions")
    with op.batch_alter_table("royalty_statements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_royalty_statements_state"))
        batch_op.drop_index(batch_op.f("ix_royalty_statements_licence_id"))
        batch_op.drop_index(batch_op.f("ix_royalty_statements_due_on"))

    op.drop_table("royalty_statements")
    with op.batch_alter_table("royalty_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_royalty_receipts_state"))
        batch_op.drop_index(batch_op.f("ix_royalty_receipts_licence_id"))

    op.drop_table("royalty_receipts")
    with op.batch_alter_table("licence_signatures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licence_signatures_licence_id"))

    op.drop_table("licence_signatures")
    with op.batch_alter_table("licence_patents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licence_patents_patent_id"))

    op.drop_table("licence_patents")
    with op.batch_alter_table("distributions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_distributions_state"))
        batch_op.drop_index(batch_op.f("ix_distributions_licence_id"))

    op.drop_table("distributions")
    op.drop_table("pool_evaluations")
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licences_state"))
        batch_op.drop_index(batch_op.f("ix_licences_licensor_id"))
        batch_op.drop_index(batch_op.f("ix_licences_licensee_id"))
        batch_op.drop_index(batch_op.f("ix_licences_alliance_id"))

    op.drop_table("licences")
    with op.batch_alter_table("watch_hits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watch_hits_patent_id"))

    op.drop_table("watch_hits")
    with op.batch_alter_table("pool_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pool_rules_state"))
        batch_op.drop_index(batch_op.f("ix_pool_rules_alliance_id"))

    op.drop_table("pool_rules")
    with op.batch_alter_table("pool_offers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_pool_offers_live",
            sqlite_where=sa.text("state IN ('offered', 'evaluating', 'evaluated', 'proposed', 'admitted')"),
            postgresql_where=sa.text("state IN ('offered', 'evaluating', 'evaluated', 'proposed', 'admitted')"),
        )
        batch_op.drop_index(batch_op.f("ix_pool_offers_state"))
        batch_op.drop_index(batch_op.f("ix_pool_offers_expert_id"))
        batch_op.drop_index(batch_op.f("ix_pool_offers_alliance_id"))

    op.drop_table("pool_offers")
    with op.batch_alter_table("open_licences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_open_licences_state"))
        batch_op.drop_index(batch_op.f("ix_open_licences_patent_id"))

    op.drop_table("open_licences")
    with op.batch_alter_table("case_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_members_organisation_id"))

    op.drop_table("case_members")
    with op.batch_alter_table("watches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watches_organisation_id"))

    op.drop_table("watches")
    with op.batch_alter_table("threats", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_threats_state"))
        batch_op.drop_index(batch_op.f("ix_threats_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_threats_alliance_id"))

    op.drop_table("threats")
    with op.batch_alter_table("defence_cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_defence_cases_state"))
        batch_op.drop_index(batch_op.f("ix_defence_cases_alliance_id"))

    op.drop_table("defence_cases")

    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_append_only()")
