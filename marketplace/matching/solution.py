"""What was decided and what was proved: `tripool-solution/1` as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from marketplace.matching import shape
from marketplace.matching.shape import BadProblem

FORMAT = "tripool-solution/1"
Kind = TypeVar("Kind", bound=StrEnum)


class Status(StrEnum):
    """What is claimed about the matches.

    `optimal`: every rule holds and the bound is within 1e-9 (relative) of the objective. `feasible`: every rule holds,
    the bound says how far the best could be. `infeasible`: no answer can satisfy every rule; `conflict` and `repairs`
    say why. `cancelled`: stopped by the caller, or out of time before any answer satisfied every rule; if something
    was found it is the best so far, otherwise `objective` is None and there are no matches (`Solution.found`).
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why an order has no match; each is true as told of the problem and the answer at hand.

    `no_offer`: nobody offered. `forbidden`: every offer is forbidden by rule. `team_too_small`: every offer asks more
    of a team (`by`) than it has in total. `price_above_funding`: no offer could be paid even if no other order drew on
    any fund. `value_negative`: matching it would lower the objective even if it had everything for itself.
    `conflict`: an offer would fit but for its conflict with the chosen offers in `by`. `team_full`: an offer would fit
    beside the present answer if the teams in `by` had `needs` more capacity. `fund_exhausted`: the same with fen of
    the funds in `by`. `outvalued`: several of these at once, the offers in `by` hold most of what it needs; `needs` is what
    would make room for both. `undecided`: an offer fits beside the answer, but the search was stopped before using it.
    """

    NO_OFFER = "no_offer"
    FORBIDDEN = "forbidden"
    TEAM_TOO_SMALL = "team_too_small"
    PRICE_ABOVE_FUNDING = "price_above_funding"
    VALUE_NEGATIVE = "value_negative"
    CONFLICT = "conflict"
    TEAM_FULL = "team_full"
    FUND_EXHAUSTED = "fund_exhausted"
    OUTVALUED = "outvalued"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class FundingOption:
    """One way to pay a match: fen by source, `own` first, then funds by id; sources paying nothing are left out."""

    label: str
    pay: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Match:
    order: str
    offer: str
    pay: Mapping[str, int]
    options: tuple[FundingOption, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Why an order has no match; `needs` maps teams or funds to the extra capacity or fen that would suffice."""

    order: str
    reason: Reason
    by: tuple[str, ...] = ()
    needs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prices:
    """Shadow prices from the linear relaxation: value units per unit of capacity, and per fen of budget."""

    teams: Mapping[str, float] = field(default_factory=dict)
    funds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limit:
    """One demand or limit of a problem that can be relaxed: `kind` as its key in the file, `of` the ids it names."""

    kind: str
    of: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        return {"kind": self.kind, "of": list(self.of)}


@dataclass(frozen=True, slots=True)
class Change:
    """A limit moved by so much (in its own unit: fen, capacity, 1/10,000, orders); None = the rule is dropped."""

    limit: Limit
    by: int | None

    def to_json(self) -> dict[str, object]:
        return {**self.limit.to_json(), "by": self.by}


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that together make the problem feasible, found and confirmed by re-solving, and the objective then."""

    changes: tuple[Change, ...]
    objective: Fraction | None = None

    def to_json(self) -> dict[str, object]:
        return {"changes": [change.to_json() for change in self.changes], "objective": number(self.objective)}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve is: best objective and proved bound, their gap relative to the bound, seconds since the start."""

    objective: float | None
    bound: float | None
    gap: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Solution:
    """An answer. `objective` and `bound` are exact value units; None means nothing was found or proved."""

    status: Status
    objective: Fraction | None
    bound: Fraction | None
    seconds: float
    matches: tuple[Match, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    prices: Prices = field(default_factory=Prices)
    conflict: tuple[Limit, ...] = ()
    repairs: tuple[Repair, ...] = ()
    certificate: Mapping[str, Any] | None = None  # the large path's proof, read by `certificate` and by nobody else

    @property
    def found(self) -> bool:
        """Whether the matches satisfy every rule (an empty answer may)."""
        return self.objective is not None

    @property
    def gap(self) -> float | None:
        """How far the objective may be from the best, relative to the bound; None when either is unknown."""
        return relative_gap(self.objective, self.bound)

    def to_json(self) -> dict[str, object]:
        """This answer as a `tripool-solution/1` dictionary."""
        told: dict[str, object] = {
            "format": FORMAT,
            "status": str(self.status),
            "objective": number(self.objective),
            "bound": number(self.bound),
            "seconds": round(self.seconds, 3),
            "matches": [
                {
                    "order": m.order,
                    "offer": m.offer,
                    "pay": dict(m.pay),
                    "options": [{"label": o.label, "pay": dict(o.pay)} for o in m.options],
                    "reasons": list(m.reasons),
                }
                for m in self.matches
            ],
            "unmatched": [
                {"order": u.order, "reason": str(u.reason), "by": list(u.by), "needs": dict(u.needs)}
                for u in self.unmatched
            ],
            "prices": {"teams": dict(self.prices.teams), "funds": dict(self.prices.funds)},
        }
        if self.status == Status.INFEASIBLE:
            told["conflict"] = [limit.to_json() for limit in self.conflict]
            told["repairs"] = [repair.to_json() for repair in self.repairs]
        if self.certificate is not None:
            told["certificate"] = dict(self.certificate)
        return told

    @classmethod
    def from_json(cls, data: object) -> Solution:
        """Read a decoded `tripool-solution/1`; raises BadProblem with one line naming the place."""
        top = shape.mapping(data, "solution")
        if top.get("format") != FORMAT:
            raise BadProblem(f"format: {top.get('format')!r} is not {FORMAT!r}")
        row = shape.Row(top, "solution")
        prices = shape.Row(shape.mapping(top.get("prices") or {}, "prices"), "prices")
        certificate = top.get("certificate")
        return cls(
            status=_member(Status, row, "status"),
            objective=row.optional_fraction("objective"),
            bound=row.optional_fraction("bound"),
            seconds=float(row.optional_fraction("seconds") or 0),
            matches=tuple(_match(each) for each in shape.rows(top, "matches")),
            unmatched=tuple(_unmatched(each) for each in shape.rows(top, "unmatched")),
            prices=Prices(teams=prices.numbers("teams"), funds=prices.numbers("funds")),
            conflict=tuple(_limit(each) for each in shape.rows(top, "conflict")),
            repairs=tuple(_repair(each) for each in shape.rows(top, "repairs")),
            certificate=None if certificate is None else shape.mapping(certificate, "certificate"),
        )


def number(value: Fraction | None) -> int | float | None:
    """A Fraction as JSON holds it best: exact when whole, else the nearest float."""
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def relative_gap(objective: Fraction | None, bound: Fraction | None) -> float | None:
    """(bound − objective) / |bound|, 0 when they agree."""
    if objective is None or bound is None:
        return None
    if objective == bound:
        return 0.0
    return float((bound - objective) / abs(bound)) if bound else float("inf")


def _match(row: shape.Row) -> Match:
    options = tuple(FundingOption(each.text("label"), each.amounts("pay")) for each in row.rows("options"))
    return Match(
        order=row.text("order"),
        offer=row.text("offer"),
        pay=row.amounts("pay"),
        options=options,
        reasons=row.texts("reasons") or (),
    )


def _unmatched(row: shape.Row) -> Unmatched:
    return Unmatched(
        order=row.text("order"),
        reason=_member(Reason, row, "reason"),
        by=row.texts("by") or (),
        needs=row.amounts("needs"),
    )


def _limit(row: shape.Row) -> Limit:
    return Limit(kind=row.text("kind"), of=row.texts("of") or ())


def _repair(row: shape.Row) -> Repair:
    changes = tuple(Change(_limit(each), each.optional_whole("by")) for each in row.rows("changes"))
    return Repair(changes, row.optional_fraction("objective"))


def _member(kind: type[Kind], row: shape.Row, key: str) -> Kind:
    told = row.text(key)
    try:
        return kind(told)
    except ValueError:
        raise BadProblem(f"{row.at}.{key}: {told!r} is none of {', '.join(kind)}") from None
