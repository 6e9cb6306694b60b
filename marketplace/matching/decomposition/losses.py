"""What choosing an offer costs the bound: D_B less the best bound with that offer chosen.

For use u of team t, loss_u = KP_t − (part_u + KP_t without u within capacity_t − load_u) ≥ 0, and an offer loses the sum over
its uses. No solution with offer j can be above D_B − loss_j; so the losses say which offers matter near the optimum, and an
offer whose loss exceeds the gap is in no better solution.
"""

from __future__ import annotations

import numpy as np

from marketplace.matching.decomposition.compiled import compiled, in_chunks
from marketplace.matching.decomposition.knapsack import by_team, fill
from marketplace.matching.decomposition.market import Market, Real, Whole
from marketplace.matching.decomposition.order_dual import bonus
from marketplace.matching.decomposition.pricing import Terms, offer_costs
from marketplace.matching.decomposition.team_dual import TeamPrices


@compiled
def _team_losses(
    start: Whole, part: Real, load: Whole, capacity: Whole, begin: int, end: int, ceiling: float, loss: Real
) -> None:
    widest = 1
    for team in range(begin, end):
        widest = max(widest, start[team + 1] - start[team])
    profit, weight = np.empty(widest), np.empty(widest, np.int64)
    rank, taken, best = np.empty(widest, np.int64), np.empty(widest, np.int64), np.empty(widest, np.int64)
    where = np.empty(widest, np.int64)
    for team in range(begin, end):
        first, last = start[team], start[team + 1]
        count = 0
        for item in range(first, last):
            if part[item] > 0.0:
                profit[count], weight[count], where[count] = part[item], load[item], item
                count += 1
        whole = fill(profit, weight, capacity[team], count, rank, taken, best)
        for place in range(count):
            loss[where[place]] = 0.0 if best[place] != 0 else -1.0
        for item in range(first, last):
            if loss[item] == 0.0 and part[item] > 0.0:
                continue
            if -part[item] >= ceiling:
                loss[item] = -part[item]
                continue
            count, room = 0, capacity[team] - load[item]
            for other in range(first, last):
                if other != item and part[other] > 0.0 and load[other] <= room:
                    profit[count], weight[count] = part[other], load[other]
                    count += 1
            loss[item] = max(0.0, whole - part[item] - fill(profit, weight, room, count, rank, taken, best))


def losses(market: Market, terms: Terms, at: TeamPrices, ceiling: float, threads: int) -> tuple[Real, Real, Real]:
    """Every offer's loss (a lower bound where it is above `ceiling`), its net value at the dual's prices, and each use's part
    of its profit."""
    cost = offer_costs(market, terms, at.fund, at.row, threads)
    net = market.offer_value + bonus(market, at.group)[market.offer_order] - cost
    profit = (net - at.order[market.offer_order]) / np.maximum(1, np.diff(market.use_start))
    part = profit[market.use_offer] + at.split
    rank, start = by_team(market.use_team, len(market.team_capacity))
    ranked_part, ranked_load, found = part[rank], market.use_load[rank], np.zeros(len(rank))
    in_chunks(
        lambda begin, end: _team_losses(
            start, ranked_part, ranked_load, market.team_capacity, begin, end, ceiling, found
        ),
        len(market.team_capacity),
        threads,
    )
    loss = np.bincount(market.use_offer[rank], found, market.offers).astype(np.float64)
    return loss, net, part
