"""Patents: register, shares, history, deadlines

Revision ID: 7c4e1d9a2b30
Revises: 8d40b6f3c915
"""

import sqlalchemy as sa
from alembic import op

from marketplace.db.triggers import statements

revision = "7c4e1d9a2b30"
down_revision = "8d40b6f3c915"
branch_labels = None
depends_on = None

APPEND_ONLY = ("patent_events", "patent_steps")


def upgrade() -> None:

    op.create_table(
        "patents",
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office", sa.String(length=2), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("publication_number", sa.String(length=30), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invention", "utility", "design", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "route",
            sa.Enum("direct", "pct", name="route", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=400), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("claims", sa.Text(), nullable=False),
        sa.Column("claim_count", sa.Integer(), nullable=False),
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
        sa.Column("ipc", sa.String(length=400), nullable=False),
        sa.Column("applicants", sa.String(length=1000), nullable=False),
        sa.Column("family", sa.String(length=60), nullable=False),
        sa.Column("citations", sa.Integer(), nullable=True),
        sa.Column("inventor_share", sa.Integer(), nullable=True),
        sa.Column("priority_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("disclosed_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "filed",
                "published",
                "granted",
                "refused",
                "withdrawn",
                "lapsed",
                "expired",
                "invalidated",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "next_rule",
            sa.Enum(
                "priority",
                "publication",
                "examination",
                "national_phase",
                "response",
                "reexamination",
                "registration",
                "reward",
                "annuity",
                "restoration",
                "expiry",
                name="next_rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("lapses_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('expired', 'granted', 'lapsed') OR granted_on IS NOT NULL",
            name=op.f("ck_patents_granted_has_day"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('granted', 'published') OR disclosed_on IS NOT NULL",
            name=op.f("ck_patents_published_has_day"),
        ),
        sa.CheckConstraint(
            "claim_count >= 0 AND (citations IS NULL OR citations >= 0)", name=op.f("ck_patents_counts")
        ),
        sa.CheckConstraint("granted_on IS NULL OR granted_on >= filed_on", name=op.f("ck_patents_dates")),
        sa.CheckConstraint(
            "inventor_share IS NULL OR inventor_share BETWEEN 0 AND 10000", name=op.f("ck_patents_inventor_share")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_patents_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patents")),
        sa.UniqueConstraint("office", "number", name=op.f("uq_patents_office_number")),
    )
    with op.batch_alter_table("patents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patents_disclosed_on"), ["disclosed_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_patents_family"), ["family"], unique=False)
        batch_op.create_index(batch_op.f("ix_patents_field"), ["field"], unique=False)
        batch_op.create_index(batch_op.f("ix_patents_filed_on"), ["filed_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_patents_lapses_on"), ["lapses_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_patents_next_due_on"), ["next_due_on"], unique=False)
        batch_op.create_index("ix_patents_owner", ["owner_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_patents_remind_on"), ["remind_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_patents_state"), ["state"], unique=False)

    op.create_table(
        "calendar_feeds",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_calendar_feeds_account_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_calendar_feeds_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_calendar_feeds_token_digest")),
    )
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feeds_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "checked_files",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ending", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_checked_files_account_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_checked_files_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checked_files")),
    )
    with op.batch_alter_table("checked_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checked_files_account_id"), ["account_id"], unique=False)

    op.create_table(
        "patent_events",
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "publish",
                "grant",
                "refuse",
                "withdraw",
                "lapse",
                "restore",
                "expire",
                "invalidate",
                "file",
                "office_action",
                "grant_notice",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_patent_events_account_id")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_patent_events_patent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patent_events")),
    )
    with op.batch_alter_table("patent_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patent_events_patent_id"), ["patent_id"], unique=False)

    op.create_table(
        "patent_shares",
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "part",
            sa.Enum("owner", "inventor", name="part", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("orcid", sa.String(length=19), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("share BETWEEN 1 AND 10000", name=op.f("ck_patent_shares_share")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_patent_shares_validity")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_patent_shares_organisation_id")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_patent_shares_patent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patent_shares")),
    )
    with op.batch_alter_table("patent_shares", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patent_shares_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_patent_shares_patent", ["patent_id", "part"], unique=False)

    op.create_table(
        "patent_steps",
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "priority",
                "publication",
                "examination",
                "national_phase",
                "response",
                "reexamination",
                "registration",
                "reward",
                "annuity",
                "restoration",
                "expiry",
                name="rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_patent_steps_paid")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_patent_steps_account_id")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_patent_steps_patent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patent_steps")),
        sa.UniqueConstraint("patent_id", "rule", "number", name=op.f("uq_patent_steps_patent_id_rule_number")),
    )
    with op.batch_alter_table("patent_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patent_steps_patent_id"), ["patent_id"], unique=False)

    for table in APPEND_ONLY:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:

    with op.batch_alter_table("patent_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patent_steps_patent_id"))

    op.drop_table("patent_steps")
    with op.batch_alter_table("patent_shares", schema=None) as batch_op:
        batch_op.drop_index("ix_patent_shares_patent")
        batch_op.drop_index(batch_op.f("ix_patent_shares_organisation_id"))

    op.drop_table("patent_shares")
    with op.batch_alter_table("patent_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patent_events_patent_id"))

    op.drop_table("patent_events")
    with op.batch_alter_table("checked_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checked_files_account_id"))

    op.drop_table("checked_files")
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feeds_organisation_id"))

    op.drop_table("calendar_feeds")
    with op.batch_alter_table("patents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patents_state"))
        batch_op.drop_index(batch_op.f("ix_patents_remind_on"))
        batch_op.drop_index("ix_patents_owner")
        batch_op.drop_index(batch_op.f("ix_patents_next_due_on"))
        batch_op.drop_index(batch_op.f("ix_patents_lapses_on"))
        batch_op.drop_index(batch_op.f("ix_patents_filed_on"))
        batch_op.drop_index(batch_op.f("ix_patents_field"))
        batch_op.drop_index(batch_op.f("ix_patents_family"))
        batch_op.drop_index(batch_op.f("ix_patents_disclosed_on"))

    op.drop_table("patents")

    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_append_only()")
