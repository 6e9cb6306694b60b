"""Whole fen: what people type, how amounts are split, and that nothing is ever lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel import money

FEN = st.integers(0, money.MAX_FEN)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("48万", 48_000_000),
        ("480,000", 48_000_000),
        ("480，000元", 48_000_000),
        ("¥0.5亿", 5_000_000_000),
        ("￥ 1,234.56", 123_456),
        ("１２．５千元", 1_250_000),
        ("0", 0),
        ("0.01", 1),
        ("10000000000000", money.MAX_FEN),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, fen: int) -> None:
    assert money.parse(typed) == fen


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-1", "+1", "1e5", "0x10", "nan", "1.", ".5", "1.005", "0.001万.", "48 million", "1\x00", "10000000000000.01",
     "9" * 40, "万", "¥", "1万万", "٣٤", "1,2.3.4", "1,5", "12,50", "1,00,0", "12,5万", "48,0000万",
     "4 8", "1000,000", "1，5", "1,", "1 234"],
)  # fmt: skip
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"not an amount|less than a fen|too large"):
        money.parse(typed)


@given(FEN)
def test_an_amount_shown_again_is_read_as_the_same_amount(fen: int) -> None:
    assert money.parse(money.plain(fen)) == fen
    assert money.yuan(fen) * 100 == fen


@given(FEN, WEIGHTS)
def test_the_parts_of_a_split_sum_to_the_whole_and_are_within_one_of_their_due(total: int, weights: list[int]) -> None:
    parts = money.split(total, weights)
    whole = sum(weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert total * weight // whole <= part <= total * weight // whole + 1


@given(FEN, WEIGHTS)
def test_a_part_without_weight_gets_nothing(total: int, weights: list[int]) -> None:
    parts = money.split(total, [*weights, 0])
    assert parts[-1] == 0


def test_the_earlier_of_equal_parts_gets_the_rest() -> None:
    assert money.split(100, [1, 1, 1]) == [34, 33, 33]


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [0]), (1, [2, -1])])
def test_a_split_that_makes_no_sense_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="split needs"):
        money.split(total, weights)


@given(FEN, st.integers(0, money.BASIS))
def test_a_share_is_never_more_than_its_part(amount: int, points: int) -> None:
    part = money.share(amount, points)
    assert part * money.BASIS <= amount * points < (part + 1) * money.BASIS
