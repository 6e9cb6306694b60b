"""Mails are found by whom they were sent to

Revision ID: 7f20c9d4e861
Revises: 5d1f7a3c9e42
"""

from alembic import op

revision = "7f20c9d4e861"
down_revision = "5d1f7a3c9e42"
branch_labels = None
depends_on = None

NAME = "ix_outbox_messages_recipient"


def upgrade() -> None:
    op.create_index(NAME, "outbox_messages", ["recipient", "created_at"])


def downgrade() -> None:
    op.drop_index(NAME, "outbox_messages")
