"""The round's funds as the problem sees them: what is left, for which orders, within each enterprise's own limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from marketplace.funds.models import Fund as FundRow
from marketplace.funds.rules import NOTHING, eligible, for_one_enterprise
from marketplace.kernel.money import split
from marketplace.matching.problem import Fund, Offer
from marketplace.rounds.gather.facts import Facts
from marketplace.rounds.keys import fund_key, order_key
from marketplace.rounds.models import RoundFund


def problem_funds(facts: Facts, offers: list[Offer], on: date) -> list[Fund]:
    """Return the funds with their budgets (available money, or the round's ceiling if that is less) on that day.

    The limits for one enterprise, for good and for a year, count what it drew in earlier rounds, which the problem's format
    cannot say per enterprise. So whoever has less left by them gets a part of the fund of its own, as large as what is left to
    it and no larger than its orders could use; the rest of the fund is for the others. No limit can be passed that way, and
    nothing is spent twice.
    """
    dearest: dict[str, int] = {}
    for offer in offers:
        dearest[offer.order] = max(dearest.get(offer.order, 0), offer.price)
    made: list[Fund] = []
    for picked in facts.funds:
        made += _with_parts(picked, facts, dearest, on)
    return made


def _with_parts(picked: RoundFund, facts: Facts, dearest: Mapping[str, int], on: date) -> list[Fund]:
    fund = picked.fund
    budget = fund.available if picked.ceiling is None else min(fund.available, picked.ceiling)
    orders: dict[int, list[str]] = {}
    for row in facts.orders:
        if eligible(fund, row.order, row.order.organisation, on):
            orders.setdefault(row.order.organisation_id, []).append(order_key(row.order_id))
    apart = _parts(fund, facts, {e: sum(dearest.get(o, 0) for o in listed) for e, listed in orders.items()}, budget)
    rest = [order for enterprise, listed in orders.items() if enterprise not in apart for order in listed]
    whole = _fund(fund, fund_key(fund.id), budget - sum(apart.values()), rest)
    return [whole, *(_fund(fund, fund_key(fund.id, e), part, orders[e]) for e, part in sorted(apart.items()))]


def _parts(fund: FundRow, facts: Facts, usable: Mapping[int, int], budget: int) -> dict[int, int]:
    """What to set aside for each enterprise whose limit is partly used up, in fen; together at most the budget."""
    whole = for_one_enterprise(fund)
    if whole is None:
        return {}
    left = {}
    for enterprise, most in sorted(usable.items()):
        still = for_one_enterprise(fund, facts.drawn.get((fund.id, enterprise), NOTHING))
        if still is not None and still < whole:
            left[enterprise] = min(still, most)
    if sum(left.values()) <= budget:
        return left
    return dict(zip(left, split(budget, list(left.values())), strict=True))


def _fund(fund: FundRow, key: str, budget: int, orders: list[str]) -> Fund:
    return Fund(
        id=key,
        budget=budget,
        public=fund.public,
        cost=fund.cost,
        orders=tuple(sorted(orders)),
        share_max=fund.share_max,
        amount_max=fund.amount_max,
        amount_min=fund.amount_min,
        match_max=fund.match_max,
        enterprise_max=for_one_enterprise(fund),
    )
