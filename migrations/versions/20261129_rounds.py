"""Which teams' work fits an open order, for whoever invites

Revision ID: d41b7e60c8a2
Revises: c9e4a1f7320d
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d41b7e60c8a2"
down_revision = "c9e4a1f7320d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fitting_teams",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("texts_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "fits", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_fitting_teams_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_fitting_teams")),
    )


def downgrade() -> None:
    op.drop_table("fitting_teams")
