"""What the round workbench promises, measured: ``python -m benchmarks.workbench round|scenarios|why|replay|crash [--count N]``.

round      a round of 1,000 orders and 3,000 opened bids, through database, job and stored progress: seconds to the first answer
           on its row and to a gap of 1 %, with the texts compared before (as a minute after filling) and without
scenarios  edits of that run: seconds from the click to the first answer on the row, and to the end of the search
why        each smallest change that was told, made and solved again from scratch; and 99 % of it
replay     stored runs solved again: the same objective and the same fingerprint
crash      workers killed with SIGKILL at random moments of a run: no partial result, no lost run

Wall seconds stand beside CPU seconds of this process: other work on the machine lengthens only the former.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import select

from benchmarks.workbench_crash import measure_crash, work
from benchmarks.workbench_round import SECONDS, filled_round, fresh, small_problem
from marketplace.approvals.service import content_hash
from marketplace.db.base import db
from marketplace.jobs import queue
from marketplace.jobs.models import JobRun
from marketplace.kernel.call import Call
from marketplace.matching.engine import Settings, solve
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Solution, Status
from marketplace.rounds import jobs as round_jobs
from marketplace.rounds import service
from marketplace.rounds.models import Run
from marketplace.rounds.service import SOLVE_JOB
from marketplace.rounds.study import why
from marketplace.rounds.study.replay import replay
from marketplace.rounds.study.trial import Bench
from marketplace.rounds.terms import RunTerms, ScenarioTerms
from marketplace.rounds.whatif.changes import apply
from marketplace.rounds.workflow import ChangeKind

NEAR = 0.01
GAP_TARGET = 50
"""Basis points: half a per cent is good enough for a round of a thousand orders."""
POLL = 0.1


class Watcher(threading.Thread):
    """Looks at a run's row as a page does, and notes when an answer and a gap of 1 % first stand there."""

    def __init__(self, app: Flask, run_id: int, click: tuple[float, float]) -> None:
        super().__init__(daemon=True)
        self.app, self.run_id, self.over = app, run_id, threading.Event()
        self.begun, self.used = click
        self.first: tuple[float, float] | None = None
        self.near: tuple[float, float] | None = None

    def run(self) -> None:
        with self.app.app_context():
            while not self.over.is_set():
                self.look()
                time.sleep(POLL)

    def look(self) -> None:
        row = db.session.execute(select(Run.objective, Run.gap).where(Run.id == self.run_id)).one()
        db.session.rollback()
        at = (time.monotonic() - self.begun, time.process_time() - self.used)
        if row.objective is not None and self.first is None:
            self.first = at
        if row.gap is not None and row.gap <= NEAR and self.near is None:
            self.near = at


def performed(app: Flask, run_id: int, click: tuple[float, float]) -> tuple[Watcher, tuple[float, float]]:
    """Do a run's job in this process while somebody watches; return what was seen, and seconds from the click to the end.

    All seconds are wall and CPU; ``click`` is when, by both clocks, somebody asked for the run.
    """
    watcher = Watcher(app, run_id, click)
    watcher.start()
    key = db.session.scalars(select(JobRun.id).filter_by(name=SOLVE_JOB, argument=run_id)).one()
    queue.perform(key)
    whole = (time.monotonic() - watcher.begun, time.process_time() - watcher.used)
    watcher.over.set()
    watcher.join()
    with app.app_context():
        watcher.look()
    return watcher, whole


def told(pair: tuple[float, float] | None) -> str:
    return "never" if pair is None else f"{pair[0]:.1f} s [{pair[1]:.1f} CPU]"


def measure_round(orders: int) -> None:
    with filled_round(orders) as (app, call, round_id):
        warm_up()
        for name in ("texts not compared before", "texts compared before", "once more"):
            click = (time.monotonic(), time.process_time())
            run = service.start_run(fresh(call), round_id, RunTerms(name, SECONDS, gap_target=GAP_TARGET))
            watcher, whole = performed(app, run.id, click)
            row = db.session.get_one(Run, run.id, populate_existing=True)
            offers = len((row.problem or {})["offers"])
            print(f"{name}: {orders} orders, {offers} bids; first answer {told(watcher.first)}, gap ≤ 1 % {told(watcher.near)}, "
                  f"end {told(whole)}, {row.state}, gap {100 * (row.gap or 0):.3f} %")  # fmt: skip
            if name.startswith("texts not"):
                round_jobs.compare_texts(fresh(call), round_id)


def warm_up() -> None:
    """Loading compiled code is a matter of the process, not of the round."""
    problem = small_problem(400, seed=1)
    solve(problem, Settings(time_limit=5.0, gap=0.01))


def measure_scenarios(orders: int, count: int) -> None:
    with filled_round(orders) as (app, call, round_id):
        warm_up()
        base = service.start_run(fresh(call), round_id, RunTerms("base", SECONDS, gap_target=GAP_TARGET))
        performed(app, base.id, (time.monotonic(), time.process_time()))
        base = db.session.get_one(Run, base.id, populate_existing=True)
        draw, firsts, ends = random.Random(7), [], []
        for number in range(count):
            asked = ScenarioTerms(str(number), [edit(base, draw)])
            click = (time.monotonic(), time.process_time())
            run = service.start_scenario(fresh(call), base.id, asked)
            watcher, whole = performed(app, run.id, click)
            row = db.session.get_one(Run, run.id, populate_existing=True)
            assert watcher.first is not None, row.state
            firsts.append(watcher.first)
            ends.append((*whole, row.gap or 0.0))
        wall, cpu = (median(each[i] for each in firsts) for i in (0, 1))
        print(f"{count} edits of {orders} orders: first answer on the row, median {wall:.2f} s [{cpu:.2f} CPU], "
              f"worst {max(f[0] for f in firsts):.2f} s; end median {median(e[0] for e in ends):.1f} s "
              f"[{median(e[1] for e in ends):.1f} CPU], gap median {100 * median(e[2] for e in ends):.2f} %")  # fmt: skip


def edit(base: Run, draw: random.Random) -> dict[str, Any]:
    """One edit of the kinds that people make most."""
    problem = base.problem or {}
    chosen = {match["offer"] for match in (base.solution or {})["matches"]}
    losing = [offer["id"] for offer in problem["offers"] if offer["id"] not in chosen]
    return draw.choice(
        [
            {"kind": ChangeKind.LOCK.value, "of": draw.choice(losing)},
            {"kind": ChangeKind.FORBID.value, "of": draw.choice(sorted(chosen))},
            {
                "kind": ChangeKind.BUDGET.value,
                "of": problem["funds"][0]["id"],
                "by": draw.randrange(-50, 50) * 1_000_000,
            },
            {"kind": ChangeKind.DROP_ORDER.value, "of": draw.choice(problem["orders"])["id"]},
            {"kind": ChangeKind.WEIGHTS.value, "weights": {"fit": draw.randrange(10, 60), "targets": 30, "price": 20}},
        ]
    )


def measure_why(count: int) -> None:
    """Problems of 12 to 30 orders with every kind of limit; each change told of every bid is made and solved from scratch."""
    found: Counter[str] = Counter()
    begun, seed = time.process_time(), 0
    while found["told"] < count:
        seed += 1
        problem = small_problem(12 + seed % 19, seed=seed)
        solution = solve(problem, Settings(time_limit=30.0, options=0))
        if solution.status is not Status.OPTIMAL:
            found["runs not proved"] += 1
            continue
        scores = small_scores(problem)
        for order in problem.orders[:6]:
            result = why.study(why.Asked(Bench(problem, solution, 60.0), scores, order.id), lambda _done, _total: None)
            rows = [(row["offer"], change) for row in result["offers"] for change in row["changes"] if change["by"]]
            rows += [(None, change) for change in result["changes"]]
            for offer, change in rows:
                found["told"] += 1
                found[change["kind"]] += 1
                found["wins with the change"] += taken(problem, scores, solution, change, order.id, offer)
                found["wins with 99 % of it"] += taken(problem, scores, solution, less(change), order.id, offer)
    print(f"why: {dict(found)}, {seed} problems, {time.process_time() - begun:.0f} CPU s")


def taken(
    problem: Problem, scores: dict[str, Any], before: Solution, change: dict[str, Any], order: str, offer: str | None
) -> bool:
    """Whether a plain solve of the changed problem, started from the released answer as the site does, takes the bid."""
    changed = apply(problem, scores, [change], {}).problem
    again = solve(changed, Settings(time_limit=60.0, options=0), warm=before)
    assert again.status is Status.OPTIMAL
    return any(m.order == order and (offer is None or m.offer == offer) for m in again.matches)


def less(change: dict[str, Any]) -> dict[str, Any]:
    """99 % of a change, at least one unit less."""
    size = abs(change["by"])
    part = size - max(1, size // 100)
    return {**change, "by": part if change["by"] > 0 else -part}


def small_scores(problem: Problem) -> dict[str, Any]:
    """Score sheets in which the whole value is one part and the price another, so that a lower price earns points."""
    dearest: dict[str, int] = {}
    for offer in problem.offers:
        dearest[offer.order] = max(dearest.get(offer.order, 0), offer.price)
    sheets = {}
    for offer in problem.offers:
        ceiling = dearest[offer.order] * 5 // 4
        price = min(1000, 2000 * (ceiling - offer.price) // ceiling)
        fit = max(0, min(1000, (offer.value * 100 - 20 * price) // 80))
        parts = {"fit": fit, "price": price}
        sheets[offer.id] = {"order": 0, "value": offer.value, "parts": parts, "points": {}, "ceiling": ceiling}
    return {"bids": sheets, "weights": {"fit": 80, "price": 20}}


def measure_replay(count: int) -> None:
    with filled_round(5) as (_app, call, round_id):
        same, begun = Counter[str](), time.process_time()
        for seed in range(count):
            run_id = stored(call, round_id, small_problem(10 + seed % 40, seed=1000 + seed), seed)
            run = db.session.get_one(Run, run_id, populate_existing=True)
            told_ = replay(
                Problem.from_json(run.problem),
                Settings(time_limit=run.time_limit, options=2, seed=run.seed),
                None,
                Solution.from_json(run.solution),
                run.solution_hash,
            )
            same[str(run.state)] += 1
            same["same objective"] += told_["same_objective"]
            same["same fingerprint"] += told_["same_answer"]
            same["cut short by the clock"] += told_["timed"]
    print(f"replay of {count} stored runs: {dict(same)}, {time.process_time() - begun:.0f} CPU s")


def stored(call: Call, round_id: int, problem: Problem, seed: int) -> int:
    """A run whose input is frozen already, solved and stored by the job; it stands for no rows, so it proposes nothing."""
    run = service.start_run(fresh(call), round_id, RunTerms(f"replay {seed}", SECONDS, seed))
    row = db.session.get_one(Run, run.id, populate_existing=True)
    row.problem, row.scores, row.kept = problem.to_json(), {}, False
    row.problem_hash = content_hash(row.problem)
    db.session.commit()
    queue.perform(db.session.scalars(select(JobRun.id).filter_by(name=SOLVE_JOB, argument=run.id)).one())
    return run.id


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("what", choices=["round", "scenarios", "why", "replay", "crash", "worker"])
    ask.add_argument("--count", type=int)
    ask.add_argument("--orders", type=int, default=1000)
    ask.add_argument("--folder", type=Path)
    ask.add_argument("--until-done", action="store_true")
    told_ = ask.parse_args()
    match told_.what:
        case "round":
            measure_round(told_.orders)
        case "scenarios":
            measure_scenarios(told_.orders, told_.count or 20)
        case "why":
            measure_why(told_.count or 200)
        case "replay":
            measure_replay(told_.count or 200)
        case "crash":
            measure_crash(told_.count or 50)
        case "worker":
            work(told_.folder, told_.until_done)


if __name__ == "__main__":
    main()
