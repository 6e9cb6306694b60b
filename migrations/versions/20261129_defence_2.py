"""Who leaves a covenant and comes back is bound anew, by a row of its own

Revision ID: 4d7a90c1e2b6
Revises: e27b90d4c613
"""

import sqlalchemy as sa
from alembic import op

revision = "4d7a90c1e2b6"
down_revision = "e27b90d4c613"
branch_labels = None
depends_on = None

BOUND = sa.text("left_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("covenant_members", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_covenant_members_covenant_id_organisation_id"), type_="unique")
    op.create_index(
        "uq_covenant_members_bound",
        "covenant_members",
        ["covenant_id", "organisation_id"],
        unique=True,
        sqlite_where=BOUND,
        postgresql_where=BOUND,
    )


def downgrade() -> None:
    op.drop_index("uq_covenant_members_bound", table_name="covenant_members")
    op.execute(
        "DELETE FROM covenant_members WHERE id NOT IN "
        "(SELECT max(id) FROM covenant_members GROUP BY covenant_id, organisation_id)"
    )
    with op.batch_alter_table("covenant_members", schema=None) as batch_op:
        batch_op.create_unique_constraint(
            batch_op.f("uq_covenant_members_covenant_id_organisation_id"), ["covenant_id", "organisation_id"]
        )
