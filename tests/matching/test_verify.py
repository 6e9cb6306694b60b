"""The verifier: accepts what is right, names what is wrong, and agrees with a second program when one is at hand."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from benchmarks.check_random import middle_problem
from marketplace.matching.engine import solve
from marketplace.matching.problem import AtLeast, Problem
from marketplace.matching.solution import FundingOption, Match, Reason, Solution, Status, Unmatched
from marketplace.matching.verify import verify
from tests.matching.build import fund, offer, order, problem, team

DRAWN = problem(
    orders=[
        {**order("a", 60), "enterprise": "e", "groups": ["g"]},
        {**order("b", 60), "enterprise": "e"},
        order("c", 0, must_match=True),
    ],
    teams=[team("t", 5), team("u", 9)],
    offers=[
        offer("x", "a", 100, 10, t=3),
        offer("y", "b", 100, 9, t=2),
        offer("z", "c", 10, 1, u=9),
        offer("w", "b", 50, 1, u=1),
        offer("v", "a", 60, 2, t=5),
    ],
    funds=[
        fund("f", 90, public=True, share_max=4000, amount_max=45, amount_min=10, match_max=7000, enterprise_max=75),
        fund("g", 50, cost=1000, orders=["b", "c"]),
    ],
    public_share_max=4200,
    at_least=[{"group": "g", "matched": 1}],
    locked=["x"],
    forbidden=["w"],
    conflicts=[["v", "y"]],
)


def _right() -> Solution:
    found = solve(DRAWN)
    assert verify(DRAWN, found).ok
    assert {m.offer: dict(m.pay) for m in found.matches} == {
        "x": {"own": 60, "f": 40},
        "y": {"own": 60, "f": 35, "g": 5},
        "z": {"own": 0, "g": 10},
    }
    return found


def _paying(name: str, **pay: int) -> Callable[[Solution], Solution]:
    return lambda right: replace(
        right, matches=tuple(replace(m, pay=pay) if m.offer == name else m for m in right.matches)
    )


def _without(name: str) -> Callable[[Solution], Solution]:
    return lambda right: replace(right, matches=tuple(m for m in right.matches if m.offer != name))


def _adding(match: Match) -> Callable[[Solution], Solution]:
    return lambda right: replace(right, matches=(*right.matches, match))


def _option(**pay: int) -> Callable[[Solution], Solution]:
    return lambda right: replace(
        right,
        matches=tuple(
            replace(m, options=(FundingOption("least_own", pay),)) if m.offer == "x" else m for m in right.matches
        ),
    )


PLANTED: list[tuple[Callable[[Solution], Solution], str]] = [
    (_paying("x", own=60, f=39), "x: payments sum to 99, the price is 100"),
    (_paying("x", own=61, f=39), "x: own payment 61 is above the own funds 60"),
    (_paying("x", own=59, f=41), "x: fund f pays 41, above its share of the price"),
    (_paying("x", own=55, f=45), "above its share"),
    (_paying("x", own=54, f=46), "above its largest grant 45"),
    (_paying("y", own=60, f=9, g=31), "y: fund f pays 9, below its smallest grant 10"),
    (_paying("y", own=50, f=36, g=14), "above its ratio to the own payment 50"),
    (_paying("y", own=60, f=36, g=4), "fund f pays enterprise e 76, its limit is 75"),
    (_paying("y", own=20, f=35, g=45), "fund g pays 55, has 50"),
    (_paying("x", own=60, g=40), "x: order a is not eligible for fund g"),
    (_paying("x", own=60, h=40), "x: unknown fund 'h'"),
    (_paying("x", own=101, f=-1), "x: f pays -1"),
    (_paying("z", own=0, f=10), "z: public money 10 is above its share of the price"),
    (_without("x"), "locked offer x is not chosen"),
    (_without("x"), "group g has 0 matches, needs 1"),
    (_without("z"), "order c must be matched and is not"),
    (_adding(Match("b", "w", {"own": 50})), "forbidden offer w is chosen"),
    (_adding(Match("b", "w", {"own": 50})), "order b is matched 2 times"),
    (_adding(Match("b", "w", {"own": 50})), "team u works 10, has 9"),
    (_adding(Match("a", "v", {"own": 60})), "conflicting offers v and y are both chosen"),
    (_adding(Match("a", "q", {"own": 60})), "match names the unknown offer 'q'"),
    (_adding(Match("b", "v", {"own": 60})), "v: belongs to order a, not b"),
    (_option(own=59, f=41), "x option least_own: fund f pays 41, above its share of the price"),
    (_option(own=61, f=39), "x option least_own: own payment 61 is above the own funds 60"),
    (lambda right: replace(right, objective=Fraction(20)), "claimed objective 20.0"),
    (lambda right: replace(right, bound=Fraction(19)), "claimed bound 19.0 is below the objective"),
    (lambda right: replace(right, bound=Fraction(21)), "claimed optimal, but the bound 21.0"),
    (lambda right: replace(right, bound=None), "status optimal without an objective and a bound"),
    (lambda right: replace(right, status=Status.INFEASIBLE), "an infeasible problem has no matches"),
    (
        lambda right: replace(right, unmatched=(Unmatched("a", Reason.NO_OFFER),)),
        "order a is matched and told unmatched",
    ),
    (
        lambda right: replace(right, unmatched=(Unmatched("q", Reason.NO_OFFER),)),
        "unmatched names the unknown order 'q'",
    ),
    (lambda right: replace(right, certificate={"format": "?"}), "certificate"),
]


@pytest.mark.parametrize(("plant", "line"), PLANTED, ids=[row[1] for row in PLANTED])
def test_a_planted_error_is_named(plant: Callable[[Solution], Solution], line: str) -> None:
    assert any(line in told for told in verify(DRAWN, plant(_right())).broken)


def test_a_stopped_search_that_found_nothing_is_no_error() -> None:
    assert verify(DRAWN, Solution(Status.CANCELLED, None, None, 0.0)).ok


def test_a_stopped_search_that_claims_an_answer_must_keep_every_demand() -> None:
    claimed = replace(_right(), status=Status.CANCELLED, bound=Fraction(10**6))
    assert verify(DRAWN, claimed).ok
    assert not verify(DRAWN, _without("z")(claimed)).ok


@pytest.mark.parametrize("seed", range(25))
def test_random_damage_to_payments_never_passes(seed: int) -> None:
    drawn, draw = middle_problem(seed), random.Random(seed)
    right = solve(drawn)
    for _ in range(20 if right.matches else 0):
        place = draw.randrange(len(right.matches))
        match = right.matches[place]
        source = draw.choice(sorted(match.pay))
        damaged = replace(match, pay={**match.pay, source: match.pay[source] + draw.choice([-1, 1, 10**6])})
        assert not verify(
            drawn, replace(right, matches=(*right.matches[:place], damaged, *right.matches[place + 1 :]))
        ).ok


def test_a_second_program_accepts_answers_to_random_problems(tmp_path: Path) -> None:
    beside = Path(__file__).resolve().parents[3] / "shared" / "tools" / "check_solution.py"
    checker = Path(os.environ.get("TRIPOOL_CHECKER", beside))
    if not checker.exists():
        pytest.skip(f"NO SECOND OPINION: {checker} is absent; name a checker in TRIPOOL_CHECKER")
    for seed in range(30):
        drawn: Problem = middle_problem(seed)
        if seed % 5 == 0:
            drawn = replace(drawn, rules=replace(drawn.rules, at_least=(AtLeast("g0", 1),)))
        for name, told in (("p", drawn.to_json()), ("s", solve(drawn).to_json())):
            (tmp_path / name).write_text(json.dumps(told), encoding="utf-8")
        run = subprocess.run(
            [sys.executable, str(checker), str(tmp_path / "p"), str(tmp_path / "s")],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert run.returncode == 0, (seed, run.stdout + run.stderr)
