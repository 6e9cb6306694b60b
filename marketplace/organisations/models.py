"""Enterprises, universities and institutes, and invitations to act for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import UTCDateTime, choice, stamp_check
from marketplace.kernel.call import Role
from marketplace.organisations.naming import LONGEST, folded
from marketplace.organisations.workflow import InvitationState, OrganisationKind, OrganisationState, Size


class Organisation(Numbered, Versioned, Base):
    """A legal person, known by its unified social credit code (GB 32100-2015).

    The folded names follow the names by themselves: by them an organisation is found however somebody writes it.
    """

    __tablename__ = "organisations"
    __table_args__ = (stamp_check("state", {OrganisationState.VERIFIED}, "verified_at", "verified_has_time"),)

    kind: Mapped[OrganisationKind] = mapped_column(choice(OrganisationKind, "kind"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    folded_name: Mapped[str] = mapped_column(String(LONGEST), default="", server_default="", index=True)
    folded_name_en: Mapped[str] = mapped_column(String(LONGEST), default="", server_default="", index=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    region: Mapped[str] = mapped_column(String(6), default="")
    industry: Mapped[str] = mapped_column(String(4), default="")
    size: Mapped[Size | None] = mapped_column(choice(Size, "size"))
    introduction: Mapped[str] = mapped_column(String(2000), default="")
    state: Mapped[OrganisationState] = mapped_column(
        choice(OrganisationState, "state"), default=OrganisationState.REGISTERED, index=True
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @validates("name", "name_en")
    def _fold(self, key: str, value: str) -> str:
        setattr(self, f"folded_{key}", folded(value or ""))
        return value

    @property
    def is_enterprise(self) -> bool:
        return self.kind is OrganisationKind.ENTERPRISE


class Invitation(Numbered, Versioned, Base):
    """An owner asks a person, by mail, to act for the organisation."""

    __tablename__ = "invitations"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[InvitationState] = mapped_column(choice(InvitationState, "state"), default=InvitationState.OPEN)
    invited_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()
