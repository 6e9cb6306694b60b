"""What an answer comes to, and what changes from one answer to another: who wins, who loses, yuan, value. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.matching.problem import OWN

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A run's problem, score sheets and solution as stored."""

    problem: Json
    scores: Json
    solution: Json

    @property
    def pairs(self) -> dict[str, str]:
        """Offer by order."""
        return {match["order"]: match["offer"] for match in self.solution.get("matches", [])}

    @property
    def pays(self) -> dict[str, dict[str, int]]:
        """Fen by source, by order."""
        return {match["order"]: match["pay"] for match in self.solution.get("matches", [])}


@dataclass(frozen=True, slots=True)
class Figures:
    """What an answer comes to. Money in fen; ``value`` by the score sheets it is measured with; ``stable`` = pairs as before."""

    orders: int
    matches: int
    value: int
    public: int
    own: int
    other: int
    stable: int | None = None

    @property
    def total(self) -> int:
        return self.public + self.own + self.other


@dataclass(frozen=True, slots=True)
class Move:
    """One order whose match is not the same: from ``before`` to ``after`` (offer keys, None = no match), and the fen moved."""

    order: str
    before: str | None
    after: str | None
    public: int
    own: int
    value: int


@dataclass(frozen=True, slots=True)
class Delta:
    """From one answer to another: orders that win a match, lose it, change their team, or are only paid differently."""

    before: Figures
    after: Figures
    wins: list[Move]
    losses: list[Move]
    changes: list[Move]
    repaid: list[Move]

    @property
    def nothing(self) -> bool:
        return not (self.wins or self.losses or self.changes or self.repaid)


def measured(answer: Answer, sheets: Json | None = None, before: Answer | None = None) -> Figures:
    """Add an answer up; ``sheets`` are the score sheets to measure it with (its own by default)."""
    public = public_funds(answer.problem)
    sums: Counter[str] = Counter()
    for pay in answer.pays.values():
        for source, fen in pay.items():
            sums["own" if source == OWN else "public" if source in public else "other"] += fen
    worth = values(answer, sheets)
    pairs = answer.pairs
    return Figures(
        orders=len(answer.problem.get("orders", [])),
        matches=len(pairs),
        value=sum(worth.get(offer, 0) for offer in pairs.values()),
        public=sums["public"],
        own=sums["own"],
        other=sums["other"],
        stable=None if before is None else sum(1 for o, offer in before.pairs.items() if pairs.get(o) == offer),
    )


def public_funds(problem: Json) -> set[str]:
    return {fund["id"] for fund in problem.get("funds", []) if fund.get("public")}


def values(answer: Answer, sheets: Json | None = None) -> dict[str, int]:
    """Value by offer: from score sheets where there are some, else as the problem has it."""
    own = {offer["id"]: offer["value"] for offer in answer.problem.get("offers", [])}
    told = answer.scores.get("bids", {}) if sheets is None else sheets
    return {**own, **{key: sheet["value"] for key, sheet in told.items()}}


def difference(before: Answer, after: Answer) -> Delta:
    """Compare two answers order by order, both measured with the first one's score sheets where it knows the bid."""
    sheets = {**after.scores.get("bids", {}), **before.scores.get("bids", {})}
    old, new = before.pairs, after.pairs
    moves: dict[str, list[Move]] = {"wins": [], "losses": [], "changes": [], "repaid": []}
    worth = values(before, sheets)
    public = {*public_funds(before.problem), *public_funds(after.problem)}
    for order in sorted({*old, *new}, key=lambda key: (len(key), key)):
        was, now = old.get(order), new.get(order)
        gone, come = before.pays.get(order, {}), after.pays.get(order, {})
        if was == now and {k: v for k, v in gone.items() if v} == {k: v for k, v in come.items() if v}:
            continue
        kind = "repaid" if was == now else "wins" if was is None else "losses" if now is None else "changes"
        moves[kind].append(
            Move(
                order,
                was,
                now,
                public=_public(come, public) - _public(gone, public),
                own=come.get(OWN, 0) - gone.get(OWN, 0),
                value=worth.get(now or "", 0) - worth.get(was or "", 0),
            )
        )
    return Delta(measured(before, sheets), measured(after, sheets, before), **moves)


def _public(pay: Json, public: set[str]) -> int:
    return sum(fen for source, fen in pay.items() if source in public)
