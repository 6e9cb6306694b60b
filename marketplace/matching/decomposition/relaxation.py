"""The linear relaxation of assignment without money, solved again and again as one team after another gets its orders.

Values and loads are scaled by powers of two to about ROUNDED, which is exact; what is told is in scaled values.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import highspy
import numpy as np
from scipy.sparse import coo_array

from marketplace.matching.decomposition.market import Flag, Market, Real, Whole

ROUNDED = 1_024.0


class Node(NamedTuple):
    """Some teams have got their orders: `worth` is the most that can come of it, at these prices of orders and teams."""

    worth: float
    chosen: Whole  # by order: the offer of a team that has got its orders, else −1
    order: Real
    team: Real
    basis: Any


class Relaxation:
    """Columns are the offers `near`; rows the orders, exactly one offer where `must`, then the teams."""

    def __init__(self, market: Market, must: Flag, near: Whole) -> None:
        self.offer, self.order, self.team = near, market.offer_order[near], market.use_team[near]
        self.load, self.room, self.must = market.use_load[near], market.team_capacity, must
        self.scale, self.cell = unit(market.offer_value), unit(self.room)
        self.value = market.offer_value[near] / self.scale
        self.columns, self.solved = np.arange(len(near), dtype=np.int32), 0
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off")):
            self.highs.setOptionValue(option, value)
        self.highs.passModel(self._program())

    def _program(self) -> highspy.HighsLp:
        count, orders = len(self.offer), len(self.must)
        rows = np.concatenate([self.order, orders + self.team])
        entries = np.concatenate([np.ones(count), self.load / self.cell])
        shape = (orders + len(self.room), count)
        matrix: Any = coo_array((entries, (rows, np.tile(self.columns, 2))), shape).tocsc()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = shape[1], shape[0]
        lp.col_cost_ = -self.value
        lp.col_lower_, lp.col_upper_ = np.zeros(count), np.full(count, np.inf)
        lp.row_lower_ = np.concatenate([self.must.astype(float), np.full(len(self.room), -np.inf)])
        lp.row_upper_ = np.concatenate([np.ones(orders), self.room / self.cell])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
        lp.a_matrix_.value_ = matrix.data
        return lp

    def root(self) -> Node | None:
        """Nobody has got anything yet; None when even the relaxation has no solution."""
        return self._solve(np.full(len(self.must), -1))

    def after(self, node: Node, chosen: Whole, closed: Flag, least: float) -> Node | None:
        """The same with more chosen and no more for `closed` teams; None when it comes to less than `least`."""
        held = chosen[self.order] == self.offer
        free = (chosen[self.order] < 0) & ~closed[self.team]
        self.highs.changeColsBounds(len(held), self.columns, held.astype(float), np.where(free, np.inf, held))
        self.highs.setBasis(node.basis)
        self.highs.setOptionValue("objective_bound", -least)
        found = self._solve(chosen)
        return found if found is not None and found.worth >= least else None

    def _solve(self, chosen: Whole) -> Node | None:
        self.highs.run()
        self.solved += 1
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        dual = -np.asarray(self.highs.getSolution().row_dual)
        orders = len(self.must)
        team = np.maximum(0.0, dual[orders:]) / self.cell
        worth = -float(self.highs.getInfo().objective_function_value)
        return Node(worth, chosen, dual[:orders], team, self.highs.getBasis())

    def lost(self, node: Node) -> Real:
        """What every near offer loses at the prices of the node."""
        loss: Real = np.maximum(0.0, node.order[self.order] + node.team[self.team] * self.load - self.value)
        return loss


def unit(amounts: Whole) -> float:
    """The power of two that brings these numbers to about ROUNDED."""
    largest = max(1.0, float(np.abs(amounts).max(initial=1)))
    return float(2.0 ** max(0.0, np.ceil(np.log2(largest / ROUNDED))))
