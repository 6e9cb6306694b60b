"""What the use cases of orders are given. A draft may lack anything, so nearly everything may be empty or None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.alliances.workflow import Visibility
from marketplace.kernel.fields import Field
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import Comparator, ContractType, IpWish


@dataclass(frozen=True, slots=True)
class NeedTerms:
    """Problem and background: the public text, and the alliance the order is placed in; ``ipc`` are symbols as typed."""

    alliance_id: int
    title: str
    title_en: str = ""
    problem: str = ""
    background: str = ""
    field: Field | None = None
    ipc: str = ""


@dataclass(frozen=True, slots=True)
class TargetTerms:
    """One measurable target; values are decimal text as typed."""

    name: str
    comparator: Comparator = Comparator.AT_LEAST
    value: str = ""
    value_to: str = ""
    unit: str = ""
    method: str = ""
    must_have: bool = True


@dataclass(frozen=True, slots=True)
class TargetsTerms:
    """Technology readiness now and wanted (1 to 9, GB/T 22900), and the targets in order."""

    trl_now: int | None = None
    trl_wanted: int | None = None
    targets: tuple[TargetTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class MoneyTerms:
    """Money in fen, times in UTC, the kind of contract, and the procedure (with the reason where it leaves teams out)."""

    own_funds: int | None = None
    price_ceiling: int | None = None
    bidding_from: datetime | None = None
    bid_deadline: datetime | None = None
    delivery_on: date | None = None
    contract_type: ContractType | None = None
    ip_wish: IpWish | None = None
    procedure: Procedure = Procedure.OPEN
    procedure_reason: str = ""
    budget_reason: str = ""


@dataclass(frozen=True, slots=True)
class DisclosureTerms:
    """Who sees the public part, and the confidential part."""

    visibility: Visibility = Visibility.PUBLIC
    confidential: str = ""


@dataclass(frozen=True, slots=True)
class AmendTerms:
    """The public part as it shall read, one sentence on what changed, and the question that this answers, where it does.

    Amounts are in fen. What is None stays as it is.
    """

    title: str
    problem: str
    background: str
    note: str
    question: int | None = None
    title_en: str | None = None
    targets: tuple[TargetTerms, ...] | None = None
    price_ceiling: int | None = None
    own_funds: int | None = None
    delivery_on: date | None = None


StepTerms = NeedTerms | TargetsTerms | MoneyTerms | DisclosureTerms
"""What one step of the form carries."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole order as ``readiness`` reads it; ``invited`` counts the teams that are invited."""

    need: NeedTerms
    targets: TargetsTerms
    money: MoneyTerms
    disclosure: DisclosureTerms
    invited: int = 0


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What a reader of the board asks for; None and "" mean no limit. ``price`` is (from, below) in fen."""

    text: str = ""
    fields: frozenset[Field] = frozenset()
    alliance: int | None = None
    stage: str = ""
    contract_type: ContractType | None = None
    price: tuple[int, int | None] | None = None
    sort: str = "newest"
