"""Seeded matching instances of any size, as arrays: clustered fields, mixed own funds, knapsacks that really bind.

    python -m benchmarks.instances 10000 3000 40 --eligible 3 --seed 1 -o problem.npz

Money in whole fen, loads in person-days, values in whole units; about two thirds of the orders can be served.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.encoding import Arrays

YUAN = 100


@dataclass(frozen=True, slots=True)
class Shape:
    """What an instance looks like: sizes, eligible funds per order, tightness, and which extra rules it carries."""

    orders: int
    teams: int
    funds: int
    options: int = 20
    eligible: int = 6
    tight: bool = True
    consortia: float = 0.0
    floors: int = 0
    money_free: bool = False
    seed: int = 0


SIZES = {
    "100": Shape(100, 100, 8, 12),
    "1k": Shape(1_000, 500, 15),
    "10k": Shape(10_000, 3_000, 40),
    "50k": Shape(50_000, 10_000, 80),
    "200k": Shape(200_000, 20_000, 150),
}


def generate(shape: Shape) -> Arrays:
    """Arrays of one instance; the same shape gives the same arrays on every machine."""
    draw = np.random.default_rng(shape.seed)
    kinds = max(3, min(60, shape.teams // 40))
    weights = 1.0 / np.arange(1, kinds + 1) ** 0.8
    weights /= weights.sum()
    order_kind = draw.choice(kinds, shape.orders, p=weights)
    team_kind = draw.choice(kinds, shape.teams, p=weights)
    ceiling = draw.lognormal(np.log(300_000 * YUAN), 0.9, shape.orders)
    own = (ceiling * draw.uniform(0.15, 0.55, shape.orders)).astype(np.int64)
    offers = _offers(shape, draw, order_kind, team_kind, ceiling)
    load = draw.lognormal(np.log(60), 0.5, shape.orders)
    uses = _uses(shape, draw, offers, load, team_kind)
    slots = shape.orders / shape.teams * (0.8 if shape.tight else 1.6)
    capacity = np.maximum(30, load.mean() * slots * draw.uniform(0.35, 1.65, shape.teams)).astype(np.int64)
    if shape.money_free:  # what a min-cost flow can do: no prices, and every match takes one of a team's places
        offers["price"][:], uses["use_load"][:] = 0, 1
        capacity = np.maximum(1, slots * draw.uniform(0.35, 1.65, shape.teams)).astype(np.int64)
    need = np.maximum(0, offers["price"] - own[offers["order"]])
    eligible = _eligible(shape, draw, order_kind)
    columns = {
        "order_own": own,
        "order_enterprise": np.arange(shape.orders) // 2 * 2 + draw.integers(0, 2, shape.orders),
        "order_must": np.zeros(shape.orders),
        "team_capacity": capacity,
        "offer_order": offers["order"],
        "offer_price": offers["price"],
        "offer_value": offers["value"],
        **uses,
        **_funds(shape, draw, float(need.sum()) / shape.options),
        **eligible,
        **_groups(shape, draw),
    }
    return Arrays(public_share_max=8_500, **{name: np.asarray(each, dtype=np.int64) for name, each in columns.items()})


def _offers(
    shape: Shape,
    draw: np.random.Generator,
    order_kind: NDArray[np.int64],
    team_kind: NDArray[np.int64],
    ceiling: NDArray[np.float64],
) -> dict[str, NDArray[np.int64]]:
    """Up to `options` different teams for each order, four in five of them from its own field."""
    by_kind = [np.flatnonzero(team_kind == kind) for kind in range(int(team_kind.max()) + 1)]
    near = np.empty((shape.orders, shape.options), dtype=np.int64)
    for kind in range(int(order_kind.max()) + 1):
        rows = np.flatnonzero(order_kind == kind)
        pool = by_kind[kind] if kind < len(by_kind) and len(by_kind[kind]) else np.arange(shape.teams)
        near[rows] = pool[draw.integers(0, len(pool), (len(rows), shape.options))]
    far = draw.random(near.shape) < 0.2
    near[far] = draw.integers(0, shape.teams, int(far.sum()))
    pairs = np.unique(np.repeat(np.arange(shape.orders), shape.options) * shape.teams + near.ravel())
    order, team = pairs // shape.teams, pairs % shape.teams
    fit = draw.beta(4, 2, len(order)) * np.where(team_kind[team] == order_kind[order], 1.0, 0.6)
    weight = draw.choice([1.0, 1.5, 2.0], shape.orders, p=[0.6, 0.3, 0.1]) * (ceiling / (300_000 * YUAN)) ** 0.4
    return {
        "order": order,
        "team": team,
        "value": np.maximum(1, 1_000 * fit * weight[order]).astype(np.int64),
        "price": (ceiling[order] * draw.uniform(0.7, 1.15, len(order))).astype(np.int64),
    }


def _uses(
    shape: Shape,
    draw: np.random.Generator,
    offers: dict[str, NDArray[np.int64]],
    load: NDArray[np.float64],
    team_kind: NDArray[np.int64],
) -> dict[str, NDArray[np.int64]]:
    """One team per offer; a share of the offers are consortia that split the load over two or three teams."""
    count = len(offers["order"])
    days = np.maximum(3, load[offers["order"]] * draw.uniform(0.7, 1.3, count)).astype(np.int64)
    members = np.where(draw.random(count) < shape.consortia, draw.integers(2, 4, count), 1)
    offer = np.repeat(np.arange(count), members)
    first = np.r_[True, offer[1:] != offer[:-1]]
    team = np.where(first, offers["team"][offer], draw.integers(0, len(team_kind), len(offer)))
    pairs = np.unique(offer * len(team_kind) + team)
    offer, team = pairs // len(team_kind), pairs % len(team_kind)
    return {"use_offer": offer, "use_team": team, "use_load": np.maximum(1, days[offer] // np.bincount(offer)[offer])}


def _funds(shape: Shape, draw: np.random.Generator, mean_need: float) -> dict[str, NDArray[np.int64]]:
    """Budgets that pay for about 64 % of the mean need, two thirds of the funds public, a few with a cost of money."""
    share = draw.lognormal(0, 0.5, shape.funds)
    covered = 0.64 if shape.tight else 1.2
    none = np.full(shape.funds, -1)
    return {
        "fund_budget": (mean_need * covered * share / share.sum()).astype(np.int64),
        "fund_cost": np.where(draw.random(shape.funds) < 0.2, draw.integers(0, 3, shape.funds), 0),
        "fund_public": (draw.random(shape.funds) < 0.66).astype(np.int64),
        "fund_share_max": draw.integers(20, 51, shape.funds) * (100 if shape.eligible > 2 else 180),
        "fund_amount_max": np.where(
            draw.random(shape.funds) < 0.5, draw.integers(20, 80, shape.funds) * 10_000 * YUAN, -1
        ),
        "fund_amount_min": np.zeros(shape.funds),
        "fund_match_max": draw.choice([5_000, 10_000, 20_000, -1], shape.funds) if shape.eligible > 2 else none,
        "fund_enterprise_max": none,
        "fund_all": np.zeros(shape.funds),
    }


def _eligible(shape: Shape, draw: np.random.Generator, order_kind: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """`eligible` funds per order at most: one general fund for everybody, the others by field and place."""
    place = draw.integers(0, 33, shape.orders)
    keys = [np.zeros(shape.orders, dtype=np.int64) if shape.eligible in (1, 6) else order_kind % shape.funds]
    for number in range(1, shape.eligible):
        spread = order_kind * 7 + number * 3 if number % 2 else place * 5 + number * 11
        keys.append(spread % shape.funds)
    pairs = np.unique(
        np.stack(keys, axis=1).ravel() * shape.orders + np.repeat(np.arange(shape.orders), shape.eligible)
    )
    return {"eligible_fund": pairs // shape.orders, "eligible_order": pairs % shape.orders}


def _groups(shape: Shape, draw: np.random.Generator) -> dict[str, NDArray[np.int64]]:
    """Groups of about a tenth of the orders, three quarters of which must be matched."""
    chosen = [np.flatnonzero(draw.random(shape.orders) < 0.1) for _ in range(shape.floors)]
    sizes = np.array([len(each) for each in chosen], dtype=np.int64)
    return {
        "member_group": np.repeat(np.arange(shape.floors), sizes),
        "member_order": np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int64),
        "floor_group": np.arange(shape.floors),
        "floor_matched": sizes * 3 // 4,
    }


def main() -> None:
    """Write one instance as a columnar `.npz`."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("orders", "teams", "funds"):
        parser.add_argument(name, type=int)
    parser.add_argument("--options", type=int, default=20)
    parser.add_argument("--eligible", type=int, default=6)
    parser.add_argument("--loose", action="store_true")
    parser.add_argument("--consortia", type=float, default=0.0)
    parser.add_argument("--floors", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    shape = Shape(
        given.orders,
        given.teams,
        given.funds,
        given.options,
        given.eligible,
        not given.loose,
        given.consortia,
        given.floors,
        seed=given.seed,
    )
    arrays = generate(shape)
    np.savez(given.output, **{each.name: getattr(arrays, each.name) for each in fields(arrays)})


if __name__ == "__main__":
    main()
