"""Sub-licences

Revision ID: 4be7d02a9c16
Revises: f0d5a7e3b901
"""

import sqlalchemy as sa
from alembic import op

revision = "4be7d02a9c16"
down_revision = "f0d5a7e3b901"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rests_on_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("may_sublicense", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(op.f("fk_licences_rests_on_id"), "licences", ["rests_on_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_licences_sublicensor"), "rests_on_id IS NULL OR licensor_id IS NOT NULL"
        )
        batch_op.create_index(op.f("ix_licences_rests_on_id"), ["rests_on_id"], unique=False)
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.alter_column("may_sublicense", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_licences_rests_on_id"))
        batch_op.drop_constraint(op.f("ck_licences_sublicensor"), type_="check")
        batch_op.drop_constraint(op.f("fk_licences_rests_on_id"), type_="foreignkey")
        batch_op.drop_column("may_sublicense")
        batch_op.drop_column("rests_on_id")
