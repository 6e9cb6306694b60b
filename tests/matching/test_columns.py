"""Columnar files: the same problem, the same answer, and the same strictness as the readable ones."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.check_random import middle_problem
from benchmarks.small import random_problem
from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.columns import Columns, read_arrays, read_columns, to_columns, write_arrays, write_columns
from marketplace.matching.encoding import Arrays, encode
from marketplace.matching.engine import solve
from marketplace.matching.paths import solve_arrays
from marketplace.matching.problem import BadProblem
from marketplace.matching.solution import Status
from marketplace.matching.verify_columns import verify_columns


def _solved(arrays: Arrays) -> Columns:
    return to_columns(arrays, solve_arrays(arrays, Hearing(Settings())), 0.1)


@pytest.mark.parametrize("seed", range(8))
def test_a_problem_and_its_answer_survive_their_files(seed: int, tmp_path: Path) -> None:
    drawn = middle_problem(seed)
    arrays = encode(drawn).arrays
    write_arrays(tmp_path / "p.npz", arrays)
    again = read_arrays(tmp_path / "p.npz")
    for each in fields(Arrays):
        assert np.array_equal(getattr(arrays, each.name), getattr(again, each.name)), each.name
    columns = _solved(again)
    write_columns(tmp_path / "s.npz", columns)
    report, status, matches = verify_columns(again, read_columns(tmp_path / "s.npz"))
    found = solve(drawn)
    assert report.broken == ()
    assert (status, matches) == (found.status, len(found.matches))
    if found.objective is not None:
        assert report.objective == found.objective


def _one(arrays: Arrays, name: str, value: Any) -> Arrays:
    changed: dict[str, Any] = {name: np.asarray(value)}
    return replace(arrays, **changed)


BAD: list[tuple[str, Any, str]] = [
    ("offer_order", [0, 9], "offer_order[1]: 9 is no row of order_own"),
    ("offer_price", [5, -5], "offer_price[1]: -5 is not within 0"),
    ("offer_price", [5.0, 5.0], "offer_price: not one column of whole numbers"),
    ("offer_price", [5], "offer_price: 1 rows, offer_order has 2"),
    ("use_team", [7], "use_team[0]: 7 is no row of team_capacity"),
    ("fund_share_max", [-2], "fund_share_max[0]: -2 is not within -1"),
    ("fund_public", [2], "fund_public[0]: 2 is not within 0…1"),
    ("order_own", [[1, 2]], "order_own: not one column of whole numbers"),
    ("eligible_order", [3], "eligible_order[0]: 3 is no row of order_own"),
    ("public_share_max", [1, 2], "public_share_max: 2 numbers instead of one"),
    ("offer_value", np.array([2**63, 1], dtype=np.uint64), "offer_value: a number above"),
]


def _small() -> dict[str, Any]:
    columns = {
        "order_own": [5],
        "order_enterprise": [-1],
        "order_must": [0],
        "team_capacity": [3],
        "offer_order": [0, 0],
        "offer_price": [5, 6],
        "offer_value": [1, 2],
        "use_offer": [0],
        "use_team": [0],
        "use_load": [1],
        "fund_budget": [9],
        "fund_cost": [0],
        "fund_public": [1],
        "fund_share_max": [-1],
        "fund_amount_max": [-1],
        "fund_amount_min": [0],
        "fund_match_max": [-1],
        "fund_enterprise_max": [-1],
        "fund_all": [0],
        "eligible_fund": [0],
        "eligible_order": [0],
        "public_share_max": [-1],
    }
    return {name: np.array(column, dtype=np.int64) for name, column in columns.items()}


@pytest.mark.parametrize(("name", "value", "line"), BAD)
def test_bad_columns_are_refused_with_one_line(name: str, value: Any, line: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "p.npz", **{**_small(), name: np.asarray(value)})
    with pytest.raises(BadProblem) as refused:
        read_arrays(tmp_path / "p.npz")
    assert line in str(refused.value)


def test_files_that_are_no_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("no")
    np.savez(tmp_path / "pickle.npz", order_own=np.array([{}], dtype=object))
    np.savez(tmp_path / "short.npz", order_own=np.array([1]))
    for name, line in (
        ("text.npz", "not an .npz"),
        ("pickle.npz", "not an .npz"),
        ("none.npz", "No such file"),
        ("short.npz", "order_enterprise: missing"),
    ):
        with pytest.raises(BadProblem, match=line):
            read_arrays(tmp_path / name)


def test_every_damage_to_a_columnar_answer_is_noticed() -> None:
    noticed = 0
    for seed in range(12):
        arrays = encode(random_problem(seed)).arrays
        right = _solved(arrays)
        if not len(right.pay_amount):
            continue
        for damaged in (
            replace(right, pay_amount=right.pay_amount + 1),
            replace(right, match_offer=right.match_offer + 99),
            replace(right, pay_fund=right.pay_fund + 9),
            replace(right, summary={"status": "optimal"}),
            replace(right, summary={**right.summary, "objective": right.summary["objective"] + 1}),
        ):
            assert not verify_columns(arrays, damaged)[0].ok
            noticed += 1
    assert noticed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("team_capacity", 0),
        ("fund_budget", 0),
        ("fund_share_max", 0),
        ("fund_amount_max", 0),
        ("fund_match_max", 0),
        ("fund_enterprise_max", 0),
        ("order_own", 0),
        ("fund_amount_min", 10**15),
        ("public_share_max", 0),
    ],
)
def test_an_answer_to_a_looser_problem_is_refused(name: str, value: int) -> None:
    for seed in range(40):
        arrays = encode(random_problem(seed)).arrays
        right = _solved(arrays)
        whole = value if name == "public_share_max" else np.full(len(getattr(arrays, name)), value, np.int64)
        strict = replace(arrays, **{name: whole})
        if right.summary["status"] == Status.OPTIMAL and not verify_columns(strict, right)[0].ok:
            return
    pytest.fail(f"{name} is never checked")


def test_a_summary_that_is_no_json_is_refused(tmp_path: Path) -> None:
    empty = np.zeros(0, np.int64)
    for text in ("{", json.dumps([])):
        np.savez(
            tmp_path / "s.npz",
            match_offer=empty,
            pay_match=empty,
            pay_fund=empty,
            pay_amount=empty,
            summary=np.array(text),
        )
        with pytest.raises(BadProblem, match="summary"):
            read_columns(tmp_path / "s.npz")
