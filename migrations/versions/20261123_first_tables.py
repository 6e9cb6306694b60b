"""First tables

Revision ID: b1dfd27ff724
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketplace.db.triggers import statements

revision = "b1dfd27ff724"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_records", "ledger_transactions", "ledger_entries")


def upgrade() -> None:
    op.create_table(
        "alliances",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=2000), nullable=False),
        sa.Column("about_en", sa.String(length=2000), nullable=False),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alliances")),
        sa.UniqueConstraint("code", name=op.f("uq_alliances_code")),
    )
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_attempts")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_records",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("command", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column(
            "detail", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_records")),
        sa.UniqueConstraint("sequence", name=op.f("uq_audit_records_sequence")),
    )
    with op.batch_alter_table("audit_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_records_command"), ["command"], unique=False)
        batch_op.create_index("ix_audit_records_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "job_runs",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("argument", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
    )
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.create_index("ix_job_runs_open", ["state", "lease_until"], unique=False)

    op.create_table(
        "organisations",
        sa.Column(
            "kind",
            sa.Enum(
                "enterprise",
                "university",
                "institute",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("industry", sa.String(length=4), nullable=False),
        sa.Column(
            "size",
            sa.Enum(
                "micro", "small", "medium", "large", name="size", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("introduction", sa.String(length=2000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "registered",
                "verified",
                "rejected",
                "suspended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('verified') OR verified_at IS NOT NULL", name=op.f("ck_organisations_verified_has_time")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organisations_uscc")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisations_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisations_state"), ["state"], unique=False)

    op.create_table(
        "outbox_messages",
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column(
            "values", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum("queued", "sent", "failed", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
    )
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_messages_state"), ["state"], unique=False)

    op.create_table(
        "persons",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("identity", name=op.f("uq_persons_identity")),
    )
    op.create_table(
        "accounts",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unconfirmed", "active", "suspended", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_person_id"), ["person_id"], unique=False)

    op.create_table(
        "alliance_memberships",
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "active",
                "refused",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_alliance_memberships_alliance_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_alliance_memberships_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alliance_memberships")),
        sa.UniqueConstraint(
            "alliance_id", "organisation_id", name=op.f("uq_alliance_memberships_alliance_id_organisation_id")
        ),
    )
    with op.batch_alter_table("alliance_memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alliance_memberships_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alliance_memberships_state"), ["state"], unique=False)

    op.create_table(
        "funds",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=2000), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "alliance",
                "subsidy",
                "loan",
                "industry",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("share_max", sa.Integer(), nullable=True),
        sa.Column("amount_max", sa.BigInteger(), nullable=True),
        sa.Column("amount_min", sa.BigInteger(), nullable=False),
        sa.Column("match_max", sa.Integer(), nullable=True),
        sa.Column("enterprise_max", sa.BigInteger(), nullable=True),
        sa.Column(
            "fields", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "sizes", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "regions", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("draft", "open", "closed", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("committed", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "amount_min >= 0 AND (amount_max IS NULL OR amount_max >= amount_min)", name=op.f("ck_funds_amounts")
        ),
        sa.CheckConstraint("available >= 0", name=op.f("ck_funds_available")),
        sa.CheckConstraint("budget = available + reserved + committed + paid", name=op.f("ck_funds_balanced")),
        sa.CheckConstraint("committed >= 0", name=op.f("ck_funds_committed")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_funds_cost")),
        sa.CheckConstraint("enterprise_max IS NULL OR enterprise_max >= 0", name=op.f("ck_funds_enterprise_max")),
        sa.CheckConstraint("match_max IS NULL OR match_max >= 0", name=op.f("ck_funds_match_max")),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_funds_paid")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_funds_reserved")),
        sa.CheckConstraint("share_max IS NULL OR share_max BETWEEN 0 AND 10000", name=op.f("ck_funds_share_max")),
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_funds_validity")
        ),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_funds_alliance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funds")),
        sa.UniqueConstraint("code", name=op.f("uq_funds_code")),
    )
    with op.batch_alter_table("funds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_funds_state"), ["state"], unique=False)

    op.create_table(
        "teams",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("introduction", sa.String(length=2000), nullable=False),
        sa.Column("capacity_days", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity_days >= 0", name=op.f("ck_teams_capacity")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_teams_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_teams_organisation_id_name")),
    )
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teams_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "account_grants",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "enterprise_member",
                "enterprise_owner",
                "university_member",
                "university_owner",
                "team_lead",
                "alliance_secretary",
                "centre_officer",
                "fund_manager",
                "auditor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "active",
                "rejected",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_grants_account_id")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_account_grants_alliance_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_account_grants_organisation_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_account_grants_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_grants")),
    )
    with op.batch_alter_table("account_grants", schema=None) as batch_op:
        batch_op.create_index("ix_account_grants_open", ["account_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_grants_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "capabilities",
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
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
        sa.Column("trl_from", sa.Integer(), nullable=False),
        sa.Column("trl_to", sa.Integer(), nullable=False),
        sa.Column("price_from", sa.BigInteger(), nullable=False),
        sa.Column("price_to", sa.BigInteger(), nullable=False),
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum(
                "alliance", "centre", "public", name="visibility", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "published", "withdrawn", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('published') OR published_at IS NOT NULL", name=op.f("ck_capabilities_published_has_time")
        ),
        sa.CheckConstraint(
            "visibility <> 'alliance' OR alliance_id IS NOT NULL", name=op.f("ck_capabilities_alliance_named")
        ),
        sa.CheckConstraint("price_from >= 0 AND price_to >= price_from", name=op.f("ck_capabilities_price")),
        sa.CheckConstraint(
            "trl_from BETWEEN 1 AND 9 AND trl_to BETWEEN trl_from AND 9", name=op.f("ck_capabilities_trl")
        ),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_capabilities_alliance_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_capabilities_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capabilities")),
    )
    with op.batch_alter_table("capabilities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_capabilities_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_capabilities_field"), ["field"], unique=False)
        batch_op.create_index(batch_op.f("ix_capabilities_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_capabilities_team_id"), ["team_id"], unique=False)

    op.create_table(
        "endorsements",
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "step",
            sa.Enum("proposed", "approved", name="step", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_endorsements_account_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_endorsements_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsements")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "content_hash",
            "person_id",
            name=op.f("uq_endorsements_subject_kind_subject_id_content_hash_person_id"),
        ),
    )
    op.create_table(
        "fund_contributions",
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed", "approved", "rejected", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL",
            name=op.f("ck_fund_contributions_decided_has_time"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_fund_contributions_amount")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_fund_contributions_decided_by")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_fund_contributions_fund_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_fund_contributions_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_contributions")),
    )
    with op.batch_alter_table("fund_contributions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_contributions_fund_id"), ["fund_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fund_contributions_state"), ["state"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "enterprise_member",
                "enterprise_owner",
                "university_member",
                "university_owner",
                "team_lead",
                "alliance_secretary",
                "centre_officer",
                "fund_manager",
                "auditor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "accepted", "withdrawn", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("invited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["invited_by"], ["accounts.id"], name=op.f("fk_invitations_invited_by")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_invitations_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitations_token_digest")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "ledger_transactions",
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "movement",
            sa.Enum(
                "contribute",
                "reserve",
                "release",
                "commit",
                "uncommit",
                "pay",
                name="movement",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("memo", sa.String(length=300), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_transactions_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_ledger_transactions_account_id")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["organisations.id"], name=op.f("fk_ledger_transactions_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_ledger_transactions_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transactions")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_transactions_key")),
    )
    with op.batch_alter_table("ledger_transactions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_transactions_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_transactions_fund_id"), ["fund_id"], unique=False)
        batch_op.create_index("ix_ledger_transactions_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "login_sessions",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_login_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_login_sessions_token_digest")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_account_id"), ["account_id"], unique=False)

    op.create_table(
        "orders",
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum(
                "alliance", "centre", "public", name="visibility", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
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
            nullable=True,
        ),
        sa.Column("trl_now", sa.Integer(), nullable=True),
        sa.Column("trl_wanted", sa.Integer(), nullable=True),
        sa.Column("own_funds", sa.BigInteger(), nullable=True),
        sa.Column("price_ceiling", sa.BigInteger(), nullable=True),
        sa.Column("bidding_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bid_deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery_on", sa.Date(), nullable=True),
        sa.Column(
            "contract_type",
            sa.Enum(
                "entrusted",
                "joint",
                "transfer",
                "licence",
                "consulting",
                "service",
                name="contract_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "ip_wish",
            sa.Enum(
                "enterprise",
                "team",
                "joint",
                "pool",
                "open",
                name="ip_wish",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "screening",
                "needs_work",
                "published",
                "bidding",
                "opened",
                "evaluating",
                "proposed",
                "approved",
                "standstill",
                "contracting",
                "in_delivery",
                "completed",
                "unsuccessful",
                "cancelled",
                "terminated",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('approved') OR approved_at IS NOT NULL", name=op.f("ck_orders_approved_has_time")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'bidding', 'completed', 'contracting', 'evaluating', 'in_delivery', 'opened', 'proposed', 'published', 'standstill', 'terminated', 'unsuccessful') OR bid_deadline IS NOT NULL",
            name=op.f("ck_orders_published_has_deadline"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'bidding', 'completed', 'contracting', 'evaluating', 'in_delivery', 'opened', 'proposed', 'published', 'standstill', 'terminated', 'unsuccessful') OR published_at IS NOT NULL",
            name=op.f("ck_orders_published_has_time"),
        ),
        sa.CheckConstraint("own_funds IS NULL OR own_funds >= 0", name=op.f("ck_orders_own_funds")),
        sa.CheckConstraint("price_ceiling IS NULL OR price_ceiling > 0", name=op.f("ck_orders_price_ceiling")),
        sa.CheckConstraint("trl_now IS NULL OR trl_now BETWEEN 1 AND 9", name=op.f("ck_orders_trl_now")),
        sa.CheckConstraint("trl_wanted IS NULL OR trl_wanted BETWEEN 1 AND 9", name=op.f("ck_orders_trl_wanted")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_orders_alliance_id")),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_orders_created_by")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_orders_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("reference", name=op.f("uq_orders_reference")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(
            "ix_orders_board",
            ["published_at", "id", "visibility", "state", "alliance_id", "organisation_id"],
            unique=False,
        )
        batch_op.create_index("ix_orders_due", ["state", "bid_deadline"], unique=False)
        batch_op.create_index(batch_op.f("ix_orders_field"), ["field"], unique=False)
        batch_op.create_index(batch_op.f("ix_orders_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "rounds",
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "weights", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "rules", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum("open", "closed", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_rounds_alliance_id")),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_rounds_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("reference", name=op.f("uq_rounds_reference")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rounds_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rounds_state"), ["state"], unique=False)

    op.create_table(
        "stored_files",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["uploaded_by"], ["accounts.id"], name=op.f("fk_stored_files_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
    )
    op.create_table(
        "team_quarters",
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("capacity_days", sa.Integer(), nullable=False),
        sa.Column("reserved_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reserved_days >= 0 AND reserved_days <= capacity_days", name=op.f("ck_team_quarters_within_capacity")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_quarters_team_id")),
        sa.PrimaryKeyConstraint("team_id", "quarter", name=op.f("pk_team_quarters")),
    )
    op.create_table(
        "bids",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "needs_reconfirm",
                "withdrawn",
                "lapsed",
                "opened",
                "disqualified",
                "won",
                "lost",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=True),
        sa.Column("owner_copy", sa.LargeBinary(), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('lost', 'opened', 'won') OR opened_at IS NOT NULL", name=op.f("ck_bids_opened_has_time")
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted') OR submitted_at IS NOT NULL", name=op.f("ck_bids_submitted_has_time")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_bids_created_by")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_bids_order_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_bids_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bids")),
        sa.UniqueConstraint("order_id", "team_id", name=op.f("uq_bids_order_id_team_id")),
    )
    with op.batch_alter_table("bids", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bids_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bids_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_bids_team_id"), ["team_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("capability_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("paper", "patent", "project", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["capability_id"], ["capabilities.id"], name=op.f("fk_evidence_capability_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_capability_id"), ["capability_id"], unique=False)

    op.create_table(
        "ledger_entries",
        sa.Column("transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "purse",
            sa.Enum(
                "contributed",
                "available",
                "reserved",
                "committed",
                "paid",
                name="purse",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_entries_amount")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_ledger_entries_fund_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["ledger_transactions.id"], name=op.f("fk_ledger_entries_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("transaction_id", "purse", name=op.f("uq_ledger_entries_transaction_id_purse")),
    )
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_entries_purse", ["fund_id", "purse"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entries_transaction_id"), ["transaction_id"], unique=False)

    op.create_table(
        "order_amendments",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("deadline_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["accounts.id"], name=op.f("fk_order_amendments_changed_by")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_amendments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_amendments")),
    )
    with op.batch_alter_table("order_amendments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_amendments_order_id"), ["order_id"], unique=False)

    op.create_table(
        "order_attachments",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_order_attachments_file_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_attachments_order_id")),
        sa.PrimaryKeyConstraint("order_id", "file_id", name=op.f("pk_order_attachments")),
    )
    op.create_table(
        "order_confidential_parts",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_confidential_parts_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_confidential_parts")),
    )
    op.create_table(
        "order_targets",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "comparator",
            sa.Enum(
                "at_least",
                "at_most",
                "equal",
                "between",
                name="comparator",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("value_to", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=300), nullable=False),
        sa.Column("must_have", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_targets_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_targets")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_order_targets_order_id_position")),
    )
    op.create_table(
        "round_funds",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ceiling", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_round_funds_fund_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_funds_round_id")),
        sa.PrimaryKeyConstraint("round_id", "fund_id", name=op.f("pk_round_funds")),
    )
    op.create_table(
        "round_orders",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("must_match", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_round_orders_order_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_orders_round_id")),
        sa.PrimaryKeyConstraint("round_id", "order_id", name=op.f("pk_round_orders")),
    )
    with op.batch_alter_table("round_orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_orders_order_id"), ["order_id"], unique=False)

    op.create_table(
        "runs",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "queued",
                "running",
                "solved",
                "infeasible",
                "failed",
                "cancelled",
                "released",
                "recalled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("time_limit", sa.Integer(), nullable=False),
        sa.Column(
            "problem", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("problem_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "scores", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column(
            "solution", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("solution_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("objective", sa.Float(), nullable=True),
        sa.Column("bound", sa.Float(), nullable=True),
        sa.Column("gap", sa.Float(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column(
            "progress", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('failed', 'infeasible', 'solved') OR finished_at IS NOT NULL",
            name=op.f("ck_runs_ended_has_time"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_runs_created_by")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_runs_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_runs_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_runs_state"), ["state"], unique=False)

    op.create_table(
        "stored_contents",
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_stored_contents_file_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_stored_contents")),
    )
    op.create_table(
        "opened_bids",
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 120", name=op.f("ck_opened_bids_months")),
        sa.CheckConstraint("price > 0", name=op.f("ck_opened_bids_price")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_opened_bids_bid_id")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_opened_bids")),
    )
    op.create_table(
        "proposals",
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("capability_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column(
            "scores", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "suggested",
                "invited",
                "proposed",
                "approved",
                "rejected",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("option_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('approved') OR approved_at IS NOT NULL", name=op.f("ck_proposals_approved_has_time")
        ),
        sa.CheckConstraint("(bid_id IS NULL) <> (capability_id IS NULL)", name=op.f("ck_proposals_bid_or_capability")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_proposals_bid_id")),
        sa.ForeignKeyConstraint(["capability_id"], ["capabilities.id"], name=op.f("fk_proposals_capability_id")),
        sa.ForeignKeyConstraint(
            ["option_id"], ["funding_options.id"], name=op.f("fk_proposals_option_id"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_proposals_order_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_proposals_run_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_proposals_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint(
            "run_id",
            "order_id",
            "bid_id",
            "capability_id",
            name=op.f("uq_proposals_run_id_order_id_bid_id_capability_id"),
        ),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_bid_id"), ["bid_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_team_id"), ["team_id"], unique=False)
        batch_op.create_index(
            "uq_proposals_one_award",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.create_table(
        "round_bids",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("forbidden", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_round_bids_bid_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_bids_round_id")),
        sa.PrimaryKeyConstraint("round_id", "bid_id", name=op.f("pk_round_bids")),
    )
    op.create_table(
        "unmatched_orders",
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("by", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column(
            "needs", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_unmatched_orders_order_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_unmatched_orders_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmatched_orders")),
        sa.UniqueConstraint("run_id", "order_id", name=op.f("uq_unmatched_orders_run_id_order_id")),
    )
    with op.batch_alter_table("unmatched_orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unmatched_orders_order_id"), ["order_id"], unique=False)

    op.create_table(
        "funding_options",
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=30), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_funding_options_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_options")),
        sa.UniqueConstraint("proposal_id", "position", name=op.f("uq_funding_options_proposal_id_position")),
    )
    with op.batch_alter_table("funding_options", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_funding_options_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "opened_answers",
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "meets",
            sa.Enum(
                "meets", "exceeds", "partly", "not", name="meets", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["opened_bids.bid_id"], name=op.f("fk_opened_answers_bid_id")),
        sa.ForeignKeyConstraint(["target_id"], ["order_targets.id"], name=op.f("fk_opened_answers_target_id")),
        sa.PrimaryKeyConstraint("bid_id", "target_id", name=op.f("pk_opened_answers")),
    )
    op.create_table(
        "opened_loads",
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("person_days > 0", name=op.f("ck_opened_loads_person_days")),
        sa.ForeignKeyConstraint(["bid_id"], ["opened_bids.bid_id"], name=op.f("fk_opened_loads_bid_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_opened_loads_team_id")),
        sa.PrimaryKeyConstraint("bid_id", "team_id", name=op.f("pk_opened_loads")),
    )
    op.create_table(
        "funding_parts",
        sa.Column("option_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_funding_parts_amount")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_funding_parts_fund_id")),
        sa.ForeignKeyConstraint(["option_id"], ["funding_options.id"], name=op.f("fk_funding_parts_option_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_parts")),
        sa.UniqueConstraint("option_id", "position", name=op.f("uq_funding_parts_option_id_position")),
    )
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":  # SQLite made it with the table; there the two tables could not name each other before
        op.create_foreign_key("fk_proposals_option_id", "proposals", "funding_options", ["option_id"], ["id"])
    for table in APPEND_ONLY:
        for statement in statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_proposals_option_id", "proposals", type_="foreignkey")
    op.drop_table("funding_parts")
    op.drop_table("opened_loads")
    op.drop_table("opened_answers")
    with op.batch_alter_table("funding_options", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_funding_options_proposal_id"))

    op.drop_table("funding_options")
    with op.batch_alter_table("unmatched_orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unmatched_orders_order_id"))

    op.drop_table("unmatched_orders")
    op.drop_table("round_bids")
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposals_one_award",
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )
        batch_op.drop_index(batch_op.f("ix_proposals_team_id"))
        batch_op.drop_index(batch_op.f("ix_proposals_state"))
        batch_op.drop_index(batch_op.f("ix_proposals_run_id"))
        batch_op.drop_index(batch_op.f("ix_proposals_order_id"))
        batch_op.drop_index(batch_op.f("ix_proposals_bid_id"))

    op.drop_table("proposals")
    op.drop_table("opened_bids")
    op.drop_table("stored_contents")
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_runs_state"))
        batch_op.drop_index(batch_op.f("ix_runs_round_id"))

    op.drop_table("runs")
    with op.batch_alter_table("round_orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_orders_order_id"))

    op.drop_table("round_orders")
    op.drop_table("round_funds")
    op.drop_table("order_targets")
    op.drop_table("order_confidential_parts")
    op.drop_table("order_attachments")
    with op.batch_alter_table("order_amendments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_amendments_order_id"))

    op.drop_table("order_amendments")
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entries_transaction_id"))
        batch_op.drop_index("ix_ledger_entries_purse")

    op.drop_table("ledger_entries")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_capability_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("bids", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bids_team_id"))
        batch_op.drop_index(batch_op.f("ix_bids_state"))
        batch_op.drop_index(batch_op.f("ix_bids_order_id"))

    op.drop_table("bids")
    op.drop_table("team_quarters")
    op.drop_table("stored_files")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rounds_state"))
        batch_op.drop_index(batch_op.f("ix_rounds_alliance_id"))

    op.drop_table("rounds")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_orders_field"))
        batch_op.drop_index("ix_orders_due")
        batch_op.drop_index("ix_orders_board")
        batch_op.drop_index(batch_op.f("ix_orders_alliance_id"))

    op.drop_table("orders")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_sessions_account_id"))

    op.drop_table("login_sessions")
    with op.batch_alter_table("ledger_transactions", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_transactions_subject")
        batch_op.drop_index(batch_op.f("ix_ledger_transactions_fund_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_transactions_enterprise_id"))

    op.drop_table("ledger_transactions")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_organisation_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("fund_contributions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_contributions_state"))
        batch_op.drop_index(batch_op.f("ix_fund_contributions_fund_id"))

    op.drop_table("fund_contributions")
    op.drop_table("endorsements")
    with op.batch_alter_table("capabilities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_capabilities_team_id"))
        batch_op.drop_index(batch_op.f("ix_capabilities_state"))
        batch_op.drop_index(batch_op.f("ix_capabilities_field"))
        batch_op.drop_index(batch_op.f("ix_capabilities_alliance_id"))

    op.drop_table("capabilities")
    with op.batch_alter_table("account_grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_grants_organisation_id"))
        batch_op.drop_index("ix_account_grants_open")

    op.drop_table("account_grants")
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_teams_organisation_id"))

    op.drop_table("teams")
    with op.batch_alter_table("funds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_funds_state"))

    op.drop_table("funds")
    with op.batch_alter_table("alliance_memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alliance_memberships_state"))
        batch_op.drop_index(batch_op.f("ix_alliance_memberships_organisation_id"))

    op.drop_table("alliance_memberships")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_person_id"))

    op.drop_table("accounts")
    op.drop_table("persons")
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_messages_state"))

    op.drop_table("outbox_messages")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisations_state"))
        batch_op.drop_index(batch_op.f("ix_organisations_kind"))

    op.drop_table("organisations")
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.drop_index("ix_job_runs_open")

    op.drop_table("job_runs")
    with op.batch_alter_table("audit_records", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_records_subject")
        batch_op.drop_index(batch_op.f("ix_audit_records_command"))

    op.drop_table("audit_records")
    op.drop_table("audit_head")
    op.drop_table("attempts")
    op.drop_table("alliances")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_append_only()")
