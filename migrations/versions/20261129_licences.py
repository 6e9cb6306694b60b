"""A licence's royalty balances, as its entries say

Revision ID: 8e0b6d4f1c27
Revises: c19e5b7720fd
"""

import sqlalchemy as sa
from alembic import op

revision = "8e0b6d4f1c27"
down_revision = "c19e5b7720fd"
branch_labels = None
depends_on = None

BALANCES = ("received", "held", "divided")
CARRIED = """UPDATE licences SET
    received = coalesce((SELECT -sum(amount) FROM royalty_entries
        WHERE licence_id = licences.id AND account = 'paid_in'), 0),
    held = coalesce((SELECT sum(amount) FROM royalty_entries
        WHERE licence_id = licences.id AND account = 'held'), 0),
    divided = coalesce((SELECT sum(amount) FROM royalty_entries
        WHERE licence_id = licences.id AND account IN ('pool', 'owner', 'inventor')), 0)"""
CHECKS = {"held": "held >= 0", "divided": "divided >= 0", "balanced": "received = held + divided"}


def upgrade() -> None:
    with op.batch_alter_table("licences") as licences:
        for name in BALANCES:
            licences.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(CARRIED)
    with op.batch_alter_table("licences") as licences:
        for name in BALANCES:
            licences.alter_column(name, server_default=None)
        for name, check in CHECKS.items():
            licences.create_check_constraint(op.f(f"ck_licences_{name}"), check)


def downgrade() -> None:
    with op.batch_alter_table("licences") as licences:
        for name in CHECKS:
            licences.drop_constraint(op.f(f"ck_licences_{name}"), type_="check")
        for name in BALANCES:
            licences.drop_column(name)
