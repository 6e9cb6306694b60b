"""HiGHS behind one small face: relax for prices, then branch and cut with progress, cancel and a warm start."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from marketplace.matching.model import Floats, Model

Flags = npt.NDArray[np.bool_]

TOLERANCE = 1e-7  # of proposals, which integers confirm
DUAL_TOLERANCE = 1e-9  # of bounds, which nothing confirms
REPORT_EVERY = 0.2
_INFINITE = highspy.kHighsInf


class Ending(Enum):
    PROVED = auto()
    INFEASIBLE = auto()
    TIME_UP = auto()
    STOPPED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a search ended, its best columns (None if none) and its dual bound in model units (may be inf)."""

    ending: Ending
    columns: Floats | None
    bound: float


@dataclass(frozen=True, slots=True)
class Watch:
    """What the caller hears and may say while a search runs; `report` is given (objective, bound) in model units.

    `turns` limits the work of branch and cut, where given, to so many of its steps between two looks at its limits: unlike
    seconds, that ends at the same place every time.
    """

    report: Callable[[float, float], None]
    stop: Callable[[], bool]
    turns: int | None = None


class Search:
    """One model loaded into HiGHS; rows may be added between runs."""

    def __init__(self, model: Model, seed: int) -> None:
        self.model = model
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", seed % 2**31),
            ("mip_feasibility_tolerance", TOLERANCE),
            ("primal_feasibility_tolerance", TOLERANCE),
            ("dual_feasibility_tolerance", DUAL_TOLERANCE),
            ("mip_abs_gap", 0.0),
            # The presolve of HiGHS 1.15 loses the optimum of some models with switches (tests/matching/test_engine
            # has two), and a restart presolves again. The model is tight enough to do without: it costs no time.
            ("presolve", "off"),
            ("mip_allow_restart", False),
        ):
            self.highs.setOptionValue(option, value)
        self.highs.passModel(_program(model))

    def relax(self, seconds: float, watch: Watch) -> Floats | None:
        """Duals of the rows of the linear relaxation, or None when it is not solved in time or has no solution."""
        solution = self._run(seconds, watch)
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal or not solution.dual_valid:
            return None
        return np.asarray(solution.row_dual, dtype=np.float64)

    def branch(self, seconds: float, gap: float, watch: Watch, start: Floats | None = None) -> Outcome:
        """Maximise over whole modes. A run that failed numerically proves and finds nothing."""
        if not self.model.modes:  # HiGHS calls every model without columns solved
            unmet = any(lower > 0 for lower in self.model.rows.lower)
            return Outcome(Ending.INFEASIBLE if unmet else Ending.PROVED, None if unmet else np.zeros(0), 0.0)
        whole = np.array(self.model.whole, dtype=np.int32)
        self.highs.changeColsIntegrality(len(whole), whole, np.full(len(whole), highspy.HighsVarType.kInteger))
        self.highs.setOptionValue("mip_rel_gap", gap)
        self.highs.clearSolver()  # or the relaxation's fractions would be taken for a start
        if start is not None:
            warm = highspy.HighsSolution()
            warm.col_value = start.tolist()
            self.highs.setSolution(warm)
        solution = self._run(seconds, watch)
        ending = _ending(self.highs.getModelStatus())
        info = self.highs.getInfo()
        if ending == Ending.FAILED:
            return Outcome(ending, None, _INFINITE)
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        found = feasible and ending != Ending.INFEASIBLE
        columns = np.asarray(solution.col_value, dtype=np.float64) if found else None
        return Outcome(ending, columns, info.mip_dual_bound)

    def forbid(self, on: Sequence[int], off: Sequence[int] = ()) -> None:
        """Exclude that the columns `on` are all 1 while the columns `off` are all 0."""
        columns = np.array([*on, *off], dtype=np.int32)
        values = np.array([1.0] * len(on) + [-1.0] * len(off))
        self.highs.addRow(-_INFINITE, len(on) - 1.0, len(columns), columns, values)

    def _run(self, seconds: float, watch: Watch) -> highspy.HighsSolution:
        return run_watched(self.highs, seconds, watch)


def run_watched(highs: Any, seconds: float, watch: Watch) -> highspy.HighsSolution:
    """Run a loaded solver for so many seconds more at most, with somebody listening."""
    # HiGHS counts its time limit over all runs of one instance.
    highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.01))
    ear = _Ear(watch)
    events = (highs.cbMipInterrupt, highs.cbSimplexInterrupt)
    for event in events:
        event += ear.hear
    try:
        highs.run()
    finally:
        for event in events:
            event -= ear.hear
    solution: highspy.HighsSolution = highs.getSolution()
    return solution


@dataclass(frozen=True, slots=True)
class Effort:
    """What is spent on one neighbourhood at most: nodes, steps of the solver, how exactly, and whether it may begin again
    once its root has fixed much."""

    branches: int
    turns: int
    precision: float = 0.0
    restarts: bool = True


def choose_anew(
    lp: highspy.HighsLp, now: Flags, effort: Effort, seconds: float, stop: Callable[[], bool]
) -> tuple[int, Flags | None]:
    """Branch and cut from the choice as it stands; pivots spent, and which columns are chosen (None: nothing found)."""
    pivots, values = go_on(lp, now.astype(np.float64), effort, seconds, stop)
    return pivots, None if values is None else values > 0.5


def go_on(
    lp: highspy.HighsLp, start: Floats, effort: Effort, seconds: float, stop: Callable[[], bool]
) -> tuple[int, Floats | None]:
    """Branch and cut from these values of the columns; pivots spent, and the best values (None: nothing found)."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_rel_gap", effort.precision),
        ("mip_max_nodes", effort.branches),
        ("mip_allow_restart", effort.restarts),
    ):
        highs.setOptionValue(option, value)
    highs.passModel(lp)
    warm = highspy.HighsSolution()
    warm.col_value = start.tolist()
    highs.setSolution(warm)
    solution = run_watched(highs, seconds, Watch(lambda *_: None, stop, effort.turns))
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return int(info.simplex_iteration_count), None
    return int(info.simplex_iteration_count), np.asarray(solution.col_value, dtype=np.float64)


class _Ear:
    """Passes the solver's call-backs on, not more often than REPORT_EVERY seconds."""

    def __init__(self, watch: Watch) -> None:
        self.watch, self.last, self.stop, self.turns = watch, time.monotonic(), False, 0

    def hear(self, event: highspy.highs.HighsCallbackEvent) -> None:
        branching = event.callback_type == highspy.cb.HighsCallbackType.kCallbackMipInterrupt
        self.turns += branching
        self.stop = self.stop or (self.watch.turns is not None and self.turns > self.watch.turns)
        now = time.monotonic()
        if now - self.last >= REPORT_EVERY:
            self.last = now
            self.stop = self.stop or self.watch.stop()
            if branching:
                self.watch.report(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)
        if self.stop:
            event.interrupt()


def _ending(status: highspy.HighsModelStatus) -> Ending:
    kinds = highspy.HighsModelStatus
    if status in (kinds.kOptimal, kinds.kModelEmpty):
        return Ending.PROVED
    if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):  # every column is bounded
        return Ending.INFEASIBLE
    if status == kinds.kTimeLimit:
        return Ending.TIME_UP
    if status == kinds.kInterrupt:
        return Ending.STOPPED
    return Ending.FAILED


def _program(model: Model) -> highspy.HighsLp:
    lp, rows = highspy.HighsLp(), model.rows
    lp.num_col_ = len(model.gain)
    lp.num_row_ = len(rows.lower)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = model.gain
    lp.col_lower_ = np.zeros(len(model.gain))
    lp.col_upper_ = np.concatenate([np.ones(len(model.modes)), model.most])
    lp.row_lower_ = np.array(rows.lower, dtype=np.float64)
    lp.row_upper_ = np.array(rows.upper, dtype=np.float64)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(rows.start, dtype=np.int32)
    lp.a_matrix_.index_ = np.array(rows.column, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(rows.value, dtype=np.float64)
    return lp
