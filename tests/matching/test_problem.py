"""Reading problems: what is accepted, and one clear line about everything else."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.small import random_problem
from marketplace.matching.engine import solve
from marketplace.matching.problem import BadProblem, Problem
from marketplace.matching.shape import read_json
from marketplace.matching.solution import Solution

GOOD: dict[str, Any] = {
    "format": "tripool-problem/1",
    "orders": [{"id": "o1", "enterprise": "e1", "own_funds": 30, "must_match": False, "groups": ["sme"]}],
    "teams": [{"id": "t1", "capacity": 400}],
    "offers": [
        {"id": "b1", "order": "o1", "uses": {"t1": 120}, "price": 48, "value": 812},
        {"id": "b2", "order": "o1", "uses": {}, "price": 0, "value": -3},
    ],
    "funds": [
        {
            "id": "f1",
            "budget": 500,
            "public": True,
            "cost": 0,
            "orders": ["o1"],
            "share_max": 3000,
            "amount_max": 20,
            "amount_min": 0,
            "match_max": 10000,
            "enterprise_max": None,
        }
    ],
    "rules": {
        "public_share_max": 7000,
        "at_least": [{"group": "sme", "matched": 1}],
        "locked": [],
        "forbidden": [],
        "conflicts": [["b1", "b2"]],
    },
}

BAD: list[tuple[tuple[Any, ...], Any, str]] = [
    (("format",), "tripool-problem/2", "format: 'tripool-problem/2' is not 'tripool-problem/1'"),
    (("orders",), {}, "orders: {} is not a list"),
    (("orders", 0), [], "orders[0]: [] is not an object"),
    (("orders", 0, "id"), "", 'orders[0].id: "" is not a non-empty string'),
    (("orders", 0, "id"), 7, "orders[0].id: 7 is not a non-empty string"),
    (("orders", 0, "own_funds"), -1, "orders[0].own_funds: -1 is below 0"),
    (("orders", 0, "own_funds"), None, "orders[0].own_funds: null is not a whole number"),
    (("orders", 0, "must_match"), 1, "orders[0].must_match: 1 is not true or false"),
    (("orders", 0, "groups"), ["a", "a"], "orders[0].groups: 'a' is named twice"),
    (("teams", 0, "capacity"), True, "teams[0].capacity: true is not a whole number"),
    (("offers", 1, "price"), -5, "offers[1].price: -5 is below 0"),
    (("offers", 1, "price"), 5.0, "offers[1].price: 5.0 is not a whole number"),
    (("offers", 1, "price"), float("nan"), "offers[1].price: NaN is not a whole number"),
    (("offers", 1, "price"), "5", 'offers[1].price: "5" is not a whole number'),
    (("offers", 1, "price"), 10**16, "offers[1].price: 10000000000000000 is above 9007199254740992"),
    (("offers", 1, "value"), 10**30, f"offers[1].value: {10**30} is above 9007199254740992"),
    (("offers", 1, "order"), "o9", "offers[1].order: unknown order 'o9'"),
    (("offers", 1, "id"), "b1", "offers[1].id: 'b1' is used twice"),
    (("offers", 0, "uses"), {"t9": 1}, "offers[0].uses: unknown team 't9'"),
    (("offers", 0, "uses"), {"t1": -1}, "offers[0].uses.t1: -1 is below 0"),
    (("offers", 0, "uses"), ["t1"], 'offers[0].uses: ["t1"] is not an object'),
    (("funds", 0, "id"), "own", "funds[0].id: 'own' is the name of the enterprise's own payment"),
    (("funds", 0, "orders"), ["o9"], "funds[0].orders[0]: unknown order 'o9'"),
    (("funds", 0, "cost"), -1, "funds[0].cost: -1 is below 0"),
    (("funds", 0, "share_max"), -1, "funds[0].share_max: -1 is below 0"),
    (("funds", 0, "shares_max"), 5, "funds[0].shares_max: unknown limit"),
    (("rules", "at_most"), [], "rules.at_most: unknown rule"),
    (("rules", "locked"), ["b9"], "rules.locked[0]: unknown offer 'b9'"),
    (("rules", "conflicts"), [["b1", "b1"]], "rules.conflicts[0]: 'b1' is named twice"),
    (("rules", "conflicts"), [["b1"]], 'rules.conflicts[0]: ["b1"] is not a pair'),
    (("rules", "at_least"), [{"group": "sme"}], "rules.at_least[0].matched: missing"),
    (("offers", 0, "id"), "\ud800", 'offers[0].id: "\\ud800" holds half a character'),
]


@pytest.mark.parametrize(("place", "value", "line"), BAD)
def test_bad_input_is_refused_with_one_line_naming_the_place(place: tuple[Any, ...], value: Any, line: str) -> None:
    data = copy.deepcopy(GOOD)
    inside: Any = data
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    with pytest.raises(BadProblem) as refused:
        Problem.from_json(data)
    assert str(refused.value) == line


@pytest.mark.parametrize("key", ["capacity", "budget", "price", "value", "order", "id"])
def test_a_missing_key_is_named(key: str) -> None:
    data = copy.deepcopy(GOOD)
    row = next(row for name in ("offers", "teams", "funds") for row in data[name] if key in row)
    del row[key]
    with pytest.raises(BadProblem, match=rf"\.{key}: missing"):
        Problem.from_json(data)


@pytest.mark.parametrize("data", [None, [], 3, "x", {}])
def test_anything_but_a_problem_is_refused(data: Any) -> None:
    with pytest.raises(BadProblem):
        Problem.from_json(data)


@pytest.mark.parametrize("seed", range(20))
def test_a_problem_survives_its_file(seed: int) -> None:
    drawn = random_problem(seed)
    assert Problem.from_json(json.loads(json.dumps(drawn.to_json()))) == drawn


@pytest.mark.parametrize("seed", range(20))
def test_a_solution_survives_its_file(seed: int) -> None:
    told = solve(random_problem(seed)).to_json()
    assert Solution.from_json(json.loads(json.dumps(told))).to_json() == told


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "not JSON at line 1 column 2"),
        ("", "not JSON at line 1 column 1"),
        ('{"a": 1, "a": 2}', "key 'a' is given twice"),
        ("[" * 100_000, "not JSON this program can hold"),
        ("1" * 5000, "not JSON this program can hold"),
    ],
)
def test_a_file_that_is_not_json_is_refused_in_one_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "problem.json"
    path.write_text(text)
    with pytest.raises(BadProblem) as refused:
        read_json(path)
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_missing_or_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gbk.json").write_bytes("三池".encode("gbk"))
    for name, line in (("gbk.json", "not UTF-8"), ("none.json", "No such file")):
        with pytest.raises(BadProblem, match=line):
            read_json(tmp_path / name)
