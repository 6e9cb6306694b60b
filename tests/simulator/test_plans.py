"""Plans are exact, keep every rule, and say truly what they are best at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.funds.models import Fund
from marketplace.funds.rules import Drawn
from marketplace.funds.workflow import FundKind, FundState
from marketplace.rounds import funding
from marketplace.simulator.plans import Answer, Best, Limit, Plan, answer, interest_of

WAN = 1_000_000
NOW = datetime(2027, 1, 12, tzinfo=UTC)


def fund(number: int, **values: Any) -> Fund:
    fields: dict[str, Any] = {
        "id": number, "code": f"F{number}", "name": f"资金{number}", "kind": FundKind.SUBSIDY, "public": True,
        "state": FundState.OPEN, "created_at": NOW, "available": 500 * WAN, "amount_min": 0, "cost": 0,
        "share_max": None, "amount_max": None, "match_max": None, "enterprise_max": None,
        "rate": None, "term_months": None, "decision_days": None,
    }  # fmt: skip
    return Fund(**{**fields, **values})


GRANT = fund(1, share_max=3000, decision_days=60)
LOAN = fund(2, kind=FundKind.LOAN, public=False, share_max=5000, rate=365, term_months=24, decision_days=10)
MATCHING = fund(3, kind=FundKind.ALLIANCE, public=False, match_max=5000, decision_days=20)


def best(found: Answer, wanted: Best) -> Plan:
    return next(plan for plan, bests in found.plans if wanted in bests)


def test_each_question_has_its_own_answer() -> None:
    found = answer(100 * WAN, 60 * WAN, [GRANT, LOAN, MATCHING], {}, None)
    assert best(found, Best.LEAST_OWN).own < 60 * WAN
    assert best(found, Best.LEAST_PUBLIC).public == 0
    assert best(found, Best.LEAST_INTEREST).interest == 0
    fast = best(found, Best.FASTEST)
    assert fast.days == 10
    assert {part.fund.id for part in fast.parts if part.fund} == {2}


@pytest.mark.parametrize(
    ("chosen", "own", "limit"),
    [
        (fund(1, share_max=3000), 80 * WAN, Limit.SHARE),
        (fund(1, amount_max=20 * WAN), 80 * WAN, Limit.AMOUNT),
        (fund(1, match_max=2500), 80 * WAN, Limit.MATCH),
        (fund(1, enterprise_max=30 * WAN), 80 * WAN, Limit.ENTERPRISE),
        (fund(1, yearly_max=30 * WAN), 80 * WAN, Limit.YEARLY),
        (fund(1, public_share_max=2500), 80 * WAN, Limit.PUBLIC),
        (fund(1, available=20 * WAN), 80 * WAN, Limit.AVAILABLE),
        (fund(1), 0, Limit.NEED),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_part_says_which_rule_it_has_reached(chosen: Fund, own: int, limit: Limit) -> None:
    found = answer(100 * WAN, own, [chosen], {1: Drawn(10 * WAN, 10 * WAN)}, None)
    part = next(part for part in best(found, Best.LEAST_OWN).parts if part.fund is not None)
    assert part.limit is limit


def test_what_the_enterprise_holds_already_counts() -> None:
    chosen = fund(1, enterprise_max=30 * WAN)
    assert best(answer(100 * WAN, 90 * WAN, [chosen], {1: Drawn(20 * WAN)}, None), Best.LEAST_OWN).own == 90 * WAN


def test_too_little_money_says_how_much_is_missing() -> None:
    found = answer(100 * WAN, 10 * WAN, [GRANT], {}, None)
    assert found == Answer((), 60 * WAN)
    assert answer(100 * WAN, 10 * WAN + found.own_missing, [GRANT], {}, None).plans
    assert not answer(100 * WAN, 10 * WAN + found.own_missing - 1, [GRANT], {}, None).plans


def test_interest_is_rounded_up_to_the_fen() -> None:
    assert interest_of(LOAN, 50 * WAN) == 3_650_000  # 500,000 yuan at 3.65 % for two years
    assert interest_of(LOAN, 1) == 1
    assert interest_of(GRANT, 50 * WAN) == 0


amounts = st.integers(1, 300) | st.integers(1, 300 * WAN)
limits = st.none() | st.integers(0, 12_000)


@given(
    price=amounts,
    own=amounts,
    ceiling=st.none() | st.integers(0, 10_000),
    rules=st.lists(
        st.tuples(st.booleans(), st.none() | st.integers(0, 10_000), st.none() | amounts, limits, st.integers(0, 90)),
        max_size=4,
    ),
)
def test_every_plan_keeps_every_rule(
    price: int, own: int, ceiling: int | None, rules: list[tuple[bool, int | None, int | None, int | None, int]]
) -> None:
    funds = [
        fund(n, public=public, share_max=share, amount_max=most, match_max=match, decision_days=days, available=price)
        for n, (public, share, most, match, days) in enumerate(rules, 1)
    ]
    for plan, bests in answer(price, own, funds, {}, ceiling).plans:
        grants = tuple(
            funding.Grant(
                part.fund.name, part.amount, part.fund.public, part.fund.share_max, part.fund.amount_max,
                part.fund.amount_min, part.fund.match_max, part.fund.enterprise_max, 0,
            )
            for part in plan.parts
            if part.fund is not None
        )  # fmt: skip
        funding.require(funding.Payment(price, plan.own, own, grants, ceiling))
        assert bests
