"""A run's answer read from its stored solution instead of from proposals: for scenarios that nobody has kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.bids.models import Bid
from marketplace.db.base import db
from marketplace.funds.models import Fund
from marketplace.orders.models import Order
from marketplace.rounds.keys import row_of
from marketplace.rounds.models import Run
from marketplace.rounds.sentences import OWN
from marketplace.rounds.whatif.figures import Answer
from marketplace.talent.models import Team


@dataclass(frozen=True, slots=True)
class Matched:
    """A match of the answer with its rows; ``pay`` maps sources to fen, ``funds`` the funds by id."""

    bid: Bid
    pay: Mapping[str, int]
    funds: Mapping[int, Fund]

    def sources(self) -> list[tuple[Fund | None, int]]:
        """Who pays, the enterprise first; parts set aside from one fund are one payment of it."""
        sums: dict[int | None, int] = {}
        for source, fen in self.pay.items():
            key = None if source == OWN else row_of(source)
            sums[key] = sums.get(key, 0) + fen
        ordered = sorted(
            ((key, fen) for key, fen in sums.items() if fen), key=lambda each: (each[0] is not None, each[0] or 0)
        )
        return [(None if key is None else self.funds[key], fen) for key, fen in ordered]


@dataclass(frozen=True, slots=True)
class Lacking:
    """An order without a match, as ``Unmatched`` tells it."""

    order: Order
    order_id: int
    reason: str
    by: list[str] = field(default_factory=list)
    needs: dict[str, int] = field(default_factory=dict)


def answer_of(run: Run) -> Answer:
    return Answer(run.problem or {}, run.scores or {}, run.solution or {})


def matched(run: Run) -> list[Matched]:
    told = (run.solution or {}).get("matches", [])
    bids = bids_by_key(match["offer"] for match in told)
    funds = _by_id(Fund, {row_of(source) for match in told for source in match["pay"] if source != OWN})
    return [Matched(bids[m["offer"]], m["pay"], funds) for m in told if m["offer"] in bids]


def lacking(run: Run) -> list[Lacking]:
    told = (run.solution or {}).get("unmatched", [])
    orders = _by_id(Order, {row_of(each["order"]) for each in told})
    return [
        Lacking(orders[key], key, each["reason"], each["by"], each["needs"])
        for each in told
        if (key := row_of(each["order"])) in orders
    ]


def bids_by_key(keys: Iterable[str]) -> dict[str, Bid]:
    """Bids with their order, team and organisation, by key."""
    rows = db.session.scalars(
        select(Bid)
        .where(Bid.id.in_({row_of(key) for key in keys}))
        .options(joinedload(Bid.order), joinedload(Bid.content), joinedload(Bid.team).joinedload(Team.organisation))
    )
    return {f"b{bid.id}": bid for bid in rows}


def _by_id(model: Any, ids: set[int]) -> dict[int, Any]:
    rows: Sequence[Any] = db.session.scalars(select(model).where(model.id.in_(ids))).all()
    return {row.id: row for row in rows}
