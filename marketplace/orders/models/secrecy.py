"""Agreements under which a team reads the confidential part of one order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import UTCDateTime, choice, stamp_check
from marketplace.orders.models.order import Order
from marketplace.orders.workflow import NDA_ALIVE, NDA_WAS_SIGNED, NdaState
from marketplace.organisations.models import Organisation
from marketplace.talent.models import Team

_ALIVE = text(f"state IN ({', '.join(repr(state.value) for state in sorted(NDA_ALIVE))})")


class Nda(Numbered, Versioned, Base):
    """One team's agreement: asked for by the team, signed for its institution (``organisation``), open until ``expires_at``.

    ``digest`` is the fingerprint of exactly the text that ``signatory`` had before the eyes.
    """

    __tablename__ = "order_ndas"
    __table_args__ = (
        Index("uq_order_ndas_alive", "order_id", "team_id", unique=True, sqlite_where=_ALIVE, postgresql_where=_ALIVE),
        stamp_check("state", NDA_WAS_SIGNED, "signed_at", "signed_has_time"),
        stamp_check("state", NDA_WAS_SIGNED, "signed_by", "signed_has_person"),
        stamp_check("state", NDA_WAS_SIGNED, "expires_at", "signed_has_end"),
        stamp_check("state", frozenset(NdaState) - NDA_ALIVE, "ended_at", "ended_has_time"),
        CheckConstraint("expires_at > signed_at", name="term"),
        CheckConstraint("signed_at IS NULL OR length(digest) = 64", name="text"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[NdaState] = mapped_column(choice(NdaState, "state"), default=NdaState.REQUESTED)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    requested_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    signatory: Mapped[str] = mapped_column(String(200), default="")
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    digest: Mapped[str] = mapped_column(String(64), default="")

    order: Mapped[Order] = relationship()
    team: Mapped[Team] = relationship()
    organisation: Mapped[Organisation] = relationship()

    def is_live(self, now: datetime) -> bool:
        """True while it opens the confidential part: from the signature until its end, to the second."""
        if self.state is not NdaState.SIGNED or self.signed_at is None or self.expires_at is None:
            return False
        return self.signed_at <= now < self.expires_at
