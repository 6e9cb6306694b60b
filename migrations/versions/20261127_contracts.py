"""Ends that the centre settles

Revision ID: d3f1a95c7e20
Revises: 9c41f7a8e520
"""

import sqlalchemy as sa
from alembic import op

revision = "d3f1a95c7e20"
down_revision = "9c41f7a8e520"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract_changes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ruled", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("contract_changes", schema=None) as batch_op:
        batch_op.alter_column("ruled", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("contract_changes", schema=None) as batch_op:
        batch_op.drop_column("ruled")
