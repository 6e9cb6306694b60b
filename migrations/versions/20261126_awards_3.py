"""A new contract for a new award

Revision ID: a3a4d5b0c003
Revises: a3a4d5b0c002
"""

import sqlalchemy as sa
from alembic import op

revision = "a3a4d5b0c003"
down_revision = "a3a4d5b0c002"
branch_labels = None
depends_on = None

LIVE = sa.text("state <> 'abandoned'")


def upgrade() -> None:
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_constraint("uq_contracts_order_id", type_="unique")
        batch_op.create_index(batch_op.f("ix_contracts_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "uq_contracts_one_live", ["order_id"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
        )


def downgrade() -> None:
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_index("uq_contracts_one_live", sqlite_where=LIVE, postgresql_where=LIVE)
        batch_op.drop_index(batch_op.f("ix_contracts_order_id"))
        batch_op.create_unique_constraint("uq_contracts_order_id", ["order_id"])
