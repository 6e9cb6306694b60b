"""Loan terms of funds, and how long a decision takes

Revision ID: 8d40b6f3c915
Revises: c7a5e0b1d202
"""

import sqlalchemy as sa
from alembic import op

from marketplace.db.types import Json

revision = "8d40b6f3c915"
down_revision = "c7a5e0b1d202"
branch_labels = None
depends_on = None

CHECKS = {
    "rate": "rate IS NULL OR rate BETWEEN 0 AND 10000",
    "term_months": "term_months IS NULL OR term_months BETWEEN 1 AND 360",
    "decision_days": "decision_days IS NULL OR decision_days BETWEEN 0 AND 730",
}


def upgrade() -> None:
    with op.batch_alter_table("funds") as funds:
        funds.add_column(sa.Column("rate", sa.Integer()))
        funds.add_column(sa.Column("term_months", sa.Integer()))
        funds.add_column(sa.Column("loss_split", Json, nullable=False, server_default="[]"))
        funds.add_column(sa.Column("decision_days", sa.Integer()))
    with op.batch_alter_table("funds") as funds:
        funds.alter_column("loss_split", server_default=None)
        for name, check in CHECKS.items():
            funds.create_check_constraint(op.f(f"ck_funds_{name}"), check)


def downgrade() -> None:
    with op.batch_alter_table("funds") as funds:
        for name in CHECKS:
            funds.drop_constraint(op.f(f"ck_funds_{name}"), type_="check")
        for name in ("decision_days", "loss_split", "term_months", "rate"):
            funds.drop_column(name)
