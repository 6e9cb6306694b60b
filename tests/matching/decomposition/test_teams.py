"""Neighbourhoods of teams: every near filling is listed, and what they change on the board keeps the books."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations
from random import Random

import numpy as np
import pytest

from benchmarks.instances import Shape, generate
from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.columns import to_columns
from marketplace.matching.decomposition import large, neighbourhoods, solve_large
from marketplace.matching.decomposition.patterns import Entries, fillings
from marketplace.matching.encoding import Arrays
from marketplace.matching.recheck import recheck
from marketplace.matching.verify_columns import verify_columns

SHAPES = [
    Shape(120, 40, 6, seed=5),
    Shape(120, 40, 6, eligible=2, seed=3),
    Shape(100, 40, 6, consortia=0.15, floors=2, seed=2),
]
ROUNDS = 2


@pytest.mark.parametrize("seed", range(40))
def test_every_filling_that_loses_little_is_listed_once_and_the_present_one_always(seed: int) -> None:
    draw = Random(seed)
    count, room, loss = draw.randint(1, 9), draw.randint(0, 25), draw.uniform(0.0, 30.0)
    profit = np.array(sorted((draw.uniform(-20.0, 40.0) for _ in range(count)), reverse=True))
    load = np.array([draw.randint(0, 12) for _ in range(count)], dtype=np.int64)
    # A positive item heavier than the room cannot be in any filling; the caller leaves those out.
    profit[(load > room) & (profit > 0)] = -1.0
    profit, load = profit[(rank := np.argsort(-profit, kind="stable"))], load[rank]
    every = [set(each) for size in range(count + 1) for each in combinations(range(count), size)]
    able = [each for each in every if sum(load[i] for i in each) <= room]
    held = draw.choice(able)
    entries = Entries(np.array([0, count]), profit, load, np.array([i in held for i in range(count)], dtype=np.int32))
    found = fillings(entries, np.array([room]), loss)
    listed = [set(found.entry[found.start[k] : found.start[k + 1]].tolist()) for k in range(len(found.team))]
    best = max(sum(profit[i] for i in each) for each in able)
    near = [each for each in able if each and sum(profit[i] for i in each) >= best - loss + 1e-9]
    assert all(each in listed for each in near)
    assert len(listed) == len({frozenset(each) for each in listed})
    assert [each for each, now in zip(listed, found.now, strict=True) if now] == ([held] if held else [])


def solve(arrays: Arrays, gap: float = 0.0, cancelled: Callable[[], bool] = lambda: False) -> Answer:
    """The answer without a time limit."""
    return solve_large(arrays, Hearing(Settings(time_limit=1e6, gap=gap), cancelled=cancelled))


@pytest.mark.parametrize("shape", SHAPES, ids=["six funds", "two funds", "consortia and floors"])
def test_neighbourhoods_raise_the_objective_within_every_rule(shape: Shape, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays, rounds = generate(shape), []
    renew_all = neighbourhoods.renew_all
    monkeypatch.setattr(neighbourhoods, "renew_all", lambda *given: rounds.append(renew_all(*given)) or rounds[-1])
    monkeypatch.setattr(large._Run, "_branch", lambda *_: False)
    monkeypatch.setattr(large, "MORE_STEPS", 60)
    after = solve(arrays, cancelled=lambda: len(rounds) == ROUNDS)
    monkeypatch.setattr(large._Run, "_refine", lambda *_: None)
    before = solve(arrays)
    assert before.objective is not None
    assert after.objective is not None
    assert after.objective > before.objective
    assert after.bound is not None
    assert before.bound is not None
    assert after.objective <= after.bound <= before.bound
    report, _, _ = verify_columns(arrays, to_columns(arrays, after, 1.0))
    assert report.broken == ()
    assert report.proof == "certificate"
    assert recheck(arrays, after.certificate or {}) == after.bound


def test_a_slow_machine_finds_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the caller's own time limit reads a clock: a hundredfold slower one changes nothing."""
    arrays = generate(Shape(300, 100, 8))
    first = solve(arrays, gap=0.004)
    monkeypatch.setattr(Hearing, "seconds", lambda self: 100.0)
    second = solve(arrays, gap=0.004)
    assert first.choices
    assert first == second


def test_one_core_finds_the_same_answer_as_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large._Run, "_branch", lambda *_: False)
    monkeypatch.setattr(large, "MORE_STEPS", 60)
    answers = []
    for cores in (2, 1):
        pool = partial(ThreadPoolExecutor, cores)
        monkeypatch.setattr(neighbourhoods, "ThreadPoolExecutor", lambda _, pool=pool: pool())
        answers.append(solve(generate(SHAPES[0]), gap=0.006))
    assert answers[0].choices
    assert answers[0] == answers[1]
