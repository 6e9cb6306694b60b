"""Numbers that people type, and what is said when they are wrong."""

from __future__ import annotations

import pytest

from marketplace.kernel.errors import Invalid
from marketplace.organisations.facts import INDUSTRIES, REGIONS
from marketplace.organisations.numbers import credit_code, identity_number
from tests.factories import uscc_number

GOOD = uscc_number(7)


def test_spaces_hyphens_and_small_letters_do_no_harm() -> None:
    assert credit_code(f" {GOOD[:8].lower()}-{GOOD[8:].lower()} ") == GOOD
    assert identity_number(" 11010519491231002x ") == "11010519491231002X"
    assert identity_number("e12345678") == "E12345678"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "uscc.length"),
        (GOOD[:-1], "uscc.length"),
        (GOOD + "0", "uscc.length"),
        (GOOD[:10] + "I" + GOOD[11:], "uscc.form"),
        ("\u0669" + GOOD[1:], "uscc.form"),
        (GOOD[:-1] + ("1" if GOOD[-1] != "1" else "2"), "uscc.check_digit"),
    ],
)
def test_a_wrong_credit_code_says_what_is_wrong(number: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        credit_code(number)
    assert (refused.value.code, refused.value.field) == (code, "uscc")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "identity.form"),
        ("12345", "identity.form"),
        ("\u0661" * 18, "identity.form"),
        ("110105194912310021", "identity.check_digit"),
        ("110105194913310025", "identity.check_digit"),
    ],
)
def test_a_wrong_identity_number_is_refused(number: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        identity_number(number)
    assert (refused.value.code, refused.value.field) == (code, "identity_number")


def test_the_lists_are_whole() -> None:
    assert "".join(INDUSTRIES) == "ABCDEFGHIJKLMNOPQRST"
    assert len(REGIONS) == 21  # prefecture-level cities of Guangdong
    assert all(code.startswith("44") and len(code) == 6 for code in REGIONS)
    assert all(entry.name and entry.name_en for entry in (*INDUSTRIES.values(), *REGIONS.values()))
