"""What people give to this room's use cases."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.call import Role
from marketplace.organisations.workflow import OrganisationKind, OrganisationState, Size


@dataclass(frozen=True, slots=True)
class PersonTerms:
    """Who opens an account: the identity number is digested at once and never stored or logged."""

    name: str
    identity_number: str
    email: str
    password: str
    locale: str

    def __repr__(self) -> str:
        return f"PersonTerms({self.email})"


@dataclass(frozen=True, slots=True)
class OrganisationTerms:
    """The legal person; ``size`` is asked of enterprises only."""

    kind: OrganisationKind
    name: str
    name_en: str
    uscc: str
    region: str
    industry: str
    size: Size | None
    introduction: str


@dataclass(frozen=True, slots=True)
class InvitationTerms:
    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class Search:
    """Filters of the list; None and "" leave everything in."""

    text: str = ""
    kind: OrganisationKind | None = None
    state: OrganisationState | None = None
    region: str = ""
