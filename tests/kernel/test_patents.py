"""Patent numbers are accepted with the right check digit only."""

from __future__ import annotations

import pytest

from marketplace.kernel import patents as numbers
from marketplace.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("digits", "check"),
    [("201710601862", "3"), ("95115608", "X"), ("97101765", "4")],
    ids=["since 2003", "before, 10 is X", "before"],
)
def test_the_check_digit_is_the_weighted_sum_modulo_eleven(digits: str, check: str) -> None:
    assert numbers.check_digit(digits) == check


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("201710601862.3", "201710601862.3"),
        ("2017106018623", "201710601862.3"),
        ("ZL 2017 1 0601862.3", "ZL201710601862.3"),
        ("zl201710601862.3", "ZL201710601862.3"),
        ("CN201710601862.3", "201710601862.3"),
        ("ＺＬ２０１７１０６０１８６２．３", "ZL201710601862.3"),
        ("95115608.x", "95115608.X"),
        ("971017654", "97101765.4"),
        ("CN107346452B", "CN107346452B"),
        ("cn 107346452 a", "CN107346452A"),
        ("US9876543B2", "US9876543B2"),
        ("EP 1 234 567 A1", "EP1234567A1"),
    ],
)
def test_a_right_number_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert numbers.patent_reference(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("201710601862.4", "patent.check_digit"),
        ("95115608.1", "patent.check_digit"),
        ("ZL201720601862.3", "patent.check_digit"),
        ("201770601862.3", "patent.kind"),
        ("197910601862.3", "patent.kind"),
        ("95415608.X", "patent.kind"),
        ("", "patent.form"),
        ("12345", "patent.form"),
        ("=1+1", "patent.form"),
        ("٢٠١٧١٠٦٠١٨٦٢.٣", "patent.form"),
        ("CN" + "9" * 500, "patent.form"),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        numbers.patent_reference(typed)
    assert refused.value.code == code
    assert refused.value.field == "reference"


@pytest.mark.parametrize("place", range(13))
def test_every_single_wrong_digit_is_noticed(place: int) -> None:
    right = "2017106018623"
    for digit in "0123456789":
        wrong = right[:place] + digit + right[place + 1 :]
        if wrong != right:
            with pytest.raises(Invalid):
                numbers.application_number(wrong)
