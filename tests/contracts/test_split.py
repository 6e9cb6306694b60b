"""Splitting a price over milestones and sources: exact to the fen, and own money first where a fund matches it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.split import allocate, reduce, schedule
from marketplace.kernel import money

FEN = st.integers(0, 10**12)
TOTALS = st.lists(FEN, min_size=1, max_size=6).filter(lambda totals: sum(totals) > 0)


@given(TOTALS, st.lists(st.integers(1, 10_000), min_size=1, max_size=12), st.booleans())
def test_rows_sum_to_the_milestones_and_columns_to_the_sources(
    totals: list[int], shares: list[int], own_first: bool
) -> None:
    amounts = money.split(sum(totals), shares)
    rows = schedule(amounts, totals, own=0, own_first=own_first)
    assert [sum(row) for row in rows] == amounts
    assert [sum(row[place] for row in rows) for place in range(len(totals))] == totals
    assert min(min(row) for row in rows) >= 0


@given(TOTALS, st.lists(st.integers(1, 10_000), min_size=1, max_size=12))
def test_no_fund_is_ever_ahead_of_the_own_money_it_matches(totals: list[int], shares: list[int]) -> None:
    """At each moment fund / own is at most what it is in the whole, if own money goes first."""
    own_total = totals[0]
    paid = [0] * len(totals)
    for row in schedule(money.split(sum(totals), shares), totals, own=0, own_first=True):
        paid = [before + part for before, part in zip(paid, row, strict=True)]
        for fund in range(1, len(totals)):
            assert paid[fund] * own_total <= totals[fund] * paid[0]


def test_without_own_money_first_a_fund_can_be_ahead_by_a_fen() -> None:
    """The twin: pro rata rounding alone breaks the ratio."""
    rows = schedule([1, 2], [1, 2], own=0, own_first=False)
    assert rows[0][1] * 1 > 2 * rows[0][0]


@pytest.mark.parametrize("function", [allocate, reduce])
@pytest.mark.parametrize("own_first", [True, False])
def test_nobody_is_asked_for_more_than_is_left(function: object, own_first: bool) -> None:
    with pytest.raises(ValueError, match=r"left|split"):
        function(11, [5, 5], own=0, own_first=own_first)  # type: ignore[operator]


@given(st.lists(FEN, min_size=2, max_size=6), st.data(), st.booleans())
def test_a_lower_price_is_lower_by_exactly_that(left: list[int], data: st.DataObject, own_first: bool) -> None:
    amount = data.draw(st.integers(0, sum(left)))
    parts = reduce(amount, left, own=0, own_first=own_first)
    assert sum(parts) == amount
    assert all(0 <= part <= rest for part, rest in zip(parts, left, strict=True))


def test_funds_fall_first_when_they_match_own_money() -> None:
    assert reduce(30, [50, 20, 20], own=0, own_first=True) == [0, 15, 15]
    assert reduce(50, [50, 20, 20], own=0, own_first=True) == [10, 20, 20]
