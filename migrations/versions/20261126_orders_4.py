"""Orders in lots, invitations, the framework pool, followed fields, and the reason of a budget

Revision ID: 9c41f7a8e520
Revises: 5e2d90b7c613
"""

import sqlalchemy as sa
from alembic import op

revision = "9c41f7a8e520"
down_revision = "5e2d90b7c613"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "framework_places",
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "admitted",
                "refused",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("statement", sa.String(length=1000), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("applied_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('admitted') OR expires_at IS NOT NULL", name=op.f("ck_framework_places_admitted_has_end")
        ),
        sa.CheckConstraint(
            "state NOT IN ('admitted', 'ended', 'refused') OR decided_at IS NOT NULL",
            name=op.f("ck_framework_places_decided_has_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('refused', 'ended') OR reason <> ''", name=op.f("ck_framework_places_reason")
        ),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_framework_places_alliance_id")),
        sa.ForeignKeyConstraint(["applied_by"], ["accounts.id"], name=op.f("fk_framework_places_applied_by")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_framework_places_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_places")),
    )
    with op.batch_alter_table("framework_places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_framework_places_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_framework_places_team_id"), ["team_id"], unique=False)
        batch_op.create_index(
            "uq_framework_places_alive",
            ["alliance_id", "team_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('admitted', 'applied')"),
            postgresql_where=sa.text("state IN ('admitted', 'applied')"),
        )

    op.create_table(
        "order_digests",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum("daily", "weekly", name="frequency", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_order_digests_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_order_digests")),
    )
    op.create_table(
        "order_umbrellas",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_order_umbrellas_created_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_order_umbrellas_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_umbrellas")),
    )
    with op.batch_alter_table("order_umbrellas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_umbrellas_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "order_followed_fields",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "new_materials",
                "chemistry",
                "textiles",
                "footwear",
                "machinery",
                "robotics",
                "instruments",
                "electronics",
                "optics",
                "software",
                "artificial_intelligence",
                "energy",
                "environment",
                "biomedicine",
                "food",
                "construction",
                name="field",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["order_digests.account_id"], name=op.f("fk_order_followed_fields_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "field", name=op.f("pk_order_followed_fields")),
    )
    op.create_table(
        "order_invitations",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited", "declined", "withdrawn", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("invited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('declined', 'withdrawn') OR decided_at IS NOT NULL",
            name=op.f("ck_order_invitations_decided_has_time"),
        ),
        sa.CheckConstraint("why <> ''", name=op.f("ck_order_invitations_why")),
        sa.ForeignKeyConstraint(["invited_by"], ["accounts.id"], name=op.f("fk_order_invitations_invited_by")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_invitations_order_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_order_invitations_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_invitations")),
        sa.UniqueConstraint("order_id", "team_id", name=op.f("uq_order_invitations_order_id_team_id")),
    )
    with op.batch_alter_table("order_invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_invitations_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_invitations_team_id"), ["team_id"], unique=False)

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("budget_reason", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("lot_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("lot_number", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_orders_lot_of"), ["lot_of"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_orders_lot_of"), "order_umbrellas", ["lot_of"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_orders_lot"), "(lot_of IS NULL) = (lot_number IS NULL)")
        batch_op.create_check_constraint(batch_op.f("ck_orders_lot_number"), "lot_number > 0")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.alter_column("budget_reason", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_orders_lot_number"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_orders_lot"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_orders_lot_of"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_orders_lot_of"))
        batch_op.drop_column("lot_number")
        batch_op.drop_column("lot_of")
        batch_op.drop_column("budget_reason")
    with op.batch_alter_table("order_invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_invitations_team_id"))
        batch_op.drop_index(batch_op.f("ix_order_invitations_order_id"))

    op.drop_table("order_invitations")
    op.drop_table("order_followed_fields")
    with op.batch_alter_table("order_umbrellas", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_umbrellas_organisation_id"))

    op.drop_table("order_umbrellas")
    op.drop_table("order_digests")
    with op.batch_alter_table("framework_places", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_framework_places_alive",
            sqlite_where=sa.text("state IN ('admitted', 'applied')"),
            postgresql_where=sa.text("state IN ('admitted', 'applied')"),
        )
        batch_op.drop_index(batch_op.f("ix_framework_places_team_id"))
        batch_op.drop_index(batch_op.f("ix_framework_places_alliance_id"))

    op.drop_table("framework_places")
