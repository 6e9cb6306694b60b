"""Each order follows a procedure

Revision ID: 0d5a1c0f7e31
Revises: b1dfd27ff724
"""

import sqlalchemy as sa
from alembic import op

revision = "0d5a1c0f7e31"
down_revision = "b1dfd27ff724"
branch_labels = None
depends_on = None

PROCEDURES = ("quick", "open", "strict", "open_list", "two_stage", "invitation", "framework")


def upgrade() -> None:
    kind = sa.Enum(*PROCEDURES, name="procedure", native_enum=False, create_constraint=True, length=32)
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("procedure", kind, nullable=False, server_default="open"))
        batch_op.add_column(sa.Column("procedure_reason", sa.String(length=1000), nullable=False, server_default=""))
    # What is published already was published under the rule that one valid bid is enough: that promise stays.
    op.execute("UPDATE orders SET procedure = 'quick' WHERE published_at IS NOT NULL")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.alter_column("procedure", server_default=None)
        batch_op.alter_column("procedure_reason", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_orders_procedure"), type_="check")
        batch_op.drop_column("procedure_reason")
        batch_op.drop_column("procedure")
