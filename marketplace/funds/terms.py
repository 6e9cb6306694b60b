"""What the use cases of this room are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marketplace.funds.workflow import FundKind, Guarantee, Instrument


@dataclass(frozen=True, slots=True)
class FundTerms:
    """A fund's name and rules. Amounts in fen, shares in basis points, None or empty = no limit (see ``models.Fund``)."""

    code: str
    name: str
    kind: FundKind
    public: bool
    name_en: str = ""
    about: str = ""
    alliance_id: int | None = None
    cost: int = 0
    share_max: int | None = None
    amount_max: int | None = None
    amount_min: int = 0
    match_max: int | None = None
    enterprise_max: int | None = None
    fields: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    rate: int | None = None
    term_months: int | None = None
    loss_split: tuple[int, ...] = ()
    decision_days: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    yearly_max: int | None = None
    public_share_max: int | None = None
    industries: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    guarantee: Guarantee | None = None
    instrument: Instrument | None = None


@dataclass(frozen=True, slots=True)
class ContributionTerms:
    """Money for a fund: ``amount`` fen, ``source`` who brings it and on what paper."""

    amount: int
    source: str


@dataclass(frozen=True, slots=True)
class BankLine:
    """One line of a bank statement: ``amount`` in fen, above 0 when money came in, below when it went out."""

    number: str
    day: date
    amount: int
    text: str


@dataclass(frozen=True, slots=True)
class TransferTerms:
    """Available money that goes to another fund: ``amount`` fen to ``target_id``, and why."""

    target_id: int
    amount: int
    reason: str
