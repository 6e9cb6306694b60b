"""Check a columnar answer from scratch: the rules of `verify` on whole columns, in exact integers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.columns import Columns
from marketplace.matching.encoding import NO_LIMIT, Arrays, Ints
from marketplace.matching.problem import BASIS, COST_UNIT, LARGEST
from marketplace.matching.solution import Status
from marketplace.matching.verify import Report, claims, must_hold, proof_of


def verify_columns(arrays: Arrays, columns: Columns) -> tuple[Report, Status, int]:
    """The report, the claimed status and the number of matches."""
    summary, broken = columns.summary, list(_nonsense(arrays, columns))
    try:
        status = Status(str(summary.get("status")))
        objective, bound = (
            None if summary.get(key) is None else Fraction(repr(summary[key])) for key in ("objective", "bound")
        )
    except (ValueError, TypeError):
        return Report(("summary: status, objective or bound cannot be read",), Fraction(0), None), Status.CANCELLED, 0
    if broken:
        return Report(tuple(broken), Fraction(0), bound), status, len(columns.match_offer)
    book = _Book(arrays, columns)
    broken += [*book.payments(), *book.shared(), *book.rules()]
    if must_hold(status, objective):
        broken += book.demands()
    exact = book.objective()
    broken += claims(status, objective, bound, exact)
    if status == Status.INFEASIBLE and len(columns.match_offer):
        broken.append("an infeasible problem has no matches")
    proof, doubts = proof_of(bound, summary.get("certificate"), lambda: arrays)
    return Report((*broken, *doubts), exact, bound, proof), status, len(columns.match_offer)


def _nonsense(arrays: Arrays, columns: Columns) -> Iterator[str]:
    """Rows that do not exist and amounts no rule could weigh."""
    for name, column, least, most in (
        ("match_offer", columns.match_offer, 0, arrays.offers - 1),
        ("pay_match", columns.pay_match, 0, len(columns.match_offer) - 1),
        ("pay_fund", columns.pay_fund, -1, arrays.funds - 1),
        ("pay_amount", columns.pay_amount, 0, LARGEST),
    ):
        wrong = np.flatnonzero((column < least) | (column > most))
        if len(wrong):
            yield f"{name}[{wrong[0]}]: {column[wrong[0]]} is not within {least}…{most}"
    pair = columns.pay_match * (arrays.funds + 1) + columns.pay_fund + 1
    if len(np.unique(pair)) != len(pair):
        yield "pay_match, pay_fund: a source pays one match twice"


def _sums(rows: Ints, amounts: Ints, count: int) -> NDArray[np.object_]:
    """Exact sums by row: halves of 32 bits are added in int64 and joined as Python integers."""
    high, low = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(high, rows, amounts >> 32)
    np.add.at(low, rows, amounts & 0xFFFFFFFF)
    joined: NDArray[np.object_] = high.astype(object) * 2**32 + low.astype(object)
    return joined


def _share(price: Ints, share: Ints) -> Ints:
    """⌊price · share / 10,000⌋ without leaving 64 bits."""
    return price // BASIS * share + price % BASIS * share // BASIS


class _Book:
    def __init__(self, arrays: Arrays, columns: Columns) -> None:
        self.arrays = arrays
        self.offer = columns.match_offer
        self.order, self.price = arrays.offer_order[self.offer], arrays.offer_price[self.offer]
        own = columns.pay_fund < 0
        self.own = np.zeros(len(self.offer), np.int64)
        self.own[columns.pay_match[own]] = columns.pay_amount[own]
        grant = ~own & (columns.pay_amount > 0)
        self.match, self.fund, self.amount = (
            each[grant] for each in (columns.pay_match, columns.pay_fund, columns.pay_amount)
        )

    def payments(self) -> Iterator[str]:
        """The rules each payment must satisfy by itself."""
        arrays, fund, amount, price = self.arrays, self.fund, self.amount, self.price[self.match]
        paid = _sums(self.match, amount, len(self.offer)) + self.own.astype(object)
        yield from self._each(paid != self.price.astype(object), "payments do not sum to the price")
        yield from self._each(self.own > arrays.order_own[self.order], "own payment above the own funds")
        eligible = set(zip(arrays.eligible_fund.tolist(), arrays.eligible_order.tolist(), strict=True))
        asked = zip(fund.tolist(), self.order[self.match].tolist(), strict=True)
        known = np.array([bool(arrays.fund_all[f]) or (f, o) in eligible for f, o in asked], dtype=bool)
        yield from self._grants(~known, "order is not eligible")
        own = self.own[self.match]
        for limit, most, complaint in (
            (arrays.fund_share_max, _share(price, np.maximum(arrays.fund_share_max[fund], 0)), "its share"),
            (arrays.fund_match_max, _share(own, np.maximum(arrays.fund_match_max[fund], 0)), "its ratio"),
            (arrays.fund_amount_max, arrays.fund_amount_max[fund], "its largest grant"),
        ):
            yield from self._grants((limit[fund] != NO_LIMIT) & (amount > most), f"above {complaint}")
        yield from self._grants(amount < arrays.fund_amount_min[fund], "below its smallest grant")
        if arrays.public_share_max != NO_LIMIT:
            public = arrays.fund_public[fund] != 0
            given = _sums(self.match[public], amount[public], len(self.offer))
            most = _share(self.price, np.full(len(self.price), arrays.public_share_max)).astype(object)
            yield from self._each(given > most, "public money above its share of the price")

    def _each(self, wrong: NDArray[np.bool_], complaint: str) -> Iterator[str]:
        for row in np.flatnonzero(wrong)[:10]:
            yield f"offer {self.offer[row]}: {complaint}"

    def _grants(self, wrong: NDArray[np.bool_], complaint: str) -> Iterator[str]:
        for row in np.flatnonzero(wrong)[:10]:
            yield f"offer {self.offer[self.match[row]]}: fund {self.fund[row]} pays {self.amount[row]}, {complaint}"

    def shared(self) -> Iterator[str]:
        """Limits over several matches."""
        arrays = self.arrays
        for row in np.flatnonzero(np.bincount(self.order, minlength=arrays.orders) > 1)[:10]:
            yield f"order {row} is matched more than once"
        chosen = np.isin(arrays.use_offer, self.offer)
        load = _sums(arrays.use_team[chosen], arrays.use_load[chosen], arrays.teams)
        for row in np.flatnonzero(load > arrays.team_capacity.astype(object))[:10]:
            yield f"team {row} works {load[row]}, has {arrays.team_capacity[row]}"
        drawn = _sums(self.fund, self.amount, arrays.funds)
        for row in np.flatnonzero(drawn > arrays.fund_budget.astype(object))[:10]:
            yield f"fund {row} pays {drawn[row]}, has {arrays.fund_budget[row]}"
        keys = arrays.order_enterprise[self.order[self.match]] * max(1, arrays.funds) + self.fund
        limited = arrays.fund_enterprise_max[self.fund] != NO_LIMIT
        found, row_of = np.unique(keys[limited], return_inverse=True)
        by_enterprise = _sums(row_of, self.amount[limited], len(found))
        for key, amount in zip(found.tolist(), by_enterprise.tolist(), strict=True):
            enterprise, fund = divmod(key, max(1, arrays.funds))
            if amount > arrays.fund_enterprise_max[fund]:
                yield f"fund {fund} pays enterprise {enterprise} {amount}, its limit is {arrays.fund_enterprise_max[fund]}"

    def rules(self) -> Iterator[str]:
        arrays = self.arrays
        for offer in np.intersect1d(self.offer, arrays.forbidden)[:10]:
            yield f"forbidden offer {offer} is chosen"
        both = np.isin(arrays.conflict_a, self.offer) & np.isin(arrays.conflict_b, self.offer)
        for row in np.flatnonzero(both)[:10]:
            yield f"conflicting offers {arrays.conflict_a[row]} and {arrays.conflict_b[row]} are both chosen"

    def demands(self) -> Iterator[str]:
        arrays = self.arrays
        for order in np.setdiff1d(np.flatnonzero(arrays.order_must), self.order)[:10]:
            yield f"order {order} must be matched and is not"
        for offer in np.setdiff1d(arrays.locked, self.offer)[:10]:
            yield f"locked offer {offer} is not chosen"
        inside = np.isin(arrays.member_order, self.order)
        groups = int(max(arrays.member_group.max(initial=-1), arrays.floor_group.max(initial=-1))) + 1
        counts = np.bincount(arrays.member_group[inside], minlength=groups)
        for row in np.flatnonzero(counts[arrays.floor_group] < arrays.floor_matched)[:10]:
            yield f"group {arrays.floor_group[row]} has fewer than {arrays.floor_matched[row]} matches"

    def objective(self) -> Fraction:
        value = int(sum(self.arrays.offer_value[self.offer].tolist()))
        drawn = _sums(self.fund, self.amount, self.arrays.funds)
        cost = sum(int(price) * int(amount) for price, amount in zip(self.arrays.fund_cost, drawn, strict=True))
        return value - Fraction(cost, COST_UNIT)
