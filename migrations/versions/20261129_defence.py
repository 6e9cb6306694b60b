"""Transfers of patents, and what covenants did about them

Revision ID: c19e5b7720fd
Revises: 5c1f0e7d9a42
"""

import sqlalchemy as sa
from alembic import op

revision = "c19e5b7720fd"
down_revision = "5c1f0e7d9a42"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patents", sa.Column("sold_on", sa.Date()))
    op.add_column("licences", sa.Column("irrevocable", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.alter_column("irrevocable", server_default=None)
    op.create_table(
        "covenant_transfers",
        sa.Column("covenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("buyer", sa.String(length=200), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("asserts", sa.Boolean(), nullable=False),
        sa.Column("licensed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sprung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("licensed >= 0", name=op.f("ck_covenant_transfers_licensed")),
        sa.CheckConstraint(
            "licensed = 0 OR sprung_at IS NOT NULL", name=op.f("ck_covenant_transfers_licensed_has_time")
        ),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenants.id"], name=op.f("fk_covenant_transfers_covenant_id")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_covenant_transfers_patent_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["organisations.id"], name=op.f("fk_covenant_transfers_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covenant_transfers")),
    )
    for column in ("covenant_id", "patent_id"):
        op.create_index(op.f(f"ix_covenant_transfers_{column}"), "covenant_transfers", [column])


def downgrade() -> None:
    op.drop_table("covenant_transfers")
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.drop_column("irrevocable")
    with op.batch_alter_table("patents", schema=None) as batch_op:
        batch_op.drop_column("sold_on")
