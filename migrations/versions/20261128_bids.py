"""Two stages: concepts, the shortlist made of them, and full bids after it

Revision ID: b1d5c0ce9701
Revises: 4be7d02a9c16
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b1d5c0ce9701"
down_revision = "4be7d02a9c16"
branch_labels = None
depends_on = None

ORDERS = (
    "draft", "screening", "needs_work", "published", "bidding", "opened", "evaluating", "proposed", "approved",
    "standstill", "contracting", "in_delivery", "completed", "unsuccessful", "cancelled", "terminated",
)  # fmt: skip
BIDS = (
    "draft", "submitted", "needs_reconfirm", "withdrawn", "lapsed", "technical", "opened", "disqualified", "won", "lost",
)  # fmt: skip
UNPUBLISHED = ("draft", "screening", "needs_work", "cancelled")
PARTS = ("content", "price")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def listed(states: tuple[str, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


def _orders(states: tuple[str, ...]) -> None:
    """Let orders be in ``states``, of which the published ones have their stamps."""
    published = tuple(sorted(set(states) - set(UNPUBLISHED)))
    with op.batch_alter_table("orders", schema=None) as batch_op:
        for name in ("state", "published_has_time", "published_has_deadline"):
            batch_op.drop_constraint(op.f(f"ck_orders_{name}"), type_="check")
        batch_op.create_check_constraint(op.f("ck_orders_state"), f"state IN ({listed(states)})")
        for column, name in (("published_at", "published_has_time"), ("bid_deadline", "published_has_deadline")):
            stamped = f"state NOT IN ({listed(published)}) OR {column} IS NOT NULL"
            batch_op.create_check_constraint(op.f(f"ck_orders_{name}"), stamped)


def _states(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(name), type_="check")
        batch_op.create_check_constraint(op.f(name), f"{column} IN ({listed(values)})")


def upgrade() -> None:
    _orders((*ORDERS, "concepts"))
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("concepts_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_orders_concepts_has_time"), "state NOT IN ('concepts') OR concepts_at IS NOT NULL"
        )
    _states("bids", "ck_bids_state", "state", (*BIDS, "concept", "passed_over"))
    for table in ("order_keys", "opening_records"):
        _states(table, f"ck_{table}_part", "part", (*PARTS, "concept"))
    op.create_table(
        "concept_parts",
        sa.Column("bid_id", KEY, nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("chosen IS NULL OR reason <> ''", name=op.f("ck_concept_parts_reason")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_concept_parts_bid_id")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_concept_parts")),
    )
    op.create_table(
        "shortlists",
        sa.Column("order_id", KEY, nullable=False),
        sa.Column(
            "state",
            sa.Enum("proposed", "confirmed", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('confirmed') OR decided_at IS NOT NULL", name=op.f("ck_shortlists_decided_has_time")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_shortlists_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_shortlists")),
    )


def downgrade() -> None:
    op.drop_table("shortlists")
    op.drop_table("concept_parts")
    for table in ("order_keys", "opening_records"):
        _states(table, f"ck_{table}_part", "part", PARTS)
    _states("bids", "ck_bids_state", "state", BIDS)
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_orders_concepts_has_time"), type_="check")
        batch_op.drop_column("concepts_at")
    _orders(ORDERS)
