"""How far the bound of the price method lies above the proven optimum, for all fund variants of 1,000 orders × 500 teams.

    python -m benchmarks.proven --eligible 6 3 2 1 --first-seed 10 --seeds 10 --seconds 600

Each instance is solved twice: to a gap of 0.25 %, and to the end by branch and cut over the offers that losses leave. The bound
is the lowest that prices alone prove on the way, confirmed by `recheck`. Where the optimum is not proved within its seconds, the
best answer stands for it, which makes the ratio look worse than it is, never better. The goal is a ratio of at most 1.0005.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from benchmarks.instances import SIZES, generate
from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.decomposition import solve_large
from marketplace.matching.recheck import recheck
from marketplace.matching.solution import Status

NEAR = 0.0025


def main() -> None:
    """Print a row for each instance, and the worst."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eligible", type=int, nargs="+", default=[6, 3, 2, 1])
    parser.add_argument("--first-seed", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=600.0)
    given = parser.parse_args()
    worst = 1.0
    for eligible in given.eligible:
        for seed in range(given.first_seed, given.first_seed + given.seeds):
            arrays = generate(replace(SIZES["1k"], eligible=eligible, seed=seed))
            begun = time.process_time()
            near = solve_large(arrays, Hearing(Settings(time_limit=given.seconds, gap=NEAR)))
            spent = time.process_time() - begun
            best = solve_large(arrays, Hearing(Settings(time_limit=given.seconds)))
            proofs = [recheck(arrays, each.certificate) for each in (near, best) if each.certificate is not None]
            assert near.objective is not None
            assert best.objective is not None
            ratio = float(min(proofs) / max(best.objective, near.objective))
            worst = max(worst, ratio)
            proved = "proven optimum" if best.status == Status.OPTIMAL else "best known"
            print(f"{eligible} funds, seed {seed}: bound {ratio:.5f} × {proved}, {spent:.1f} CPU s", flush=True)
    print(f"worst {worst:.5f}")


if __name__ == "__main__":
    main()
