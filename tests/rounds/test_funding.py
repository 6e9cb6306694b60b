"""Whether a payment keeps the rules of its sources: the independent check before money is reserved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.kernel.errors import Conflict
from marketplace.rounds.funding import Grant, Payment, percent, require

GRANT = Grant("补贴", 40_000, True, None, None, 0, None, None, 0)
PAYMENT = Payment(price=100_000, own=60_000, own_funds=60_000, grants=(GRANT,), public_share_max=None)


@pytest.mark.parametrize(
    ("payment", "code"),
    [
        (PAYMENT, None),
        (replace(PAYMENT, own=59_999), "rounds.sum"),
        (replace(PAYMENT, own_funds=59_999), "rounds.own_funds"),
        (replace(PAYMENT, grants=(replace(GRANT, share_max=4_000),)), None),
        (replace(PAYMENT, grants=(replace(GRANT, share_max=3_999),)), "rounds.fund_share"),
        (replace(PAYMENT, grants=(replace(GRANT, amount_max=40_000),)), None),
        (replace(PAYMENT, grants=(replace(GRANT, amount_max=39_999),)), "rounds.fund_amount_max"),
        (replace(PAYMENT, grants=(replace(GRANT, amount_min=40_000),)), None),
        (replace(PAYMENT, grants=(replace(GRANT, amount_min=40_001),)), "rounds.fund_amount_min"),
        (replace(PAYMENT, grants=(replace(GRANT, match_max=6_667),)), None),
        (replace(PAYMENT, grants=(replace(GRANT, match_max=6_666),)), "rounds.fund_match"),
        (replace(PAYMENT, grants=(replace(GRANT, enterprise_max=50_000, drawn=10_000),)), None),
        (replace(PAYMENT, grants=(replace(GRANT, enterprise_max=50_000, drawn=10_001),)), "rounds.fund_enterprise"),
        (replace(PAYMENT, public_share_max=4_000), None),
        (replace(PAYMENT, public_share_max=3_999), "rounds.public_share"),
        (replace(PAYMENT, grants=(replace(GRANT, public=False),), public_share_max=0), None),
    ],
)
def test_the_first_rule_that_does_not_hold_is_named(payment: Payment, code: str | None) -> None:
    if code is None:
        require(payment)
        return
    with pytest.raises(Conflict) as refused:
        require(payment)
    assert refused.value.code == code


@pytest.mark.parametrize(("points", "text"), [(3_000, "30"), (3_050, "30.5"), (3_005, "30.05"), (0, "0")])
def test_shares_are_written_without_useless_zeros(points: int, text: str) -> None:
    assert percent(points) == text
