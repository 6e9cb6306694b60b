"""One solver on one instance in a process of its own; prints one JSON line. Called by `benchmarks.large`."""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.instances import Shape, generate
from benchmarks.models import obvious, tight
from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.decomposition import solve_large
from marketplace.matching.recheck import recheck
from marketplace.matching.solution import Progress

LEVELS = (0.01, 0.005, 0.0025, 0.001)


def main() -> None:
    """Arguments: solver, shape as JSON, gap to stop at, seconds, and where to write the model for a foreign solver."""
    solver, told, gap, seconds, target = sys.argv[1:6]
    shape = Shape(**json.loads(told))
    begun, used = time.monotonic(), time.process_time()
    if solver == "ours":
        found = ours(shape, float(gap), float(seconds))
    elif solver in ("milp tight", "milp obvious"):
        found = scipy_milp(shape, solver, float(gap), float(seconds))
    else:
        write_model(shape, target)
        found = {}
    usage = resource.getrusage(resource.RUSAGE_SELF)
    whole = {"wall": time.monotonic() - begun, "cpu": time.process_time() - used, "megabytes": usage.ru_maxrss / 1024}
    print(json.dumps({**whole, **found}))


def ours(shape: Shape, gap: float, seconds: float) -> dict[str, Any]:
    """Time to each certified gap, the final state, and whether a stranger confirms the bound."""
    # Loading compiled code is a matter of the process, not of the problem.
    solve_large(generate(Shape(60, 30, 4)), Hearing(Settings(time_limit=5.0)))
    arrays, reached, spent = generate(shape), {}, {}

    def hear(event: Progress) -> None:
        for level in LEVELS:
            if event.gap is not None and event.gap <= level and str(level) not in reached:
                reached[str(level)] = event.seconds
                spent[str(level)] = time.process_time() - used

    used = time.process_time()
    hearing = Hearing(Settings(time_limit=seconds, gap=gap), hear)
    answer = solve_large(arrays, hearing)
    wall, cpu = hearing.seconds(), time.process_time() - used
    assert answer.objective is not None
    assert answer.bound is not None
    proved = None if answer.certificate is None else float(recheck(arrays, answer.certificate))
    return {
        "wall": wall,
        "cpu": cpu,
        "reached": reached,
        "spent": spent,
        "objective": float(answer.objective),
        "bound": float(answer.bound),
        "proved": proved,
    }


def scipy_milp(shape: Shape, solver: str, gap: float, seconds: float) -> dict[str, Any]:
    """SciPy's branch and cut (HiGHS) on the tight or the obvious model."""
    program = (tight if solver == "milp tight" else obvious)(generate(shape))
    whole = np.zeros(len(program.gain))
    whole[: program.whole] = 1
    begun, used = time.monotonic(), time.process_time()
    found = milp(
        -program.gain,
        constraints=LinearConstraint(program.matrix, program.lower, program.upper),
        bounds=Bounds(0, program.most),
        integrality=whole,
        options={"mip_rel_gap": gap, "time_limit": seconds},
    )
    return {
        "wall": time.monotonic() - begun,
        "cpu": time.process_time() - used,
        "objective": None if found.fun is None else -found.fun,
        "bound": None if found.mip_dual_bound is None else -found.mip_dual_bound,
    }


def write_model(shape: Shape, target: str) -> None:
    """The tight model as plain arrays, for a solver that lives in another environment; with the pairs for a flow."""
    arrays = generate(shape)
    program = tight(arrays)
    matrix = program.matrix
    np.savez(
        target,
        gain=program.gain,
        lower=program.lower,
        upper=program.upper,
        most=program.most,
        whole=np.array(program.whole),
        start=matrix.indptr,
        index=matrix.indices,
        value=matrix.data,
        offer_order=arrays.offer_order,
        offer_value=arrays.offer_value,
        use_team=arrays.use_team,
        team_capacity=arrays.team_capacity,
        orders=np.array(arrays.orders),
    )


if __name__ == "__main__":
    main()
