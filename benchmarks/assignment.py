"""Generalized assignment of the standard classes d and e, made by their published recipe: cost against a certified bound.

    python -m benchmarks.assignment d 10 200 --seed 1 --seconds 60 --highs

Class d: loads 1…100, costs 111 − load + (−10…10), capacity 0.8 · Σ loads / agents. Class e: loads 1 − 10 ln u,
costs 1000 / load − 10 v (u, v uniform on (0, 1]), same capacity (Chu and Beasley 1997; Laguna and others 1995). Every job
must be done. The gap to the certified bound is an upper limit for the gap to the
best known cost. Files of the library itself are solved by `python -m marketplace.matching.gap FILE` and `solve`.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.decomposition import solve_large
from marketplace.matching.encoding import Arrays, encode
from marketplace.matching.gap import read_gap


def text_of(kind: str, agents: int, jobs: int, seed: int) -> str:
    """An instance in the library's format."""
    draw = np.random.default_rng(seed)
    if kind == "d":
        load = draw.integers(1, 101, (agents, jobs))
        cost = 111 - load + draw.integers(-10, 11, (agents, jobs))
    else:
        rough = 1 - 10 * np.log(1 - draw.random((agents, jobs)))
        cost = np.rint(1000 / rough - 10 * draw.random((agents, jobs))).astype(np.int64)
        load = np.maximum(1, np.rint(rough)).astype(np.int64)
    capacity = (0.8 * load.sum(axis=1) / agents).astype(np.int64)
    numbers = [np.array([agents, jobs]), np.maximum(0, cost).ravel(), load.ravel(), capacity]
    return " ".join(map(str, np.concatenate(numbers).tolist()))


def by_highs(arrays: Arrays, seconds: float) -> tuple[float, float]:
    """The objective and the bound that SciPy's branch and cut reaches."""
    row, ones = np.arange(arrays.offers), np.ones(arrays.offers)
    jobs = coo_array((ones, (arrays.offer_order, row)))
    teams = coo_array((arrays.use_load.astype(float), (arrays.use_team, arrays.use_offer)))
    found = milp(
        -arrays.offer_value.astype(float),
        constraints=[LinearConstraint(jobs, 1, 1), LinearConstraint(teams, -np.inf, arrays.team_capacity)],
        bounds=Bounds(0, 1),
        integrality=ones,
        options={"time_limit": seconds},
    )
    return -float(found.fun if found.fun is not None else np.inf), -float(found.mip_dual_bound)


def main() -> None:
    """Solve one instance and print its costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("d", "e"))
    parser.add_argument("agents", type=int)
    parser.add_argument("jobs", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--highs", action="store_true", help="the peer in the same run, with as many seconds")
    given = parser.parse_args()
    problem, above = read_gap(text_of(given.kind, given.agents, given.jobs, given.seed))
    arrays, most = encode(problem).arrays, above * given.jobs
    begun = time.process_time()
    answer = solve_large(arrays, Hearing(Settings(time_limit=given.seconds)))
    results = {"price method": (answer.objective, answer.bound, time.process_time() - begun)}
    if given.highs:
        begun = time.process_time()
        results["scipy.milp"] = (*by_highs(arrays, given.seconds), time.process_time() - begun)
    for name, (objective, bound, spent) in results.items():
        if objective is None or bound is None:
            print(f"{name}: nothing in {spent:.1f} CPU s")
            continue
        cost, least = most - float(objective), most - float(bound)
        print(f"{name}: cost {cost:.0f}, proved {least:.2f}, gap {cost / least - 1:.3%}, {spent:.1f} CPU s")


if __name__ == "__main__":
    main()
