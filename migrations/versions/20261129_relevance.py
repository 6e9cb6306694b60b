"""IPC symbols of orders and capabilities

Revision ID: 5c1f0e7d9a42
Revises: a7c41d0e93b5
"""

import sqlalchemy as sa
from alembic import op

revision = "5c1f0e7d9a42"
down_revision = "a7c41d0e93b5"
branch_labels = None
depends_on = None

TABLES = ("orders", "capabilities")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("ipc", sa.String(length=200), nullable=False, server_default=""))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("ipc", server_default=None)


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("ipc")
