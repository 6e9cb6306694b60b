"""OR-Tools on a model written by `benchmarks.one_run`; runs in an environment of its own and prints one JSON line.

PYTHON benchmarks/ortools_peer.py pdlp|cp-sat|flow MODEL.npz SECONDS GAP
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow
from ortools.linear_solver.python import model_builder
from ortools.sat.python import cp_model

COARSE = 100  # CP-SAT counts money in hundredths of the model's unit: 100 yuan


def pdlp(model: Any, seconds: float) -> dict[str, Any]:
    """The linear relaxation alone, first-order, two threads, relative accuracy 1e-4."""
    made = model_builder.Model()
    most = np.where(np.isinf(model["most"]), 1e9, model["most"])
    columns = [made.new_num_var(0.0, float(top), "") for top in most]
    start, index, value = model["start"], model["index"], model["value"]
    for row in range(len(model["lower"])):
        terms = (
            sum(columns[index[at]] * float(value[at]) for at in range(start[row], start[row + 1]))
            if start[row + 1] > start[row]
            else 0
        )
        if start[row + 1] > start[row]:
            made.add_linear_constraint(terms, float(model["lower"][row]), float(model["upper"][row]))
    made.maximize(sum(columns[at] * float(gain) for at, gain in enumerate(model["gain"]) if gain))
    solver = model_builder.Solver("PDLP")
    solver.set_time_limit_in_seconds(seconds)
    solver.set_solver_specific_parameters(
        "num_threads: 2 termination_criteria { simple_optimality_criteria "
        "{ eps_optimal_absolute: 1e-4 eps_optimal_relative: 1e-4 } }"
    )
    begun = time.monotonic()
    status = solver.solve(made)
    done = status == model_builder.SolveStatus.OPTIMAL
    return {"wall": time.monotonic() - begun, "relaxation": solver.objective_value if done else None}


def cp_sat(model: Any, seconds: float, gap: float) -> dict[str, Any]:
    """CP-SAT on the tight model, money rounded to 100 yuan, two workers."""
    made, whole = cp_model.CpModel(), int(model["whole"])
    money = np.where(np.isinf(model["most"]), 1e6, model["most"]) * COARSE
    columns = [made.new_bool_var("") for _ in range(whole)]
    columns += [made.new_int_var(0, int(top), "") for top in money[whole:]]
    start, index, value = model["start"], model["index"], model["value"]
    for row in range(len(model["lower"])):
        here = slice(int(start[row]), int(start[row + 1]))
        if here.stop == here.start:
            continue
        # A column of money counts in hundredths, so the others' coefficients are multiplied instead.
        has_money = bool((index[here] >= whole).any())
        factor = np.where(index[here] >= whole, 1.0, COARSE if has_money else 1.0)
        terms = cp_model.LinearExpr.weighted_sum(
            [columns[at] for at in index[here]], [round(each) for each in value[here] * factor]
        )
        scale = COARSE if has_money else 1
        lower, upper = model["lower"][row] * scale, model["upper"][row] * scale
        made.add_linear_constraint(terms, int(max(lower, -(2**50))), int(min(upper, 2**50)))
    made.maximize(cp_model.LinearExpr.weighted_sum(columns[:whole], [round(each) for each in model["gain"][:whole]]))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    solver.parameters.relative_gap_limit = gap
    begun = time.monotonic()
    status = solver.solve(made)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return {
        "wall": time.monotonic() - begun,
        "objective": solver.objective_value if found else None,
        "bound": solver.best_objective_bound,
    }


def flow(model: Any) -> dict[str, Any]:
    """Min-cost flow, as OpenReview's matcher does it: source → order → team → sink, every match one unit."""
    orders, teams = int(model["orders"]), len(model["team_capacity"])
    source, sink = orders + teams, orders + teams + 1
    tail = np.concatenate([np.full(orders, source), model["offer_order"], orders + np.arange(teams), np.arange(orders)])
    head = np.concatenate([np.arange(orders), orders + model["use_team"], np.full(teams, sink), np.full(orders, sink)])
    room = np.concatenate(
        [np.ones(orders), np.ones(len(model["offer_order"])), model["team_capacity"], np.ones(orders)]
    )
    cost = np.concatenate([np.zeros(orders), -model["offer_value"], np.zeros(teams + orders)])
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        tail.astype(np.int32), head.astype(np.int32), room.astype(np.int64), cost.astype(np.int64)
    )
    solver.set_nodes_supplies(np.array([source, sink], np.int32), np.array([orders, -orders], np.int64))
    begun = time.monotonic()
    solver.solve()
    return {"wall": time.monotonic() - begun, "objective": -solver.optimal_cost(), "bound": -solver.optimal_cost()}


def main() -> None:
    """Solve and print."""
    kind, path, seconds, gap = sys.argv[1:5]
    model, used = np.load(path), time.process_time()
    found = {
        "pdlp": lambda: pdlp(model, float(seconds)),
        "cp-sat": lambda: cp_sat(model, float(seconds), float(gap)),
        "flow": lambda: flow(model),
    }[kind]()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu": time.process_time() - used, "megabytes": usage.ru_maxrss / 1024, **found}))


if __name__ == "__main__":
    main()
