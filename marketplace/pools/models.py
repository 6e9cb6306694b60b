"""Offers of patents to pools, what experts said about them, and the pools' rules in versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance
from marketplace.db.base import Base, Numbered, Versioned, read_only_rows
from marketplace.db.triggers import append_only
from marketplace.db.types import Fen, Json, UTCDateTime, choice, stamp_check
from marketplace.patents.models import Patent
from marketplace.pools.workflow import Essentiality, OfferState, Relation, RulesState, Validity

_LIVE = text("state IN ('offered', 'evaluating', 'evaluated', 'proposed', 'admitted')")


class PoolOffer(Numbered, Versioned, Base):
    """A patent on its way into, in, or out of an alliance's pool; at most one live offer for each patent."""

    __tablename__ = "pool_offers"
    __table_args__ = (
        stamp_check("state", {OfferState.ADMITTED, OfferState.LEFT}, "admitted_at", "admitted_has_time"),
        stamp_check("state", {OfferState.LEFT}, "left_at", "left_has_time"),
        stamp_check("state", {OfferState.EVALUATING}, "expert_id", "evaluating_has_expert"),
        CheckConstraint("weight BETWEEN 1 AND 10", name="weight"),
        Index("uq_pool_offers_live", "patent_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    patent_id: Mapped[int] = mapped_column(ForeignKey("patents.id"))
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliances.id"), index=True)
    note: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[OfferState] = mapped_column(choice(OfferState, "state"), default=OfferState.OFFERED, index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    weight: Mapped[int] = mapped_column(default=5)
    offered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    offered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    admitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    patent: Mapped[Patent] = relationship()
    alliance: Mapped[Alliance] = relationship()
    expert: Mapped[Account | None] = relationship(foreign_keys=[expert_id])


class PoolEvaluation(Numbered, Base):
    """What an independent expert found; ``chart`` sets claim elements beside what a product does. Never changed.

    Charts and doubts are weapons in a dispute: they are for the owner, the expert and the staff, never for other members.
    """

    __tablename__ = "pool_evaluations"
    __table_args__ = (CheckConstraint("weight BETWEEN 1 AND 10", name="weight"),)

    offer_id: Mapped[int] = mapped_column(ForeignKey("pool_offers.id"), unique=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    validity: Mapped[Validity] = mapped_column(choice(Validity, "validity"))
    essentiality: Mapped[Essentiality] = mapped_column(choice(Essentiality, "essentiality"))
    relation: Mapped[Relation] = mapped_column(choice(Relation, "relation"))
    weight: Mapped[int]
    chart: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    remark: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class PoolRules(Numbered, Versioned, Base):
    """One version of a pool's conditions. A bundle costs ``patent_price`` for each patent and year, at most ``bundle_cap``.

    ``pool_fee`` and ``rate`` in basis points: what the pool keeps of income, and the running royalty on net sales.
    """

    __tablename__ = "pool_rules"
    __table_args__ = (
        UniqueConstraint("alliance_id", "number"),
        CheckConstraint("pool_fee BETWEEN 0 AND 2000", name="pool_fee"),
        CheckConstraint("rate BETWEEN 0 AND 10000", name="rate"),
        CheckConstraint("entry_fee >= 0 AND patent_price >= 0 AND bundle_cap >= 0", name="prices"),
        stamp_check("state", {RulesState.IN_FORCE, RulesState.REPLACED}, "decided_at", "in_force_has_time"),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliances.id"), index=True)
    number: Mapped[int]
    entry_fee: Mapped[int] = mapped_column(Fen)
    patent_price: Mapped[int] = mapped_column(Fen)
    bundle_cap: Mapped[int] = mapped_column(Fen)
    rate: Mapped[int]
    pool_fee: Mapped[int]
    members_free: Mapped[bool] = mapped_column(default=False)
    state: Mapped[RulesState] = mapped_column(choice(RulesState, "state"), default=RulesState.PROPOSED, index=True)
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    alliance: Mapped[Alliance] = relationship()

    def bundle_price(self, patents: int) -> int:
        """Return the yearly fen for so many patents: it never rises once the cap is reached, however many owners join."""
        return min(self.bundle_cap, self.patent_price * patents)


append_only(PoolEvaluation.__table__)  # type: ignore[arg-type]
read_only_rows(PoolEvaluation)
