"""Of which last day a fund's managers were told

Revision ID: 5c1e8f7a2d40
Revises: dad145d15494
"""

import sqlalchemy as sa
from alembic import op

revision = "5c1e8f7a2d40"
down_revision = "dad145d15494"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("funds") as funds:
        funds.add_column(sa.Column("end_told", sa.Date()))


def downgrade() -> None:
    with op.batch_alter_table("funds") as funds:
        funds.drop_column("end_told")
