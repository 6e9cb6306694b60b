"""An unsuccessful order may be tendered again

Revision ID: 1c7be2a94f02
Revises: c0f11c7a0001
"""

import sqlalchemy as sa
from alembic import op

revision = "1c7be2a94f02"
down_revision = "c0f11c7a0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retender_of", key, nullable=True))
        batch_op.create_foreign_key(op.f("fk_orders_retender_of"), "orders", ["retender_of"], ["id"])
        batch_op.create_index(op.f("ix_orders_retender_of"), ["retender_of"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_orders_retender_of"))
        batch_op.drop_constraint(op.f("fk_orders_retender_of"), type_="foreignkey")
        batch_op.drop_column("retender_of")
