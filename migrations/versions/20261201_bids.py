"""Bids that lost keep the code of the reason, which every reader gets in the own language

Revision ID: 8c4d2e7b5f19
Revises: 3b9e6d2f8a14
"""

import sqlalchemy as sa
from alembic import op

revision = "8c4d2e7b5f19"
down_revision = "3b9e6d2f8a14"
branch_labels = None
depends_on = None

TEXT, CODE = "另一投标方案已获批准 / another bid was approved", "bids.other_approved"


def replace(connection: sa.Connection) -> None:
    connection.execute(sa.text("UPDATE bids SET reason = :code WHERE reason = :text"), {"code": CODE, "text": TEXT})


def upgrade() -> None:
    replace(op.get_bind())


def downgrade() -> None:
    pass
