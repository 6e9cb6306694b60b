"""From points to quality and rank, and what a committee must be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.evaluation.composing import problems
from marketplace.evaluation.scoring import judge
from marketplace.evaluation.terms import STANDARD, WHOLE
from marketplace.orders.procedures import RULES, Procedure

WEIGHTS = {1: 6_000, 2: 4_000}
SHEET = st.fixed_dictionaries({1: st.integers(0, 100), 2: st.integers(0, 100)})
SHEETS = st.dictionaries(st.integers(1, 6), st.lists(SHEET, min_size=3, max_size=3), min_size=1, max_size=6)


def test_the_quality_is_the_weighted_mean_of_the_points() -> None:
    found = judge(WEIGHTS, {7: [{1: 90, 2: 50}, {1: 70, 2: 50}], 8: [{1: 100, 2: 100}] * 2})
    assert (found[7].quality, found[7].rank, found[7].means) == (680, 2, {1: 8_000, 2: 5_000})
    assert (found[8].quality, found[8].rank) == (1000, 1)


@given(SHEETS)
def test_quality_is_whole_within_bounds_and_ranks_follow_it(sheets: dict[int, list[dict[int, int]]]) -> None:
    found = judge(WEIGHTS, sheets)
    for bid, each in found.items():
        assert 0 <= each.quality <= 1000
        assert each.rank == 1 + sum(other.quality > each.quality for other in found.values())
        assert judge(WEIGHTS, {bid: sheets[bid][::-1]})[bid].quality == each.quality


@given(SHEETS, st.integers(1, 6))
def test_more_points_never_make_a_bid_worse(sheets: dict[int, list[dict[int, int]]], bid: int) -> None:
    if bid not in sheets:
        return
    better = {**sheets, bid: [{1: min(100, s[1] + 5), 2: s[2]} for s in sheets[bid]]}
    assert judge(WEIGHTS, better)[bid].quality >= judge(WEIGHTS, sheets)[bid].quality


@pytest.mark.parametrize(
    ("weights", "sheets"),
    [
        ({1: 9_999}, {7: [{1: 5}]}),
        (WEIGHTS, {7: []}),
        (WEIGHTS, {7: [{1: 5}]}),
        (WEIGHTS, {7: [{1: 5, 2: 5, 3: 5}]}),
        (WEIGHTS, {7: [{1: 101, 2: 5}]}),
        (WEIGHTS, {7: [{1: -1, 2: 5}]}),
    ],
)
def test_incomplete_or_senseless_scores_are_never_judged(weights: dict[int, int], sheets: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of the three sentences
        judge(weights, sheets)


def test_the_standard_criteria_are_the_whole() -> None:
    assert sum(criterion.weight for criterion in STANDARD) == WHOLE


@pytest.mark.parametrize(
    ("procedure", "members", "experts", "codes"),
    [
        (Procedure.STRICT, 5, 4, []),
        (Procedure.STRICT, 5, 3, ["few_experts"]),
        (Procedure.STRICT, 3, 3, ["too_small"]),
        (Procedure.STRICT, 6, 6, ["even"]),
        (Procedure.STRICT, 7, 5, []),
        (Procedure.STRICT, 0, 0, ["too_small"]),
        (Procedure.OPEN, 3, 2, []),
        (Procedure.OPEN, 3, 1, ["few_experts"]),
        (Procedure.OPEN, 4, 4, ["even"]),
        (Procedure.QUICK, 1, 0, []),
        (Procedure.QUICK, 2, 0, []),
        (Procedure.QUICK, 0, 0, ["too_small"]),
    ],
)
def test_a_committee_is_what_the_procedure_asks(
    procedure: Procedure, members: int, experts: int, codes: list[str]
) -> None:
    found = problems(RULES[procedure], members, experts)
    assert [problem.code.removeprefix("evaluation.") for problem in found] == codes
