"""Signs worth a look, each with its limits and its sample size."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.evaluation.flags import BASIS, Entry, Flag, abnormally_low, red_flags

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DEADLINE = NOW + timedelta(days=20)


def bids(*prices: int | None, **of: dict[str, Any]) -> list[Entry]:
    return [Entry(n, price, **of.get(f"b{n}", {})) for n, price in enumerate(prices, 1)]


def found(entries: list[Entry], days: float = 20) -> dict[Flag, tuple[int, tuple[int, ...]]]:
    flags = red_flags(entries, NOW, NOW + timedelta(days=days))
    return {each.flag: (each.sample, each.bids) for each in flags}


@pytest.mark.parametrize(
    ("prices", "low"),
    [
        ((60, 100, 100), [1]),  # exactly 40 % below the mean
        ((61, 80, 121), []),  # 39.3 % below the mean, 23.8 % below the next
        ((70, 100), [1]),  # exactly 30 % below the next
        ((71, 100), []),
        ((69, 71, 200), [1, 2]),  # both 40 % below the mean of the others
        ((100,), []),
        ((), []),
        ((50, None), []),
    ],
)
def test_a_price_is_abnormally_low_from_exactly_the_limits_on(prices: tuple[int | None, ...], low: list[int]) -> None:
    assert sorted(each.bid for each in abnormally_low(bids(*prices))) == low


def test_an_excluded_bid_is_neither_low_nor_a_measure() -> None:
    assert abnormally_low(bids(10, 100, b1={"excluded": True})) == []


@given(st.lists(st.integers(1, 10**9), min_size=2, max_size=8))
def test_no_price_is_called_low_that_is_not_well_below_the_others(prices: list[int]) -> None:
    for low in abnormally_low(bids(*prices)):
        price = prices[low.bid - 1]
        others = [p for n, p in enumerate(prices, 1) if n != low.bid]
        assert price * 10 <= min(others) * 7 or price * len(others) * 10 <= sum(others) * 6
        assert low.sample == len(prices)
        assert max(low.below_mean, low.below_next) <= BASIS


@pytest.mark.parametrize(
    ("flag", "with_it", "without_it"),
    [
        (Flag.R018, found(bids(100)), found(bids(100, 200))),
        (Flag.R024, found(bids(10_000, 10_099, 20_000)), found(bids(10_000, 10_100, 20_000))),
        (Flag.R028, found(bids(100, 100, 200)), found(bids(100, 101))),
        (Flag.R003, found(bids(1, 2), days=14.9), found(bids(1, 2), days=15)),
        (
            Flag.R030,
            found(bids(1, 2, b1={"won": True, "came_at": DEADLINE})),
            found(bids(1, 2, b1={"won": True, "came_at": DEADLINE - timedelta(seconds=1)})),
        ),
        (
            Flag.R035,
            found(bids(1, 2, 3, b1={"won": True}, b2={"excluded": True}, b3={"excluded": True})),
            found(bids(1, 2, 3, b1={"won": True}, b2={"excluded": True})),
        ),
        (Flag.R036, found(bids(1, 2, b1={"excluded": True})), found(bids(1, 2, b2={"excluded": True}))),
    ],
)
def test_each_flag_is_raised_at_its_limit_and_not_before(
    flag: Flag, with_it: dict[Flag, Any], without_it: dict[Flag, Any]
) -> None:
    assert flag in with_it
    assert flag not in without_it


def test_a_flag_says_on_how_many_bids_it_rests_and_which_they_are() -> None:
    assert found(bids(100, 100, 100, 300))[Flag.R028] == (4, (1, 2, 3))
    assert found(bids(10_000, 10_050, 30_000))[Flag.R024] == (3, (1, 2))


def test_sealed_prices_raise_no_flag() -> None:
    assert set(found(bids(None, None))) == set()
