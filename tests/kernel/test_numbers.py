"""Numbers in digits of either width, and nothing that could mean two things."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marketplace.kernel import money, numbers


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("１２３，４５６．７８", "123456.78"),
        ("1,234,567", "1234567"),
        (" －0.5 ", "-0.5"),
        ("−3", "-3"),
        ("＋7", "7"),
        ("0", "0"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, meant: str) -> None:
    assert numbers.decimal(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed",
    ["", "1,5", "１，５", "12,34", "1.", ".5", "1 200", "5²", "①", "٣", "nan", "1e3", "1_000", "--1", "9" * 1001],
)
def test_what_could_mean_two_things_or_none_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        numbers.decimal(typed)


@pytest.mark.parametrize(("typed", "meant"), [("１，２００", 1200), ("-3", -3)])
def test_a_whole_number_has_no_places(typed: str, meant: int) -> None:
    assert numbers.whole(typed) == meant
    with pytest.raises(ValueError, match="not a whole number"):
        numbers.whole(typed + ".0")


@pytest.mark.parametrize(("typed", "meant"), [("30", 3000), ("１２．５％", 1250), ("12.25 %", 1225), ("100", 10_000)])
def test_a_share_is_hundredths_of_a_percent(typed: str, meant: int) -> None:
    assert numbers.basis_points(typed) == meant


@pytest.mark.parametrize("typed", ["-1", "12.345", "1,5", "%", "9999999", "half"])
def test_what_is_no_share_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        numbers.basis_points(typed)


@pytest.mark.parametrize(
    ("typed", "fen"), [("－５０万", -50_000_000), ("+1,200", 120_000), ("１２３，４５６．７８", 12_345_678)]
)
def test_an_amount_may_have_a_sign_where_it_is_a_change(typed: str, fen: int) -> None:
    assert money.parse_signed(typed) == fen
