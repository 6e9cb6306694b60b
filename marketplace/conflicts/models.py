"""Declared relations, and overrides of found links."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account, Person
from marketplace.conflicts.terms import End
from marketplace.conflicts.workflow import (
    DECIDED,
    EndKind,
    OverrideState,
    RelationKind,
    RelationState,
    Subject,
)
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Json, UTCDateTime, choice, stamp_check
from marketplace.organisations.models import Organisation
from marketplace.storage.models import StoredFile


class Relation(Numbered, Versioned, Base):
    """Somebody is close to somebody, from when to when, on what evidence.

    The near end is always known. The other end was named in words (``other_name``, ``other_at``) and is known once
    ``other_person_id`` or ``other_organisation_id`` is set.
    """

    __tablename__ = "relations"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name="one_near_end"),
        CheckConstraint("other_person_id IS NULL OR other_organisation_id IS NULL", name="one_other_end"),
        CheckConstraint("other_person_id IS NULL OR other_kind = 'person'", name="other_person"),
        CheckConstraint("other_organisation_id IS NULL OR other_kind = 'organisation'", name="other_organisation"),
        CheckConstraint("other_person_id IS NULL OR person_id IS NULL OR other_person_id <> person_id", name="persons"),
        CheckConstraint(
            "other_organisation_id IS NULL OR organisation_id IS NULL OR other_organisation_id <> organisation_id",
            name="organisations",
        ),
        CheckConstraint("since IS NULL OR until IS NULL OR until >= since", name="dates"),
        CheckConstraint("length(evidence) > 0", name="evidence"),
        stamp_check("state", DECIDED, "decided_at", "decided_has_time"),
    )

    kind: Mapped[RelationKind] = mapped_column(choice(RelationKind, "kind"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    other_kind: Mapped[EndKind] = mapped_column(choice(EndKind, "other_kind"))
    other_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    other_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    other_name: Mapped[str] = mapped_column(String(200))
    other_at: Mapped[str] = mapped_column(String(200), default="")
    since: Mapped[date | None]
    until: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    state: Mapped[RelationState] = mapped_column(
        choice(RelationState, "state"), default=RelationState.DECLARED, index=True
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
    declared_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])
    other_person: Mapped[Person | None] = relationship(foreign_keys=[other_person_id])
    other_organisation: Mapped[Organisation | None] = relationship(foreign_keys=[other_organisation_id])
    file: Mapped[StoredFile | None] = relationship()
    declarer: Mapped[Account] = relationship(foreign_keys=[declared_by])

    @property
    def near(self) -> End:
        if self.person_id is not None:
            return End(EndKind.PERSON, self.person_id)
        return End(EndKind.ORGANISATION, self.organisation_id or 0)

    @property
    def other(self) -> End | None:
        """The other end, None while nobody knows for certain who that is."""
        known = self.other_person_id if self.other_kind is EndKind.PERSON else self.other_organisation_id
        return None if known is None else End(self.other_kind, known)

    @property
    def person_ids(self) -> frozenset[int]:
        return frozenset(key for key in (self.person_id, self.other_person_id) if key is not None)


class ConflictOverride(Numbered, Versioned, Base):
    """Two people decided that one found link does not stand in the way of one subject.

    ``key`` names the link, ``link`` is what the two read and ``content_hash`` its fingerprint with the reason: when the link
    itself changes, the override no longer covers it.
    """

    __tablename__ = "conflict_overrides"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="reason"),
        stamp_check("state", {OverrideState.APPROVED, OverrideState.REFUSED}, "decided_at", "decided_has_time"),
        Index(
            "uq_conflict_overrides_open",
            "subject_kind",
            "subject_id",
            "key",
            unique=True,
            sqlite_where=text("state <> 'refused'"),
            postgresql_where=text("state <> 'refused'"),
        ),
    )

    subject_kind: Mapped[Subject] = mapped_column(choice(Subject, "subject_kind"))
    subject_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(80))
    link: Mapped[dict[str, Any]] = mapped_column(Json)
    link_hash: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(1000))
    state: Mapped[OverrideState] = mapped_column(
        choice(OverrideState, "state"), default=OverrideState.PROPOSED, index=True
    )
    refusal: Mapped[str] = mapped_column(String(500), default="")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    proposer: Mapped[Account] = relationship(foreign_keys=[proposed_by])
    decider: Mapped[Account | None] = relationship(foreign_keys=[decided_by])
