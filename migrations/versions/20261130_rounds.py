"""Scenarios that nobody named lose the name they were given in the language of whoever asked

Revision ID: 3b9e6d2f8a14
Revises: 7f20c9d4e861
"""

import sqlalchemy as sa
from alembic import op

revision = "3b9e6d2f8a14"
down_revision = "7f20c9d4e861"
branch_labels = None
depends_on = None

GIVEN = {
    "scenario": ("What if", "假设推演", "With a repair", "采用一项修复"),
    "hand": ("By hand", "人工撮合"),
    "without_rule": ("Without: %", "取消：%"),
}
"""What each kind was called by itself; pages now say what it is and its number, in the language of whoever reads."""


def forget(connection: sa.Connection) -> None:
    update = sa.text("UPDATE runs SET label = '' WHERE kind = :kind AND label LIKE :name")
    connection.execute(update, [{"kind": kind, "name": name} for kind, names in GIVEN.items() for name in names])


def upgrade() -> None:
    forget(op.get_bind())


def downgrade() -> None:
    pass
