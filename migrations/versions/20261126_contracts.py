"""Contracts, their clauses, sources and signatures

Revision ID: c7a5e0b1d201
Revises: 5ea2c4f10b77
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.db.triggers import statements

revision = "c7a5e0b1d201"
down_revision = "5ea2c4f10b77"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "contract_clause_versions",
    "contract_signatures",
)


def upgrade() -> None:
    op.create_table(
        "contracts",
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enterprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("institution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contract_type",
            sa.Enum(
                "entrusted",
                "joint",
                "transfer",
                "licence",
                "consulting",
                "service",
                name="contract_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("technology_value", sa.BigInteger(), nullable=False),
        sa.Column("retention", sa.Integer(), nullable=False),
        sa.Column("expert_from", sa.BigInteger(), nullable=False),
        sa.Column("training_places", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "negotiating",
                "signing",
                "in_force",
                "completed",
                "terminated",
                "abandoned",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column(
            "document", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('abandoned', 'completed', 'terminated') OR ended_at IS NOT NULL",
            name=op.f("ck_contracts_ended_has_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('completed', 'in_force', 'terminated') OR signed_at IS NOT NULL",
            name=op.f("ck_contracts_signed_has_time"),
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_contracts_term")),
        sa.CheckConstraint("enterprise_id <> institution_id", name=op.f("ck_contracts_two_parties")),
        sa.CheckConstraint("price > 0", name=op.f("ck_contracts_price")),
        sa.CheckConstraint("retention BETWEEN 0 AND 1000", name=op.f("ck_contracts_retention")),
        sa.CheckConstraint("technology_value BETWEEN 0 AND price", name=op.f("ck_contracts_technology_value")),
        sa.CheckConstraint("training_places BETWEEN 0 AND 100", name=op.f("ck_contracts_training_places")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_contracts_alliance_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["organisations.id"], name=op.f("fk_contracts_enterprise_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["organisations.id"], name=op.f("fk_contracts_institution_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_contracts_order_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_contracts_proposal_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_contracts_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("order_id", name=op.f("uq_contracts_order_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_contracts_reference")),
    )
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contracts_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_proposal_id"), ["proposal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_contracts_team_id"), ["team_id"], unique=False)

    op.create_table(
        "contract_clauses",
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "definitions",
                "goal",
                "route",
                "targets",
                "plan",
                "price",
                "contributions",
                "object",
                "acceptance",
                "ownership",
                "income",
                "improvements",
                "confidentiality",
                "no_subcontract",
                "risk",
                "breach",
                "termination",
                "disputes",
                "contacts",
                "copies",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("standing", "open", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("plan", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True),
        sa.Column(
            "proposed_by",
            sa.Enum("enterprise", "team", name="proposed_by", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("proposed_text", sa.Text(), nullable=False),
        sa.Column(
            "proposed_plan",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (proposed_by IS NOT NULL)", name=op.f("ck_contract_clauses_open_has_side")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_clauses_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_clauses")),
        sa.UniqueConstraint("contract_id", "kind", name=op.f("uq_contract_clauses_contract_id_kind")),
    )
    op.create_table(
        "contract_signatures",
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "side",
            sa.Enum("enterprise", "team", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("typed_name", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contract_signatures_account_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_signatures_contract_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_contract_signatures_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_signatures")),
        sa.UniqueConstraint(
            "contract_id",
            "document_hash",
            "person_id",
            name=op.f("uq_contract_signatures_contract_id_document_hash_person_id"),
        ),
        sa.UniqueConstraint(
            "contract_id", "document_hash", "side", name=op.f("uq_contract_signatures_contract_id_document_hash_side")
        ),
    )
    with op.batch_alter_table("contract_signatures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_signatures_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "contract_sources",
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("called", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "paid >= 0 AND paid <= called AND called <= amount", name=op.f("ck_contract_sources_within")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_sources_contract_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_contract_sources_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_sources")),
        sa.UniqueConstraint("contract_id", "fund_id", name=op.f("uq_contract_sources_contract_id_fund_id")),
        sa.UniqueConstraint("contract_id", "position", name=op.f("uq_contract_sources_contract_id_position")),
    )
    with op.batch_alter_table("contract_sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_sources_fund_id"), ["fund_id"], unique=False)

    op.create_table(
        "contract_clause_versions",
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "drafted",
                "proposed",
                "countered",
                "accepted",
                "withdrawn",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "side",
            sa.Enum("enterprise", "team", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contract_clause_versions_account_id")),
        sa.ForeignKeyConstraint(
            ["clause_id"], ["contract_clauses.id"], name=op.f("fk_contract_clause_versions_clause_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_clause_versions")),
        sa.UniqueConstraint("clause_id", "number", name=op.f("uq_contract_clause_versions_clause_id_number")),
    )
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("contract_clause_versions")
    with op.batch_alter_table("contract_sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_sources_fund_id"))

    op.drop_table("contract_sources")
    with op.batch_alter_table("contract_signatures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_signatures_contract_id"))

    op.drop_table("contract_signatures")
    op.drop_table("contract_clauses")
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contracts_team_id"))
        batch_op.drop_index(batch_op.f("ix_contracts_state"))
        batch_op.drop_index(batch_op.f("ix_contracts_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_contracts_institution_id"))
        batch_op.drop_index(batch_op.f("ix_contracts_enterprise_id"))
        batch_op.drop_index(batch_op.f("ix_contracts_alliance_id"))

    op.drop_table("contracts")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_append_only()")
