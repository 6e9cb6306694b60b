"""Kept vectors of compared texts, judgements of matches, and the weights learned from them

Revision ID: 7ec70a5d2b91
Revises: c7a5e0b1d203
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.db.types import UTCDateTime

revision = "7ec70a5d2b91"
down_revision = "c7a5e0b1d203"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SOURCES = ("staff", "won", "approved", "rejected", "answered", "invited", "lost")


def upgrade() -> None:
    op.create_table(
        "text_vectors",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("encoder", sa.String(length=20), nullable=False),
        sa.Column("components", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "encoder", name=op.f("pk_text_vectors")),
    )
    op.create_table(
        "ranking_weights",
        sa.Column("weights", JSON, nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_weights")),
    )
    op.create_table(
        "relevance_judgements",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "source",
            sa.Enum(*SOURCES, name="source", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_relevance_judgements_level")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_relevance_judgements_account_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_relevance_judgements_order_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_relevance_judgements_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relevance_judgements")),
        sa.UniqueConstraint(
            "order_id", "team_id", "source", name=op.f("uq_relevance_judgements_order_id_team_id_source")
        ),
    )
    op.create_index(op.f("ix_relevance_judgements_order_id"), "relevance_judgements", ["order_id"])
    op.create_index(op.f("ix_relevance_judgements_team_id"), "relevance_judgements", ["team_id"])


def downgrade() -> None:
    op.drop_table("relevance_judgements")
    op.drop_table("ranking_weights")
    op.drop_table("text_vectors")
