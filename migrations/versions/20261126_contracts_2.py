"""Milestones, deliveries, disputes, payments and the bank's answers

Revision ID: c7a5e0b1d202
Revises: a3a4d5b0c001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.db.triggers import statements

revision = "c7a5e0b1d202"
down_revision = "a3a4d5b0c001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "deliveries",
    "delivery_evidence",
    "delivery_files",
    "verdicts",
    "payment_orders",
    "bank_receipts",
    "contract_replies",
)

MOVEMENTS = ("contribute", "reserve", "release", "commit", "uncommit", "pay")
MORE = (*MOVEMENTS, "bounce", "return")


def set_movements(names: tuple[str, ...]) -> None:
    """Let the ledger know exactly these movements; SQLite makes the table anew, and with it its triggers."""
    listed = ", ".join(f"'{name}'" for name in names)
    with op.batch_alter_table("ledger_transactions", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_ledger_transactions_movement"), type_="check")
        batch_op.create_check_constraint(op.f("ck_ledger_transactions_movement"), f"movement IN ({listed})")
    if op.get_bind().dialect.name == "sqlite":
        for statement in statements("ledger_transactions", "sqlite"):
            op.execute(statement)


def upgrade() -> None:
    set_movements(MORE)
    op.create_table(
        "contract_replies",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "response", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contract_replies_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_replies")),
        sa.UniqueConstraint("key", name=op.f("uq_contract_replies_key")),
    )
    op.create_table(
        "payment_orders",
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column(
            "lines", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_payment_orders_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_orders")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_orders_reference")),
    )
    op.create_table(
        "milestones",
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("deliverables", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "delivered",
                "part",
                "rejected",
                "disputed",
                "accepted",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("expert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'accepted' OR accepted = amount", name=op.f("ck_milestones_accepted_whole")),
        sa.CheckConstraint(
            "state NOT IN ('accepted') OR decided_at IS NOT NULL", name=op.f("ck_milestones_accepted_has_time")
        ),
        sa.CheckConstraint(
            "state NOT IN ('delivered') OR delivered_at IS NOT NULL", name=op.f("ck_milestones_delivered_has_time")
        ),
        sa.CheckConstraint("accepted BETWEEN 0 AND amount", name=op.f("ck_milestones_accepted")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_milestones_amount")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_milestones_contract_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["accounts.id"], name=op.f("fk_milestones_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint("contract_id", "position", name=op.f("uq_milestones_contract_id_position")),
    )
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestones_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_state"), ["state"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("milestone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_deliveries_account_id")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestones.id"], name=op.f("fk_deliveries_milestone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("milestone_id", "number", name=op.f("uq_deliveries_milestone_id_number")),
    )
    op.create_table(
        "disputes",
        sa.Column("milestone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "raised_by",
            sa.Enum("enterprise", "team", name="raised_by", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "talking",
                "with_expert",
                "advised",
                "with_committee",
                "settled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "offered_by",
            sa.Enum("enterprise", "team", name="offered_by", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("offer", sa.BigInteger(), nullable=True),
        sa.Column("expert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("advice", sa.BigInteger(), nullable=True),
        sa.Column("advice_text", sa.Text(), nullable=False),
        sa.Column("ruling", sa.BigInteger(), nullable=True),
        sa.Column("ruling_text", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('settled') OR closed_at IS NOT NULL", name=op.f("ck_disputes_settled_has_time")
        ),
        sa.CheckConstraint("(offered_by IS NULL) = (offer IS NULL)", name=op.f("ck_disputes_offer_has_side")),
        sa.CheckConstraint("offer IS NULL OR offer >= 0", name=op.f("ck_disputes_offer")),
        sa.ForeignKeyConstraint(["expert_id"], ["accounts.id"], name=op.f("fk_disputes_expert_id")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestones.id"], name=op.f("fk_disputes_milestone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disputes_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disputes_milestone_id"), ["milestone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disputes_state"), ["state"], unique=False)

    op.create_table(
        "payments",
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("milestone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "milestone",
                "retention",
                "settlement",
                "clawback",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "checked",
                "approved",
                "ordered",
                "paid",
                "failed",
                "returned",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("bank_reference", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state NOT IN ('paid') OR paid_at IS NOT NULL", name=op.f("ck_payments_paid_has_time")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount")),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_payments_attempt")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_payments_contract_id")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestones.id"], name=op.f("fk_payments_milestone_id")),
        sa.ForeignKeyConstraint(["order_id"], ["payment_orders.id"], name=op.f("fk_payments_order_id")),
        sa.ForeignKeyConstraint(["source_id"], ["contract_sources.id"], name=op.f("fk_payments_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("key", name=op.f("uq_payments_key")),
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payments_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payments_milestone_id"), ["milestone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payments_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payments_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payments_state"), ["state"], unique=False)

    op.create_table(
        "bank_receipts",
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("paid", "failed", "returned", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_bank_receipts_account_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_bank_receipts_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_receipts")),
        sa.UniqueConstraint("number", name=op.f("uq_bank_receipts_number")),
    )
    with op.batch_alter_table("bank_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_receipts_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "delivery_evidence",
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_evidence_delivery_id")),
        sa.ForeignKeyConstraint(["target_id"], ["order_targets.id"], name=op.f("fk_delivery_evidence_target_id")),
        sa.PrimaryKeyConstraint("delivery_id", "target_id", name=op.f("pk_delivery_evidence")),
    )
    op.create_table(
        "delivery_files",
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_files_delivery_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_delivery_files_file_id")),
        sa.PrimaryKeyConstraint("delivery_id", "file_id", name=op.f("pk_delivery_files")),
    )
    op.create_table(
        "verdicts",
        sa.Column("milestone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "said_by",
            sa.Enum(
                "enterprise",
                "expert",
                "clock",
                "dispute",
                name="said_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum("accept", "part", "reject", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("amount >= 0 AND (outcome = 'reject') = (amount = 0)", name=op.f("ck_verdicts_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_verdicts_account_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_verdicts_delivery_id")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestones.id"], name=op.f("fk_verdicts_milestone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
        sa.UniqueConstraint("delivery_id", "said_by", name=op.f("uq_verdicts_delivery_id_said_by")),
    )
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verdicts_milestone_id"), ["milestone_id"], unique=False)

    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    set_movements(MOVEMENTS)
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdicts_milestone_id"))

    op.drop_table("verdicts")
    op.drop_table("delivery_files")
    op.drop_table("delivery_evidence")
    with op.batch_alter_table("bank_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_receipts_payment_id"))

    op.drop_table("bank_receipts")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payments_state"))
        batch_op.drop_index(batch_op.f("ix_payments_source_id"))
        batch_op.drop_index(batch_op.f("ix_payments_order_id"))
        batch_op.drop_index(batch_op.f("ix_payments_milestone_id"))
        batch_op.drop_index(batch_op.f("ix_payments_contract_id"))

    op.drop_table("payments")
    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disputes_state"))
        batch_op.drop_index(batch_op.f("ix_disputes_milestone_id"))
        batch_op.drop_index(batch_op.f("ix_disputes_expert_id"))

    op.drop_table("disputes")
    op.drop_table("deliveries")
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestones_state"))
        batch_op.drop_index(batch_op.f("ix_milestones_expert_id"))
        batch_op.drop_index(batch_op.f("ix_milestones_due_on"))

    op.drop_table("milestones")
    op.drop_table("payment_orders")
    op.drop_table("contract_replies")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_append_only()")
