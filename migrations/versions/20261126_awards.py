"""Awards, objections and reversals

Revision ID: a3a4d5b0c001
Revises: c7a5e0b1d201
"""

import sqlalchemy as sa
from alembic import op

revision = "a3a4d5b0c001"
down_revision = "c7a5e0b1d201"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "awards",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("price_public", sa.Boolean(), nullable=False),
        sa.Column("bids_opened", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "standstill",
                "contracting",
                "undone",
                "declined",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("standstill_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirm_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enterprise_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enterprise_confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("team_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("team_confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("public_reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'contracting' OR (enterprise_confirmed_at IS NOT NULL AND team_confirmed_at IS NOT NULL)",
            name=op.f("ck_awards_contracting_confirmed"),
        ),
        sa.CheckConstraint(
            "state <> 'contracting' OR started_at >= standstill_ends_at",
            name=op.f("ck_awards_contracting_after_standstill"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('contracting') OR started_at IS NOT NULL", name=op.f("ck_awards_contracting_has_time")
        ),
        sa.CheckConstraint(
            "state NOT IN ('declined', 'lapsed', 'undone') OR ended_at IS NOT NULL",
            name=op.f("ck_awards_ended_has_time"),
        ),
        sa.CheckConstraint("bids_opened >= 1", name=op.f("ck_awards_bids_opened")),
        sa.CheckConstraint("confirm_by >= standstill_ends_at", name=op.f("ck_awards_confirm_by")),
        sa.CheckConstraint("price > 0", name=op.f("ck_awards_price")),
        sa.CheckConstraint("standstill_ends_at > announced_at", name=op.f("ck_awards_standstill")),
        sa.ForeignKeyConstraint(["announced_by"], ["accounts.id"], name=op.f("fk_awards_announced_by")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_awards_bid_id")),
        sa.ForeignKeyConstraint(
            ["enterprise_confirmed_by"], ["accounts.id"], name=op.f("fk_awards_enterprise_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_awards_order_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_awards_proposal_id")),
        sa.ForeignKeyConstraint(["team_confirmed_by"], ["accounts.id"], name=op.f("fk_awards_team_confirmed_by")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_awards_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
    )
    with op.batch_alter_table("awards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_awards_bid_id"), ["bid_id"], unique=False)
        batch_op.create_index("ix_awards_due", ["state", "standstill_ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_awards_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_awards_proposal_id"), ["proposal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_awards_team_id"), ["team_id"], unique=False)
        batch_op.create_index(
            "uq_awards_one_live",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('standstill', 'contracting')"),
            postgresql_where=sa.text("state IN ('standstill', 'contracting')"),
        )

    op.create_table(
        "complaints",
        sa.Column("award_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "standing",
            sa.Enum("bidder", "member", name="standing", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum(
                "scoring",
                "qualification",
                "interest",
                "procedure",
                "collusion",
                "other",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "filed",
                "accepted",
                "inadmissible",
                "answered",
                "upheld",
                "dismissed",
                "appealed",
                "reviewed",
                "decided",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("appeal_text", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(standing = 'bidder') = (bid_id IS NOT NULL)", name=op.f("ck_complaints_bidder_has_bid")),
        sa.CheckConstraint(
            "state NOT IN ('appealed', 'reviewed') OR appealed_at IS NOT NULL",
            name=op.f("ck_complaints_appealed_has_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('decided', 'dismissed', 'inadmissible', 'upheld', 'withdrawn') OR decided_at IS NOT NULL",
            name=op.f("ck_complaints_decided_has_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('dismissed', 'inadmissible') OR appeal_until IS NOT NULL",
            name=op.f("ck_complaints_appealable_has_time"),
        ),
        sa.CheckConstraint("answer_due_at > filed_at", name=op.f("ck_complaints_answer_due")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_complaints_text")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_complaints_award_id")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_complaints_bid_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_complaints_file_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["accounts.id"], name=op.f("fk_complaints_filed_by")),
        sa.ForeignKeyConstraint(["handled_by"], ["accounts.id"], name=op.f("fk_complaints_handled_by")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_complaints_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
    )
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaints_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaints_filed_by"), ["filed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaints_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaints_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_complaints_one_open",
            ["award_id", "organisation_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('filed', 'accepted', 'answered', 'appealed', 'reviewed')"),
            postgresql_where=sa.text("state IN ('filed', 'accepted', 'answered', 'appealed', 'reviewed')"),
        )

    op.create_table(
        "reversals",
        sa.Column(
            "kind",
            sa.Enum("undo", "recall", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("award_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("exclude_winner", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("public_reason", sa.String(length=500), nullable=False),
        sa.Column(
            "state",
            sa.Enum("proposed", "done", "refused", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("refusal", sa.String(length=500), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'recall') = (run_id IS NOT NULL)", name=op.f("ck_reversals_recall_has_run")),
        sa.CheckConstraint("(kind = 'undo') = (award_id IS NOT NULL)", name=op.f("ck_reversals_undo_has_award")),
        sa.CheckConstraint(
            "state NOT IN ('done', 'refused') OR decided_at IS NOT NULL", name=op.f("ck_reversals_decided_has_time")
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_reversals_reason")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_reversals_award_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_reversals_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_reversals_proposed_by")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_reversals_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reversals")),
    )
    with op.batch_alter_table("reversals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reversals_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reversals_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reversals_state"), ["state"], unique=False)

    op.create_table(
        "complaint_findings",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "instance",
            sa.Enum("first", "appeal", name="instance", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "finding",
            sa.Enum("upheld", "dismissed", name="finding", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "remedy",
            sa.Enum(
                "reevaluate",
                "exclude_winner",
                "stands",
                name="remedy",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("summary", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "returned",
                "dropped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("returned_because", sa.String(length=1000), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(finding = 'upheld') = (remedy IS NOT NULL)", name=op.f("ck_complaint_findings_upheld_has_remedy")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'returned') OR decided_at IS NOT NULL",
            name=op.f("ck_complaint_findings_decided_has_time"),
        ),
        sa.CheckConstraint("length(answer) > 0", name=op.f("ck_complaint_findings_answer")),
        sa.CheckConstraint("length(summary) > 0", name=op.f("ck_complaint_findings_summary")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_findings_complaint_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_complaint_findings_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_complaint_findings_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_findings")),
    )
    with op.batch_alter_table("complaint_findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_findings_complaint_id"), ["complaint_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("complaint_findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_findings_complaint_id"))

    op.drop_table("complaint_findings")
    with op.batch_alter_table("reversals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reversals_state"))
        batch_op.drop_index(batch_op.f("ix_reversals_run_id"))
        batch_op.drop_index(batch_op.f("ix_reversals_award_id"))

    op.drop_table("reversals")
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_complaints_one_open",
            sqlite_where=sa.text("state IN ('filed', 'accepted', 'answered', 'appealed', 'reviewed')"),
            postgresql_where=sa.text("state IN ('filed', 'accepted', 'answered', 'appealed', 'reviewed')"),
        )
        batch_op.drop_index(batch_op.f("ix_complaints_state"))
        batch_op.drop_index(batch_op.f("ix_complaints_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_complaints_filed_by"))
        batch_op.drop_index(batch_op.f("ix_complaints_award_id"))

    op.drop_table("complaints")
    with op.batch_alter_table("awards", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_awards_one_live",
            sqlite_where=sa.text("state IN ('standstill', 'contracting')"),
            postgresql_where=sa.text("state IN ('standstill', 'contracting')"),
        )
        batch_op.drop_index(batch_op.f("ix_awards_team_id"))
        batch_op.drop_index(batch_op.f("ix_awards_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_awards_order_id"))
        batch_op.drop_index("ix_awards_due")
        batch_op.drop_index(batch_op.f("ix_awards_bid_id"))

    op.drop_table("awards")
