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
from ortools.pdlp import solve_log_pb2, solvers_pb2
from ortools.pdlp.python import pdlp
from ortools.sat.python import cp_model
from scipy.sparse import csr_matrix

COARSE = 100  # CP-SAT counts money in hundredths of the model's unit: 100 yuan


def first_order(model: Any, seconds: float) -> dict[str, Any]:
    """PDLP: the linear relaxation alone, first-order, two threads, relative accuracy 1e-4."""
    program = pdlp.QuadraticProgram()
    columns, rows = len(model["gain"]), len(model["lower"])
    program.resize_and_initialize(columns, rows)
    program.objective_vector = -model["gain"]
    program.constraint_matrix = csr_matrix((model["value"], model["index"], model["start"]), (rows, columns)).tocsc()
    program.constraint_lower_bounds, program.constraint_upper_bounds = model["lower"], model["upper"]
    program.variable_lower_bounds, program.variable_upper_bounds = np.zeros(columns), model["most"]
    settings = solvers_pb2.PrimalDualHybridGradientParams()
    accuracy = settings.termination_criteria.simple_optimality_criteria
    accuracy.eps_optimal_absolute = accuracy.eps_optimal_relative = 1e-4
    settings.termination_criteria.time_sec_limit = seconds
    settings.num_threads = 2
    begun = time.monotonic()
    found = pdlp.primal_dual_hybrid_gradient(program, settings)
    done = found.solve_log.termination_reason == solve_log_pb2.TERMINATION_REASON_OPTIMAL
    return {
        "wall": time.monotonic() - begun,
        "relaxation": float(model["gain"] @ found.primal_solution) if done else None,
        "solved": done,
    }


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
        "pdlp": lambda: first_order(model, float(seconds)),
        "cp-sat": lambda: cp_sat(model, float(seconds), float(gap)),
        "flow": lambda: flow(model),
    }[kind]()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu": time.process_time() - used, "megabytes": usage.ru_maxrss / 1024, **found}))


if __name__ == "__main__":
    main()
