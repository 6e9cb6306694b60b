"""What the use cases of this room are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marketplace.licences.workflow import FeeMode, LicenceKind


@dataclass(frozen=True, slots=True)
class RequestTerms:
    """What an organisation asks for: patents of one owner, or of one pool."""

    licensee_id: int
    patent_ids: tuple[int, ...]
    purpose: str
    alliance_id: int | None = None
    field_of_use: str = ""
    territory: str = ""


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """The conditions the licensor offers; fen and basis points (see ``models.Licence``)."""

    kind: LicenceKind
    fee_mode: FeeMode
    starts_on: date
    ends_on: date
    lump: int = 0
    entry_fee: int = 0
    rate: int = 0
    pay_from: date | None = None
    field_of_use: str = ""
    territory: str = ""
    may_sublicense: bool = False


@dataclass(frozen=True, slots=True)
class OpenTerms:
    """An open licence's conditions. ``pledged`` without ``consent`` and ``disputed`` bar it (rules 86)."""

    fee_mode: FeeMode
    ends_on: date
    lump: int = 0
    rate: int = 0
    evaluation_report: str = ""
    other: str = ""
    pledged: bool = False
    consent: bool = False
    disputed: bool = False
