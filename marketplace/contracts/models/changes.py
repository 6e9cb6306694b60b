"""Changes of a contract in force, and its end by agreement: what is asked for, with a typed reason, and who agreed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account
from marketplace.contracts.models.contract import Contract
from marketplace.contracts.workflow import ChangeKind, ChangeState, Side
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, Json, UTCDateTime, choice, stamp_check


class Change(Numbered, Versioned, Base):
    """``steps`` are the open milestones as they shall be; ``earned`` (fen) is what the institution has in all at an end.

    ``ruled``: written down by an officer where the sides did not agree; then a second officer decides, not the other side.
    """

    __tablename__ = "contract_changes"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("(kind LIKE 'end%') = (earned IS NOT NULL)", name="end_has_settlement"),
        CheckConstraint("earned IS NULL OR earned >= 0", name="earned"),
        stamp_check(
            "state",
            {ChangeState.ACCEPTED, ChangeState.REJECTED, ChangeState.WITHDRAWN},
            "decided_at",
            "decided_has_time",
        ),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    number: Mapped[int]
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind, "kind"))
    reason: Mapped[str] = mapped_column(Text)
    steps: Mapped[list[Any]] = mapped_column(Json)
    earned: Mapped[int | None] = mapped_column(Fen)
    ruled: Mapped[bool] = mapped_column(default=False)
    proposed_by: Mapped[Side] = mapped_column(choice(Side, "proposed_by"))
    proposer_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[ChangeState] = mapped_column(choice(ChangeState, "state"), default=ChangeState.PROPOSED, index=True)
    answer: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    contract: Mapped[Contract] = relationship()
    proposer: Mapped[Account] = relationship()
