"""The committee's vote on concepts, and why a shortlist departs from it

Revision ID: c9e4a1f7320d
Revises: 8e0b6d4f1c27
"""

import sqlalchemy as sa
from alembic import op

from marketplace.db.triggers import statements

revision = "c9e4a1f7320d"
down_revision = "8e0b6d4f1c27"
branch_labels = None
depends_on = None

VOTES = "evaluation_concept_votes"
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("evaluation_members") as members:
        members.add_column(sa.Column("voted_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("concept_parts") as parts:
        parts.add_column(sa.Column("departure", sa.String(length=1000), nullable=False, server_default=""))
    with op.batch_alter_table("concept_parts") as parts:
        parts.alter_column("departure", server_default=None)
    op.create_table(
        VOTES,
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("bid_id", KEY, nullable=False),
        sa.Column("recommended", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name=op.f(f"ck_{VOTES}_points")),
        sa.CheckConstraint("length(why) > 0", name=op.f(f"ck_{VOTES}_why")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f(f"fk_{VOTES}_bid_id")),
        sa.ForeignKeyConstraint(["member_id"], ["evaluation_members.id"], name=op.f(f"fk_{VOTES}_member_id")),
        sa.PrimaryKeyConstraint("member_id", "bid_id", name=op.f(f"pk_{VOTES}")),
    )
    with op.batch_alter_table(VOTES) as votes:
        votes.create_index(votes.f(f"ix_{VOTES}_bid_id"), ["bid_id"], unique=False)
    for statement in statements(VOTES, op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(VOTES)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {VOTES}_append_only")
    with op.batch_alter_table("concept_parts") as parts:
        parts.drop_column("departure")
    with op.batch_alter_table("evaluation_members") as members:
        members.drop_column("voted_at")
