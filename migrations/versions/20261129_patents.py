"""More kinds of papers of the office, and how each came

Revision ID: a7c41d0e93b5
Revises: 5c1e8f7a2d40
"""

import sqlalchemy as sa
from alembic import op

from marketplace.db.triggers import statements

revision = "a7c41d0e93b5"
down_revision = "5c1e8f7a2d40"
branch_labels = None
depends_on = None

KINDS = (
    "publish", "grant", "refuse", "withdraw", "lapse", "restore", "expire", "invalidate", "file", "office_action",
    "grant_notice",
)  # fmt: skip
MORE = ("further_action", "correction", "transfer")


def set_kinds(names: tuple[str, ...]) -> None:
    with op.batch_alter_table("patent_events", schema=None) as events:
        events.drop_constraint(op.f("ck_patent_events_kind"), type_="check")
        events.create_check_constraint(op.f("ck_patent_events_kind"), f"kind IN ({', '.join(map(repr, names))})")


def protect() -> None:
    """SQLite makes a changed table anew and loses its triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for statement in statements("patent_events", "sqlite"):
            op.execute(statement)


def upgrade() -> None:
    set_kinds((*KINDS, *MORE))
    with op.batch_alter_table("patent_events", schema=None) as events:
        events.add_column(sa.Column("delivery", sa.String(length=32)))
    with op.batch_alter_table("patent_events", schema=None) as events:
        events.create_check_constraint(op.f("ck_patent_events_delivery"), "delivery IN ('electronic', 'post', 'hand')")
    protect()


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE patent_events DISABLE TRIGGER patent_events_append_only")
    else:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER patent_events_no_{verb}")
    op.execute("UPDATE patent_events SET kind = 'office_action' WHERE kind IN ('further_action', 'correction')")
    op.execute("UPDATE patent_events SET kind = 'file' WHERE kind = 'transfer'")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE patent_events ENABLE TRIGGER patent_events_append_only")
    with op.batch_alter_table("patent_events", schema=None) as events:
        events.drop_constraint(op.f("ck_patent_events_delivery"), type_="check")
        events.drop_column("delivery")
    set_kinds(KINDS)
    protect()
