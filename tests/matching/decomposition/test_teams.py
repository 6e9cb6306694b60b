"""Neighbourhoods of teams: every near filling is listed, and what they change on the board keeps the books."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import pytest

from benchmarks.instances import Shape, generate
from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.columns import to_columns
from marketplace.matching.decomposition import large, solve_large
from marketplace.matching.decomposition.patterns import Entries, fillings
from marketplace.matching.encoding import Arrays
from marketplace.matching.recheck import recheck
from marketplace.matching.verify_columns import verify_columns

SHAPES = [
    Shape(300, 100, 8),
    Shape(300, 100, 8, eligible=2, seed=1),
    Shape(250, 80, 8, consortia=0.3, floors=2, seed=2),
]


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


def solve(arrays: Arrays, gap: float = 0.0, asked: int = 10**9) -> Answer:
    """The answer when the caller has been asked so often whether to stop: no clock is read."""
    count = 0

    def cancelled() -> bool:
        nonlocal count
        count += 1
        return count > asked

    return solve_large(arrays, Hearing(Settings(time_limit=1e6, gap=gap), cancelled=cancelled))


@pytest.mark.parametrize("shape", SHAPES, ids=["six funds", "two funds", "consortia and floors"])
def test_neighbourhoods_raise_the_objective_within_every_rule(shape: Shape, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = generate(shape)
    monkeypatch.setattr(large._Run, "_branch", lambda *_: False)
    after = solve(arrays, asked=1_200)
    monkeypatch.setattr(large._Run, "_refine", lambda *_: None)
    before = solve(arrays)
    assert before.objective is not None
    assert after.objective is not None
    assert after.objective >= before.objective
    assert shape.consortia or after.objective > before.objective
    assert after.bound is not None
    assert before.bound is not None
    assert after.objective <= after.bound <= before.bound
    report, _, _ = verify_columns(arrays, to_columns(arrays, after, 1.0))
    assert report.broken == ()
    assert report.proof == "certificate"
    assert recheck(arrays, after.certificate or {}) == after.bound


def test_a_slow_machine_finds_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the caller's own time limit reads a clock: a hundredfold slower one changes nothing."""
    arrays = generate(SHAPES[0])
    first = solve(arrays, gap=0.004)
    monkeypatch.setattr(Hearing, "seconds", lambda self: 100.0)
    second = solve(arrays, gap=0.004)
    assert first.choices
    assert first == second
