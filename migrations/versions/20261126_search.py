"""The index of site search

Revision ID: 5ea2c4f10b77
Revises: 1c7be2a94f02
"""

import sqlalchemy as sa
from alembic import op

from marketplace.db.types import UTCDateTime
from marketplace.search.fulltext import POSTGRESQL, SQLITE

revision = "5ea2c4f10b77"
down_revision = "1c7be2a94f02"
branch_labels = None
depends_on = None

FIELDS = (
    "new_materials", "chemistry", "textiles", "footwear", "machinery", "robotics", "instruments", "electronics",
    "optics", "software", "artificial_intelligence", "energy", "environment", "biomedicine", "food", "construction",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("field", sa.Enum(*FIELDS, name="field", native_enum=False, create_constraint=True, length=32)),
        sa.Column("alliance_id", sa.Integer()),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("compared_title", sa.Text(), nullable=False),
        sa.Column("compared", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_entries_kind_subject_id")),
    )
    op.create_index("ix_search_entries_newest", "search_entries", ["at", "id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    op.drop_table("search_entries")
