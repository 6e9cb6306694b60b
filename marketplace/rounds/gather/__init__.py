"""From rows to a frozen ``tripool-problem/1``: with ``record`` and ``solve`` the only way between the rooms and the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from marketplace.bids.models import Bid, OpenedBid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.funds.rules import public_ceiling
from marketplace.kernel.call import Call
from marketplace.matching.problem import AtLeast, Order, Problem, Rules
from marketplace.orders.models import Order as OrderRow
from marketplace.organisations.workflow import Size
from marketplace.rounds.gather.candidates import candidates
from marketplace.rounds.gather.facts import Facts, picked, read
from marketplace.rounds.gather.fit import OrderFit, Piece, Texts, rank
from marketplace.rounds.gather.interests import barred
from marketplace.rounds.gather.money import problem_funds
from marketplace.rounds.gather.offers import Entered, enter, problem_teams
from marketplace.rounds.keys import bid_key, enterprise_key, order_key
from marketplace.rounds.models import Round, RoundOrder
from marketplace.talent.queries import capability_documents
from marketplace.vectors import store

__all__ = ["SME", "Frozen", "freeze", "graft", "rank", "read_texts", "text_of", "texts_of"]

SME = frozenset({Size.MICRO, Size.SMALL, Size.MEDIUM})


@dataclass(frozen=True, slots=True)
class Frozen:
    """A round's input exactly as it will be solved, and the score sheets that explain it."""

    parsed: Problem
    scores: dict[str, Any]

    @property
    def problem(self) -> dict[str, Any]:
        """As it is stored: plain JSON."""
        return self.parsed.to_json()


def read_texts(call: Call, round_: Round, on: date, orders: Sequence[OrderRow] | None = None) -> Texts:
    """Read what is compared, as plain text: orders (those under evaluation by default), their plans, teams' published work."""
    return texts_of(call, [row.order for row in picked(round_)] if orders is None else orders, on)


def texts_of(call: Call, orders: Sequence[OrderRow], on: date) -> Texts:
    """The same for any orders, without a round; plans that are still sealed are not among them."""
    plans, own = _plans([order.id for order in orders])
    return Texts(
        orders={order.id: text_of(order) for order in orders},
        plans=plans,
        own=own,
        pieces=tuple(
            Piece(row.capability_id, row.team_id, row.text, row.kind or "", row.year)
            for row in capability_documents(call.actor)
        ),
        year=on.year,
        vectors=store.known(),
        weights=store.learned(),
    )


def _plans(order_ids: Sequence[int]) -> tuple[dict[str, str], dict[int, list[str]]]:
    """The opened plans alone, and which are whose: a run that knows its comparisons must not read every bid twice."""
    query = select(Bid.id, Bid.order_id, OpenedBid.plan).join(Bid.content)
    open_ = query.where(Bid.order_id.in_(order_ids), Bid.state == BidState.OPENED)
    plans: dict[str, str] = {}
    own: dict[int, list[str]] = {}
    for bid_id, order_id, plan in db.session.execute(open_.order_by(Bid.id)):
        plans[bid_key(bid_id)] = plan
        own.setdefault(order_id, []).append(bid_key(bid_id))
    return plans, own


def freeze(round_: Round, fits: Mapping[int, OrderFit], on: date) -> Frozen:
    """Read the round as it is now and make its problem; ``on`` is the day on which funds must be open.

    ``fits`` may be a moment older: an order it does not know yet fits nothing. Raises BadProblem when rows contradict each
    other, which no page should allow.
    """
    facts = read(round_, on)
    fits = {row.order_id: fits.get(row.order_id, OrderFit()) for row in facts.orders}
    entered = enter(facts, fits, barred(facts.orders, facts.bids, on))
    problem = Problem(
        orders=tuple(_order(facts, row) for row in facts.orders),
        teams=tuple(problem_teams(entered.loads)),
        offers=tuple(entered.offers),
        funds=tuple(problem_funds(facts, entered.offers, on)),
        rules=_rules(facts, entered),
    )
    scores = {
        "bids": entered.sheets,
        "dropped": entered.dropped,
        "candidates": candidates(facts, fits, on),
        "weights": dict(facts.round.weights),
        "texts": max((fit.texts for fit in fits.values()), default=0),
        "unread": max((fit.unread for fit in fits.values()), default=0),
    }
    return Frozen(problem, scores)


def graft(round_: Round, order: OrderRow, fits: Mapping[int, OrderFit], on: date) -> dict[str, Any]:
    """One order as the round would see it on the day, with its bids and what it may draw on: a change "add an order".

    Plain JSON: ``part`` of a problem and the bids' ``sheets`` (see ``whatif.changes``).
    """
    row = RoundOrder(round_id=round_.id, order_id=order.id, must_match=False)
    row.order = order  # only to be read: it never enters the session
    facts = read(round_, on, [row])
    entered = enter(facts, {order.id: fits.get(order.id, OrderFit())}, barred(facts.orders, facts.bids, on))
    part = Problem(
        orders=(_order(facts, row),),
        teams=tuple(problem_teams(entered.loads)),
        offers=tuple(entered.offers),
        funds=tuple(problem_funds(facts, entered.offers, on)),
    )
    return {"part": part.to_json(), "sheets": entered.sheets}


def text_of(order: OrderRow) -> str:
    """The public text of an order; its confidential part never leaves its table."""
    wanted = " ".join(target.name for target in order.targets)
    return "\n".join(filter(None, [order.title, order.problem, order.background, wanted]))


def _order(facts: Facts, row: RoundOrder) -> Order:
    order = row.order
    groups = [f"alliance:{order.alliance.code}"]
    if order.organisation.size in SME:
        groups.append("sme")
    if order.organisation_id not in facts.served:
        groups.append("first_timer")
    return Order(
        id=order_key(order.id),
        enterprise=enterprise_key(order.organisation_id),
        own_funds=order.own_funds or 0,
        must_match=row.must_match,
        groups=tuple(sorted(groups)),
    )


def _rules(facts: Facts, entered: Entered) -> Rules:
    present = {offer.id for offer in entered.offers}
    rules = facts.round.rules
    treated = sorted(facts.treatments.values(), key=lambda row: row.bid_id)
    return Rules(
        public_share_max=public_ceiling((row.fund for row in facts.funds), rules.get("public_share_max")),
        at_least=tuple(AtLeast(each["group"], each["matched"]) for each in rules.get("at_least", [])),
        locked=tuple(bid_key(t.bid_id) for t in treated if t.locked and bid_key(t.bid_id) in present),
        forbidden=tuple(bid_key(t.bid_id) for t in treated if t.forbidden and bid_key(t.bid_id) in present),
    )
