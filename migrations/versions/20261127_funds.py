"""Versions of funds' rules, more rules, transfers between funds, and bank statements

Revision ID: f0d5a7e3b901
Revises: d3f1a95c7e20
"""

import sqlalchemy as sa
from alembic import op

from marketplace.db.triggers import statements
from marketplace.db.types import Json

revision = "f0d5a7e3b901"
down_revision = "d3f1a95c7e20"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
KINDS = ("alliance", "subsidy", "loan", "industry")
MOVEMENTS = ("contribute", "reserve", "release", "commit", "uncommit", "pay", "bounce", "return")
CHECKS = {
    "yearly_max": "yearly_max IS NULL OR yearly_max >= 0",
    "public_share_max": "public_share_max IS NULL OR public_share_max BETWEEN 0 AND 10000",
    "guarantee": "guarantee IN ('ip_pledge', 'guarantor', 'insurance', 'credit')",
    "instrument": "instrument IN ('grant', 'repayable', 'equity_note')",
}
COLUMNS = ("instrument", "guarantee", "years", "industries", "public_share_max", "yearly_max")


def listed(column: str, names: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(name) for name in names)})"


def set_movements(names: tuple[str, ...]) -> None:
    """Let the ledger know exactly these movements; SQLite makes the table anew, and with it its triggers."""
    with op.batch_alter_table("ledger_transactions", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_ledger_transactions_movement"), type_="check")
        batch_op.create_check_constraint(op.f("ck_ledger_transactions_movement"), listed("movement", names))
    if op.get_bind().dialect.name == "sqlite":
        for statement in statements("ledger_transactions", "sqlite"):
            op.execute(statement)


def set_kinds(names: tuple[str, ...]) -> None:
    with op.batch_alter_table("funds") as funds:
        funds.drop_constraint(op.f("ck_funds_kind"), type_="check")
        funds.create_check_constraint(op.f("ck_funds_kind"), listed("kind", names))


def upgrade() -> None:
    set_movements((*MOVEMENTS, "transfer_out", "transfer_in"))
    set_kinds((*KINDS, "pay_later"))
    with op.batch_alter_table("funds") as funds:
        funds.add_column(sa.Column("yearly_max", sa.BigInteger()))
        funds.add_column(sa.Column("public_share_max", sa.Integer()))
        funds.add_column(sa.Column("industries", Json, nullable=False, server_default="[]"))
        funds.add_column(sa.Column("years", Json, nullable=False, server_default="[]"))
        funds.add_column(sa.Column("guarantee", sa.String(length=32)))
        funds.add_column(sa.Column("instrument", sa.String(length=32)))
    with op.batch_alter_table("funds") as funds:
        funds.alter_column("industries", server_default=None)
        funds.alter_column("years", server_default=None)
        for name, check in CHECKS.items():
            funds.create_check_constraint(op.f(f"ck_funds_{name}"), check)
    _rules()
    _transfers()
    _bank_statements()
    for statement in statements("bank_statements", op.get_bind().dialect.name):
        op.execute(statement)


def _rules() -> None:
    states = ("proposed", "approved", "in_force", "replaced", "rejected")
    op.create_table(
        "fund_rules",
        sa.Column("fund_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rules", Json, nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("state", _choice("state", states), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", KEY, nullable=True),
        sa.Column("proposed_at", TIME, nullable=False),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("applied_at", TIME, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_fund_rules_number")),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'in_force', 'rejected', 'replaced') OR decided_at IS NOT NULL",
            name=op.f("ck_fund_rules_decided_has_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_force', 'replaced') OR applied_at IS NOT NULL",
            name=op.f("ck_fund_rules_applied_has_time"),
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_fund_rules_fund_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_fund_rules_proposed_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_fund_rules_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_rules")),
        sa.UniqueConstraint("fund_id", "number", name=op.f("uq_fund_rules_fund_id_number")),
    )
    with op.batch_alter_table("fund_rules") as rules:
        rules.create_index(op.f("ix_fund_rules_state"), ["state"])
        rules.create_index(
            "uq_fund_rules_in_force",
            ["fund_id"],
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )


def _transfers() -> None:
    op.create_table(
        "fund_transfers",
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("target_id", KEY, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("state", _choice("state", ("proposed", "approved", "rejected")), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", KEY, nullable=False),
        sa.Column("proposed_at", TIME, nullable=False),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_fund_transfers_amount")),
        sa.CheckConstraint("source_id <> target_id", name=op.f("ck_fund_transfers_two_funds")),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL",
            name=op.f("ck_fund_transfers_decided_has_time"),
        ),
        sa.ForeignKeyConstraint(["source_id"], ["funds.id"], name=op.f("fk_fund_transfers_source_id")),
        sa.ForeignKeyConstraint(["target_id"], ["funds.id"], name=op.f("fk_fund_transfers_target_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_fund_transfers_proposed_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_fund_transfers_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_transfers")),
    )
    with op.batch_alter_table("fund_transfers") as transfers:
        for column in ("source_id", "target_id", "state"):
            transfers.create_index(op.f(f"ix_fund_transfers_{column}"), [column])


def _bank_statements() -> None:
    op.create_table(
        "bank_statements",
        sa.Column("fund_id", KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("pairs", Json, nullable=False),
        sa.Column("differences", Json, nullable=False),
        sa.Column("account_id", KEY, nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_bank_statements_days")),
        sa.CheckConstraint("lines > 0", name=op.f("ck_bank_statements_lines")),
        sa.CheckConstraint("matched BETWEEN 0 AND lines", name=op.f("ck_bank_statements_matched")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_bank_statements_account_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_bank_statements_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statements")),
        sa.UniqueConstraint("fund_id", "digest", name=op.f("uq_bank_statements_fund_id_digest")),
    )


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION bank_statements_append_only() CASCADE")
    for table in ("bank_statements", "fund_transfers", "fund_rules"):
        op.drop_table(table)
    with op.batch_alter_table("funds") as funds:
        for name in CHECKS:
            funds.drop_constraint(op.f(f"ck_funds_{name}"), type_="check")
        for name in COLUMNS:
            funds.drop_column(name)
    set_kinds(KINDS)
    set_movements(MOVEMENTS)
