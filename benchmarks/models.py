"""The matching problem as linear programs for other people's solvers: the tight model and the obvious one.

Columns: x_j (offers, 0/1), then y_k (what source k pays, in units of `money`), in the obvious model then s_o (own payment).
The tight model puts the greatest own payment in at once: y_of ≤ Σ_j u_jf x_j and Σ_f y_of ≥ Σ_j need_j x_j.
Handled: teams, consortia, budgets, shares, maxima, ratios, public ceiling, cost of money, group floors, orders that must be
matched. Not handled (the benchmarks do not use them in these comparisons): enterprise limits, minimum grants, conflicts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from marketplace.matching.decomposition.market import build, caps, own_payment, public_room
from marketplace.matching.encoding import Arrays

MONEY = 1_000_000.0  # fen: columns of money in ten thousand yuan


@dataclass(frozen=True, slots=True)
class Program:
    """maximise gain·z subject to lower ≤ matrix z ≤ upper, 0 ≤ z ≤ most, the first `whole` columns whole."""

    gain: NDArray[np.float64]
    matrix: csr_array
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    most: NDArray[np.float64]
    whole: int


class _Rows:
    def __init__(self) -> None:
        self.row: list[NDArray[np.int64]] = []
        self.column: list[NDArray[np.int64]] = []
        self.value: list[NDArray[np.float64]] = []
        self.lower: list[NDArray[np.float64]] = []
        self.upper: list[NDArray[np.float64]] = []
        self.count = 0

    def add(self, count: int, entries: list[tuple[object, object, object]], lower: object, upper: object) -> None:
        for row, column, value in entries:
            row = np.asarray(row)
            self.row.append(row + self.count)
            self.column.append(np.broadcast_to(np.asarray(column), row.shape))
            self.value.append(np.broadcast_to(np.asarray(value, dtype=float), row.shape))
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=float), count))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=float), count))
        self.count += count

    def program(self, gain: NDArray[np.float64], most: NDArray[np.float64], whole: int) -> Program:
        shape = (self.count, len(gain))
        matrix = coo_array((np.concatenate(self.value), (np.concatenate(self.row), np.concatenate(self.column))), shape)
        return Program(gain, matrix.tocsr(), np.concatenate(self.lower), np.concatenate(self.upper), most, whole)


def tight(arrays: Arrays) -> Program:
    """The model of solver.md: own money eliminated, every cap as tight as the chosen offer makes it."""
    market, rows = build(arrays), _Rows()
    offers, sources = np.arange(market.offers), market.offers + np.arange(len(market.source_fund))
    holder = np.repeat(np.arange(market.orders), np.diff(market.source_start))
    need = (market.offer_price - own_payment(market, slice(None))) / MONEY
    _shared(rows, market, offers, sources)
    rows.add(market.orders, [(holder, sources, 1.0), (market.offer_order, offers, -need)], 0.0, np.inf)
    pair_offer, pair_source = _pairs(market)
    cap = caps(market, pair_offer, pair_source) / MONEY
    rows.add(len(sources), [(pair_source, pair_offer, cap), (np.arange(len(sources)), sources, -1.0)], 0.0, np.inf)
    if market.public_share >= 0:
        public = market.fund_public[market.source_fund]
        rows.add(
            market.orders,
            [
                (market.offer_order, offers, public_room(market, slice(None)) / MONEY),
                (holder[public], sources[public], -1.0),
            ],
            0.0,
            np.inf,
        )
    return rows.program(
        _gain(market), np.concatenate([np.ones(market.offers), np.full(len(sources), np.inf)]), market.offers
    )


def obvious(arrays: Arrays) -> Program:
    """The model one writes first: own money as a column, y ≤ share · price, y ≤ ratio · own, y ≤ maximum, own ≤ own funds."""
    market, rows = build(arrays), _Rows()
    offers, sources = np.arange(market.offers), market.offers + np.arange(len(market.source_fund))
    own = market.offers + len(sources) + np.arange(market.orders)
    holder = np.repeat(np.arange(market.orders), np.diff(market.source_start))
    price = market.offer_price / MONEY
    _shared(rows, market, offers, sources)
    rows.add(
        market.orders,
        [(holder, sources, 1.0), (np.arange(market.orders), own, 1.0), (market.offer_order, offers, -price)],
        0.0,
        0.0,
    )
    pair_offer, pair_source = _pairs(market)
    share = market.fund_share[market.source_fund[pair_source]] / 10_000
    each = np.arange(len(sources))
    rows.add(len(sources), [(pair_source, pair_offer, share * price[pair_offer]), (each, sources, -1.0)], 0.0, np.inf)
    ratio = market.fund_match[market.source_fund]
    matched = np.flatnonzero(ratio >= 0)
    rows.add(
        len(matched),
        [
            (np.arange(len(matched)), own[holder[matched]], ratio[matched] / 10_000),
            (np.arange(len(matched)), sources[matched], -1.0),
        ],
        0.0,
        np.inf,
    )
    if market.public_share >= 0:
        public = market.fund_public[market.source_fund]
        rows.add(
            market.orders,
            [
                (market.offer_order, offers, price * market.public_share / 10_000),
                (holder[public], sources[public], -1.0),
            ],
            0.0,
            np.inf,
        )
    most = np.concatenate(
        [np.ones(market.offers), market.fund_limit[market.source_fund] / MONEY, market.order_own / MONEY]
    )
    gain = np.concatenate([_gain(market), np.zeros(market.orders)])
    return rows.program(gain, most, market.offers)


def _gain(market) -> NDArray[np.float64]:
    return np.concatenate([market.offer_value.astype(float), -market.fund_cost[market.source_fund] * MONEY / 1e6])


def _pairs(market) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every offer with every source of its order."""
    counts = np.diff(market.source_start)[market.offer_order]
    offer = np.repeat(np.arange(market.offers), counts)
    within = np.arange(len(offer)) - np.repeat(np.cumsum(counts) - counts, counts)
    return offer, market.source_start[market.offer_order[offer]] + within


def _shared(rows: _Rows, market, offers, sources) -> None:
    must = np.where(market.order_must, 1.0, 0.0)
    rows.add(market.orders, [(market.offer_order, offers, 1.0)], must, 1.0)
    rows.add(
        len(market.team_capacity), [(market.use_team, market.use_offer, market.use_load)], -np.inf, market.team_capacity
    )
    rows.add(len(market.fund_budget), [(market.source_fund, sources, 1.0)], -np.inf, market.fund_budget / MONEY)
    if len(market.group_least):
        order = np.repeat(np.arange(market.orders), np.diff(market.group_start))
        counts = np.diff(market.order_start)[order]
        group = np.repeat(market.order_group, counts)
        within = np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts)
        rows.add(
            len(market.group_least),
            [(group, np.repeat(market.order_start[order], counts) + within, 1.0)],
            market.group_least,
            np.inf,
        )
