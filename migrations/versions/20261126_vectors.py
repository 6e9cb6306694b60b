"""Kept vectors of compared texts

Revision ID: 7ec70a5d2b91
Revises: c7a5e0b1d201
"""

import sqlalchemy as sa
from alembic import op

from marketplace.db.types import UTCDateTime

revision = "7ec70a5d2b91"
down_revision = "c7a5e0b1d201"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_vectors",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("encoder", sa.String(length=20), nullable=False),
        sa.Column("components", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "encoder", name=op.f("pk_text_vectors")),
    )


def downgrade() -> None:
    op.drop_table("text_vectors")
