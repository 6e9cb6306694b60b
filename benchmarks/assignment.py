"""Generalized assignment of the standard classes d and e, made by their published recipe: cost against a certified bound.

    python -m benchmarks.assignment d 10 200 --seed 1 --seconds 60 --highs
    python -m benchmarks.assignment d:10x200 d:20x200 e:20x200 --seconds 60 --highs

Class d: loads 1…100, costs 111 − load + (−10…10), capacity 0.8 · Σ loads / agents. Class e: loads 1 − 10 ln u,
costs 1000 / load − 10 v (u, v uniform on (0, 1]), same capacity (Chu and Beasley 1997; Laguna and others 1995). Every job
must be done. The gap to the certified bound is an upper limit for the gap to the best known cost. Seconds are CPU seconds of
this process, but for branch and cut inside the engine: what is left then is counted by the wall clock, so on a busy machine
the engine gets less than it is asked, never more. Files of the library itself are solved by
`python -m marketplace.matching.gap FILE` and `solve`.
"""

from __future__ import annotations

import argparse
import re
import time

import highspy
import numpy as np

from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.encoding import Arrays, encode
from marketplace.matching.gap import read_gap
from marketplace.matching.paths import solve_arrays
from marketplace.matching.search import Watch, run_watched


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


class Busy(Hearing):
    """Time by the CPU seconds that this process has spent since the hearing began."""

    def __init__(self, seconds: float) -> None:
        super().__init__(Settings(time_limit=seconds))
        self.begun = time.process_time()

    def seconds(self) -> float:
        return time.process_time() - self.begun


def by_highs(arrays: Arrays, hearing: Busy) -> tuple[float, float]:
    """The objective and the bound that HiGHS as it comes reaches in as many CPU seconds."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0)):
        highs.setOptionValue(option, value)
    highs.addVars(arrays.offers, np.zeros(arrays.offers), np.ones(arrays.offers))
    columns = np.arange(arrays.offers, dtype=np.int32)
    highs.changeColsCost(arrays.offers, columns, arrays.offer_value.astype(float))
    highs.changeColsIntegrality(arrays.offers, columns, np.full(arrays.offers, highspy.HighsVarType.kInteger))
    highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    for order in range(arrays.orders):
        mine = np.flatnonzero(arrays.offer_order == order).astype(np.int32)
        highs.addRow(1.0, 1.0, len(mine), mine, np.ones(len(mine)))
    for team in range(arrays.teams):
        uses = np.flatnonzero(arrays.use_team == team)
        load = arrays.use_load[uses].astype(float)
        highs.addRow(0.0, float(arrays.team_capacity[team]), len(uses), arrays.use_offer[uses].astype(np.int32), load)
    run_watched(highs, 1e6, Watch(lambda *_: None, lambda: hearing.left() <= 0))
    info = highs.getInfo()
    return float(info.objective_function_value), float(info.mip_dual_bound)


def measure(kind: str, agents: int, jobs: int, seed: int, seconds: float, highs: bool) -> None:
    """Solve one instance and print a row of the table for each solver: costs, gap, CPU seconds."""
    problem, above = read_gap(text_of(kind, agents, jobs, seed))
    arrays, most = encode(problem).arrays, above * jobs
    hearing = Busy(seconds)
    answer = solve_arrays(arrays, hearing)
    results = [("Tripool", answer.objective, answer.bound, hearing.seconds())]
    if highs:
        hearing = Busy(seconds)
        objective, bound = by_highs(arrays, hearing)
        results.append(("HiGHS", objective, bound, hearing.seconds()))  # type: ignore[arg-type]
    for name, found, proved, spent in results:
        row = f"| {kind} {agents}x{jobs} | {seed} | {name} |"
        if found is None or proved is None or not np.isfinite([float(found), float(proved)]).all():
            print(f"{row} – | – | – | {spent:.1f} |", flush=True)
            continue
        cost, least = most - float(found), most - float(proved)
        print(f"{row} {cost:.0f} | {np.ceil(least - 1e-6):.0f} | {cost / least - 1:.3%} | {spent:.1f} |", flush=True)


def main() -> None:
    """Solve the instances asked for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="+", help="KIND AGENTS JOBS, or any number of KIND:AGENTSxJOBS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0, help="CPU seconds for each instance and solver")
    parser.add_argument("--highs", action="store_true", help="the peer in the same run, with as many seconds")
    given = parser.parse_args()
    plain = given.shapes[0] in ("d", "e")
    told = [f"{given.shapes[0]}:{'x'.join(given.shapes[1:])}"] if plain else given.shapes
    shapes = [re.fullmatch(r"([de]):(\d+)x(\d+)", each) for each in told]
    print("| instance | seed | solver | cost | proved | gap | CPU s |\n|---|---|---|---|---|---|---|")
    for shape in shapes:
        if shape is None:
            parser.error("a shape looks like d:10x200")
        measure(shape[1], int(shape[2]), int(shape[3]), given.seed, given.seconds, given.highs)


if __name__ == "__main__":
    main()
