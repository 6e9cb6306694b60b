"""A city-sized answer while the city moves: how long a change takes with its proof, and whether what is told is true.

    python -m benchmarks.city 200k --seed 10 --changes 200

One full solve, then orders and offers come and go, budgets and capacities change, offers are locked and forbidden; each
time is that of the change with its repaired answer and its certificate. Then every why-not at once, and what it would take:
each remedy that is told is carried out (the order comes again with the money) and counts as true when the repaired answer
matches the order and is worth more. At the end `verify` checks the changed problem and its certificate from scratch.
The row is added to .benchmarks/city.jsonl, and docs/benchmarks.md written anew.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.instances import SIZES, generate
from benchmarks.large import CITY, machine, write_report
from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.columns import to_columns
from marketplace.matching.decomposition import solve_large
from marketplace.matching.decomposition.board import CHOSEN
from marketplace.matching.decomposition.reasons import why_nots, would_take
from marketplace.matching.live import LiveSession
from marketplace.matching.problem import Offer, Order
from marketplace.matching.shape import BadProblem
from marketplace.matching.verify_columns import verify_columns

Times = dict[str, list[float]]


class Clock:
    """CPU seconds of each kind of change: the machine's other work is not in them."""

    def __init__(self) -> None:
        self.spent: Times = {}

    def time(self, kind: str, change: Callable[[], Any]) -> bool:
        """Whether the change was taken without solving anew."""
        begun = time.process_time()
        try:
            stand = change()
        except BadProblem:
            return False
        self.spent.setdefault(kind, []).append(time.process_time() - begun)
        assert stand.objective is None or stand.objective <= stand.bound
        return True


def orders_of(live: LiveSession, row: int) -> tuple[Order, list[Offer], list[str]]:
    """An order of the problem with its offers and funds, as it could come again."""
    arrays, market = live.standing.problem, live.standing.market
    offers = []
    for at in range(market.order_start[row], market.order_start[row + 1]):
        offer = int(market.offer_row[at])
        uses = range(market.use_start[at], market.use_start[at + 1])
        loads = {str(market.use_team[use]): int(market.use_load[use]) for use in uses}
        offers.append(
            Offer(
                f"again {offer}", f"again {row}", int(arrays.offer_price[offer]), int(arrays.offer_value[offer]), loads
            )
        )
    sources = range(market.source_start[row], market.source_start[row + 1])
    return (
        Order(f"again {row}", None, int(arrays.order_own[row])),
        offers,
        [str(market.source_fund[s]) for s in sources],
    )


def move(live: LiveSession, draw: Random, count: int, clock: Clock) -> None:
    """Changes of every kind by turns."""
    arrays = live.standing.problem
    rows = draw.sample(range(arrays.orders), count)
    for row in rows:
        order, offers, funds = orders_of(live, row)
        clock.time("withdraw an order", partial(live.withdraw_order, str(row)))
        clock.time("add an order", partial(live.add_order, order, offers, funds))
    for _ in range(count):
        offer = str(draw.randrange(arrays.offers))
        if offer in live._offers:
            clock.time("forbid an offer", partial(live.forbid, offer))
            clock.time("release it", partial(live.release, offer))
        chosen = live.standing.rows_of(live.standing.board.orders[[draw.randrange(arrays.orders)], CHOSEN])
        if live.standing.board.orders[:, CHOSEN].max() >= 0 and chosen[0] >= 0 and str(chosen[0]) in live._offers:
            clock.time("lock an offer", partial(live.lock, str(chosen[0])))
            clock.time("release it", partial(live.release, str(chosen[0])))
        team = draw.randrange(arrays.teams)
        less = int(arrays.team_capacity[team] * draw.uniform(0.6, 1.0))
        clock.time("a team's capacity", partial(live.set_capacity, str(team), less))
    for fund in draw.sample(range(arrays.funds), min(20, arrays.funds)):
        less = int(arrays.fund_budget[fund] * draw.choice([0.8, 0.9]))
        clock.time("a fund's budget", partial(live.set_budget, str(fund), less))


def remedies(live: LiveSession, draw: Random, count: int) -> tuple[int, int, float]:
    """How many remedies were told and how many were true when carried out; CPU seconds for each telling."""
    waits = why_nots(live.standing).order
    waits = waits[waits < live.standing.problem.orders]
    told = true = 0
    spent = []
    for row in draw.sample(waits.tolist(), min(count, len(waits))):
        if live.standing.board.orders[row, CHOSEN] >= 0:
            continue  # an earlier repair matched it
        begun = time.process_time()
        more = would_take(live.standing, row)
        spent.append(time.process_time() - begun)
        if more is None:
            continue
        before = live.standing.objective
        order, offers, funds = orders_of(live, row)
        live.withdraw_order(str(row))
        after = live.add_order(replace(order, own_funds=order.own_funds + more), offers, funds)
        told += 1
        matched = live.standing.board.orders[live._orders[order.id], CHOSEN] >= 0
        true += int(matched and (after.objective or 0) > before)
    return told, true, float(np.median(spent)) if spent else 0.0


def main() -> None:
    """Measure, remember, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--gap", type=float, default=0.005)
    parser.add_argument("--seconds", type=float, default=3_600.0)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--asked", type=int, default=200)
    given = parser.parse_args()
    solve_large(generate(replace(SIZES["100"], orders=60, teams=30, funds=4)), Hearing(Settings(time_limit=5.0)))
    arrays, draw, clock = generate(replace(SIZES[given.size], seed=given.seed)), Random(given.seed), Clock()
    settings = Settings(time_limit=given.seconds, gap=given.gap)
    begun = time.process_time()
    answer = solve_large(arrays, Hearing(settings))
    solved = time.process_time() - begun
    assert answer.bound is not None
    assert answer.objective is not None
    print(f"solved: {solved:.1f} CPU s, gap {float((answer.bound - answer.objective) / answer.bound):.3%}", flush=True)
    live = LiveSession.of_columns(arrays, settings, answer)
    live.withdraw_order(str(arrays.orders - 1))  # the first change of a process loads compiled code
    move(live, draw, given.changes, clock)
    begun = time.process_time()
    waiting = len(why_nots(live.standing).order)
    why = time.process_time() - begun
    told, true, each = remedies(live, draw, given.asked)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = {
        "size": given.size,
        "seed": given.seed,
        "gap": float((answer.bound - answer.objective) / answer.bound),
        "solve": solved,
        "megabytes": memory,
        "changes": {
            kind: [len(s), float(np.median(s)), float(np.quantile(s, 0.95))] for kind, s in clock.spent.items()
        },
        "why": [waiting, why],
        "remedies": [told, true, each],
        "machine": machine(),
        "load": os.getloadavg()[0],
    }
    print(json.dumps(row), flush=True)
    changed = live.arrays()
    report, _, _ = verify_columns(changed, to_columns(changed, live.answer(), 0.0))
    row["verified"] = [len(report.broken), report.proof]
    CITY.parent.mkdir(exist_ok=True)
    with Path(CITY).open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    write_report()
    print(row["verified"])


if __name__ == "__main__":
    main()
