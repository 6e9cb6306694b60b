"""Sealed bids, and what was in them once they were opened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.bids.terms import FIRST_FORMAT
from marketplace.bids.workflow import BidState, ConsentState, Meets, Part, RepairState, Scheme, ShortlistState
from marketplace.db.base import Base, Numbered, Versioned, read_only_rows
from marketplace.db.triggers import append_only
from marketplace.db.types import Fen, Json, UTCDateTime, choice, stamp_check
from marketplace.orders.models import Order
from marketplace.storage.models import StoredFile
from marketplace.talent.models import Team


class Bid(Numbered, Versioned, Base):
    """A team's answer to an order. Before opening its content exists only encrypted (see ``bids.sealing``).

    ``envelope`` is sealed to the opener's public key; ``owner_copy`` lets the bidder read and replace it until the deadline and
    is erased at opening. ``commitment`` is the salted digest the bidder's receipt repeats. Where a procedure wants two
    envelopes, the amounts lie in ``price_envelope`` with a commitment of their own.
    """

    __tablename__ = "bids"
    __table_args__ = (
        UniqueConstraint("order_id", "team_id"),
        stamp_check("state", {BidState.SUBMITTED}, "submitted_at", "submitted_has_time"),
        stamp_check(
            "state",
            {BidState.TECHNICAL, BidState.OPENED, BidState.WON, BidState.LOST},
            "opened_at",
            "opened_has_time",
        ),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    state: Mapped[BidState] = mapped_column(choice(BidState, "state"), default=BidState.DRAFT, index=True)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    envelope: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    owner_copy: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    commitment: Mapped[str] = mapped_column(String(64), default="")
    price_envelope: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    price_commitment: Mapped[str] = mapped_column(String(64), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    order: Mapped[Order] = relationship()
    team: Mapped[Team] = relationship()
    content: Mapped[OpenedBid | None] = relationship(back_populates="bid")
    technical: Mapped[TechnicalPart | None] = relationship()
    repair: Mapped[BidRepair | None] = relationship()
    consents: Mapped[list[BidConsent]] = relationship(order_by="BidConsent.team_id")


class OpenedBid(Base):
    """The content of a bid after the opening: plan, price in fen, start, months; ``salt`` proves it against the commitment.

    ``extras`` is the rest of the content exactly as it was sealed (milestones, staff, background, money of members, …); readers
    take the whole from ``proof.terms_of``. ``price_salt`` proves the amounts where they had an envelope of their own.
    """

    __tablename__ = "opened_bids"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("months BETWEEN 1 AND 120", name="months"),
    )

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    plan: Mapped[str] = mapped_column(Text)
    schedule: Mapped[str] = mapped_column(Text, default="")
    price: Mapped[int] = mapped_column(Fen)
    start_on: Mapped[date]
    months: Mapped[int]
    salt: Mapped[str] = mapped_column(String(64), default="")
    price_salt: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[str] = mapped_column(String(20), default=FIRST_FORMAT)
    extras: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    bid: Mapped[Bid] = relationship(back_populates="content")
    loads: Mapped[list[OpenedLoad]] = relationship(order_by="OpenedLoad.team_id")
    answers: Mapped[list[OpenedAnswer]] = relationship(order_by="OpenedAnswer.target_id")

    @property
    def targets_met(self) -> int:
        """How many targets the bid says it meets or exceeds."""
        return sum(answer.meets in {Meets.MEETS, Meets.EXCEEDS} for answer in self.answers)


class OpenedLoad(Base):
    """Person-days a team puts in over the whole project (several teams: a consortium)."""

    __tablename__ = "opened_loads"
    __table_args__ = (CheckConstraint("person_days > 0", name="person_days"),)

    bid_id: Mapped[int] = mapped_column(ForeignKey("opened_bids.bid_id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    person_days: Mapped[int]

    team: Mapped[Team] = relationship()


class OpenedAnswer(Base):
    """How the bid answers one target, with the promised value where there is one."""

    __tablename__ = "opened_answers"

    bid_id: Mapped[int] = mapped_column(ForeignKey("opened_bids.bid_id"), primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("order_targets.id"), primary_key=True)
    meets: Mapped[Meets] = mapped_column(choice(Meets, "meets"))
    value: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(500), default="")


class TechnicalPart(Base):
    """The content of a bid whose amounts are still sealed, exactly as it was sealed; kept as what the scores were given to."""

    __tablename__ = "technical_parts"

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    salt: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(20))


class ConceptPart(Base):
    """The concept of a bid in two stages, exactly as it was sealed, with the commitment that the bid had then.

    ``chosen`` is whether it is (or is proposed to be) on the shortlist, with the reason that its team reads; ``departure`` is
    why that differs from what the committee recommended.
    """

    __tablename__ = "concept_parts"
    __table_args__ = (CheckConstraint("chosen IS NULL OR reason <> ''", name="reason"),)

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    salt: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(20))
    commitment: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    chosen: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    departure: Mapped[str] = mapped_column(String(1000), default="")

    bid: Mapped[Bid] = relationship()


class Shortlist(Versioned, Base):
    """Which concepts go on, and until when their full bids may come: one person proposes, a different one confirms."""

    __tablename__ = "shortlists"
    __table_args__ = (stamp_check("state", {ShortlistState.CONFIRMED}, "decided_at", "decided_has_time"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    state: Mapped[ShortlistState] = mapped_column(choice(ShortlistState, "state"), default=ShortlistState.PROPOSED)
    deadline: Mapped[datetime] = mapped_column(UTCDateTime)
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OrderKey(Base):
    """The public key of one opening, signed by the opener, and when its private key last proved that it opens.

    ``shares`` hold the private key where it is split, each sealed to one holder. ``probe`` is an envelope of random bytes whose
    digest is ``probe_digest``: opening it proves the key without touching a bid. ``released_at`` is when the technical scores
    were locked, before which the price key is not used.
    """

    __tablename__ = "order_keys"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    part: Mapped[Part] = mapped_column(choice(Part, "part"), primary_key=True)
    scheme: Mapped[Scheme] = mapped_column(choice(Scheme, "scheme"))
    public: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
    shares: Mapped[list[list[str]]] = mapped_column(Json, default=list)
    probe: Mapped[bytes] = mapped_column(LargeBinary)
    probe_digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OpeningRecord(Base):
    """What the opener did at one opening, signed by it, for everybody to read and to check receipts against."""

    __tablename__ = "opening_records"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    part: Mapped[Part] = mapped_column(choice(Part, "part"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    document: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(128))


class BidFile(Numbered, Base):
    """An attachment before the opening: encrypted bytes. Its name, size and key are in the bid's content only."""

    __tablename__ = "bid_files"

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class OpenedFile(Base):
    """An attachment after the opening, by the number the content gives it."""

    __tablename__ = "opened_files"

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))

    file: Mapped[StoredFile] = relationship(lazy="joined")


class BidConsent(Versioned, Base):
    """Whether the institution of one member authorises that team's part of a consortium.

    ``part`` is what the institution reads, encrypted like the owner copy: its own days, money and task and nothing else of the
    bid. ``digest`` binds the answer to exactly that part.
    """

    __tablename__ = "bid_consents"
    __table_args__ = (
        stamp_check("state", {ConsentState.GIVEN, ConsentState.REFUSED}, "decided_at", "decided_has_time"),
    )

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True, index=True)
    state: Mapped[ConsentState] = mapped_column(choice(ConsentState, "state"), default=ConsentState.ASKED)
    part: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500), default="")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    team: Mapped[Team] = relationship()
    bid: Mapped[Bid] = relationship(back_populates="consents")


class BidRepair(Versioned, Base):
    """The one window in which formal errors may be put right: what was asked, until when, what came. The bid stays as it was."""

    __tablename__ = "bid_repairs"
    __table_args__ = (
        stamp_check("state", {RepairState.ANSWERED, RepairState.ACCEPTED}, "answered_at", "answered_has_time"),
        CheckConstraint("until > asked_at", name="window"),
    )

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    state: Mapped[RepairState] = mapped_column(choice(RepairState, "state"), default=RepairState.ASKED)
    points: Mapped[str] = mapped_column(String(2000))
    answer: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))

    file: Mapped[StoredFile | None] = relationship()


append_only(OpeningRecord.__table__)  # type: ignore[arg-type]
read_only_rows(OpeningRecord)
