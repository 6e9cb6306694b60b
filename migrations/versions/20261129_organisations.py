"""Names of organisations as everybody writes them: without width, case and spaces

Revision ID: e27b90d4c613
Revises: d41b7e60c8a2
"""

import sqlalchemy as sa
from alembic import op

from marketplace.organisations.naming import LONGEST, folded

revision = "e27b90d4c613"
down_revision = "d41b7e60c8a2"
branch_labels = None
depends_on = None

TABLE = "organisations"
NAMES = ("name", "name_en")
LOT = 5_000


def upgrade() -> None:
    """Columns are added without making the table anew: half the other tables refer to it."""
    for name in NAMES:
        column = sa.Column(f"folded_{name}", sa.String(length=LONGEST), nullable=False, server_default="")
        op.add_column(TABLE, column)
    fill(op.get_bind())
    for name in NAMES:
        op.create_index(op.f(f"ix_{TABLE}_folded_{name}"), TABLE, [f"folded_{name}"], unique=False)


def fill(connection: sa.Connection) -> None:
    update = sa.text("UPDATE organisations SET folded_name = :name, folded_name_en = :name_en WHERE id = :id")
    rows = connection.execute(sa.text("SELECT id, name, name_en FROM organisations ORDER BY id")).all()
    for start in range(0, len(rows), LOT):
        lot = [{"id": key, "name": folded(name), "name_en": folded(en)} for key, name, en in rows[start : start + LOT]]
        connection.execute(update, lot)


def downgrade() -> None:
    for name in NAMES:
        op.drop_index(op.f(f"ix_{TABLE}_folded_{name}"), table_name=TABLE)
        op.drop_column(TABLE, f"folded_{name}")
