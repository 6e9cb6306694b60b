"""What past awards left behind for their contracts: reserved money, and promised person-days."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.demo.bidding import Bids
from marketplace.demo.ordering import AWARDED, Orders
from marketplace.demo.talents import WAN
from marketplace.funds import ledger
from marketplace.funds.models import Fund
from marketplace.funds.rules import eligible
from marketplace.funds.workflow import Movement
from marketplace.kernel.call import Call
from marketplace.kernel.money import BASIS
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.organisations.models import Organisation
from marketplace.talent import capacity

_MOST_FUNDS = 2
_SHARE = 1500
"""Basis points of the price that one fund paid for a past award."""


@use_case
def remember(call: Call, orders: Orders, bids: Bids, funds: list[Fund]) -> int:
    """Reserve the money of past awards, which their contracts commit and pay, and promise the days of what is not completed."""
    moved = 0
    for order in orders.of(*AWARDED):
        winner = bids.winners[order.id]
        price = bids.terms[winner.id].price or 0
        for fund in _payers(order, price, funds, call.now):
            _reserve(call, order, fund, _amount(fund, price))
            moved += 1
        if order.state is not OrderState.COMPLETED:
            _promise(call, bids, winner.id)
    audit.record(call, "demo.remember", "demo", None, {"movements": moved})
    return moved


def _payers(order: Order, price: int, funds: list[Fund], now: datetime) -> list[Fund]:
    organisation = db.session.get_one(Organisation, order.organisation_id)
    able = [fund for fund in funds if eligible(fund, order, organisation, now.date())]
    able = [fund for fund in able if max(fund.amount_min, WAN) <= _amount(fund, price) <= fund.available // 8]
    return sorted(able, key=lambda fund: (order.id + fund.id) % len(funds))[:_MOST_FUNDS]


def _amount(fund: Fund, price: int) -> int:
    share = price * min(_SHARE, fund.share_max or _SHARE) // BASIS // WAN * WAN
    return min(share, fund.amount_max or share)


def _reserve(call: Call, order: Order, fund: Fund, amount: int) -> None:
    ledger.move(
        replace(call, now=order.approved_at or call.now),
        fund.id,
        Movement.RESERVE,
        amount,
        key=f"order:{order.id}:{fund.id}:reserve",
        subject_kind="order",
        subject_id=order.id,
        enterprise_id=order.organisation_id,
        memo=order.reference,
    )


def _promise(call: Call, bids: Bids, bid_id: int) -> None:
    """Promise the winner's days; a team whose quarters are full keeps what it promised first."""
    terms = bids.terms[bid_id]
    if terms.start_on is None or terms.months is None:
        return
    loads: dict[tuple[int, str], int] = {}
    for load in terms.loads:
        for quarter, days in capacity.spread(load.person_days, terms.start_on, terms.months).items():
            loads[load.team, quarter] = days
    free = capacity.free_days(list(loads))
    if any(free[pair] < days for pair, days in loads.items()):
        return
    capacity.reserve(call, loads)
