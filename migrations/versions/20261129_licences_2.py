"""A bank's paper counts once for a licence

Revision ID: 5d1f7a3c9e42
Revises: 4d7a90c1e2b6
"""

import sqlalchemy as sa
from alembic import op

revision = "5d1f7a3c9e42"
down_revision = "4d7a90c1e2b6"
branch_labels = None
depends_on = None

NAME, COUNTS = "uq_royalty_receipts_paper", sa.text("state <> 'rejected'")
TOLD_APART = """UPDATE royalty_receipts SET paper = substr(paper, 1, 170) || ' (receipt ' || id || ')'
    WHERE state <> 'rejected' AND EXISTS (SELECT 1 FROM royalty_receipts AS earlier
        WHERE earlier.licence_id = royalty_receipts.licence_id AND earlier.paper = royalty_receipts.paper
        AND earlier.state <> 'rejected' AND earlier.id < royalty_receipts.id)"""
"""Papers that were recorded twice stay on record, the later ones with their own number, so that people can look into them."""


def upgrade() -> None:
    op.execute(TOLD_APART)
    with op.batch_alter_table("royalty_receipts") as receipts:
        receipts.create_index(NAME, ["licence_id", "paper"], unique=True, sqlite_where=COUNTS, postgresql_where=COUNTS)


def downgrade() -> None:
    with op.batch_alter_table("royalty_receipts") as receipts:
        receipts.drop_index(NAME, sqlite_where=COUNTS, postgresql_where=COUNTS)
