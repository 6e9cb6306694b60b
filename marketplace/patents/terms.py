"""What the use cases of this room are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marketplace.kernel.fields import Field
from marketplace.patents.workflow import Delivery, EventKind, LegalState, PatentKind, Route, RuleCode


@dataclass(frozen=True, slots=True)
class ShareTerms:
    """One holder: a member by ``organisation_id`` or somebody by name; ``share`` in basis points."""

    name: str
    share: int
    organisation_id: int | None = None
    orcid: str = ""


@dataclass(frozen=True, slots=True)
class PatentTerms:
    """A patent as its owner describes it. ``number`` as people write it; ``inventor_share`` None = nothing agreed."""

    number: str
    kind: PatentKind
    title: str
    field: Field
    filed_on: date
    title_en: str = ""
    abstract: str = ""
    claims: str = ""
    ipc: str = ""
    applicants: str = ""
    family: str = ""
    route: Route = Route.DIRECT
    citations: int | None = None
    inventor_share: int | None = None
    priority_on: date | None = None
    published_on: date | None = None
    publication_number: str = ""
    granted_on: date | None = None
    inventors: tuple[ShareTerms, ...] = ()
    owners: tuple[ShareTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class EventTerms:
    """What happened to a patent, on which day of the office's paper, and how the paper came (None = on that very day)."""

    kind: EventKind
    on: date
    note: str = ""
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class TransferTerms:
    """Who gets the patent (a member by ``buyer_id`` or somebody by name), from which day, and whether the buyer only asserts."""

    buyer: str
    buyer_id: int | None
    on: date
    asserts: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class StepTerms:
    """What was done about a deadline; ``paid`` in fen, surcharge included."""

    rule: RuleCode
    number: int
    done_on: date
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Search:
    """Filters of the register; empty = all."""

    text: str = ""
    field: Field | None = None
    kind: PatentKind | None = None
    state: LegalState | None = None
    ipc: str = ""
    owner_id: int | None = None
