"""The lives of a fund and of a contribution, whole, and the routes of money."""

from __future__ import annotations

from itertools import product

import pytest

from marketplace.funds.workflow import CONTRIBUTION, FUND, ROUTES, FundState, Movement, Purse
from marketplace.funds.workflow import ContributionState as C
from marketplace.kernel.errors import Conflict

FUND_LEADS = {
    (FundState.DRAFT, "open"): FundState.OPEN,
    (FundState.CLOSED, "open"): FundState.OPEN,
    (FundState.OPEN, "close"): FundState.CLOSED,
}
CONTRIBUTION_LEADS = {(C.PROPOSED, "approve"): C.APPROVED, (C.PROPOSED, "reject"): C.REJECTED}


@pytest.mark.parametrize(("state", "event"), list(product(FundState, ("open", "close"))))
def test_a_fund_opens_and_closes_only_as_the_table_says(state: FundState, event: str) -> None:
    if (state, event) in FUND_LEADS:
        assert FUND.require(state, event) is FUND_LEADS[state, event]
    else:
        with pytest.raises(Conflict):
            FUND.require(state, event)


@pytest.mark.parametrize(("state", "event"), list(product(C, ("approve", "reject"))))
def test_a_contribution_is_decided_once(state: C, event: str) -> None:
    if (state, event) in CONTRIBUTION_LEADS:
        assert CONTRIBUTION.require(state, event) is CONTRIBUTION_LEADS[state, event]
    else:
        with pytest.raises(Conflict):
            CONTRIBUTION.require(state, event)


def test_decisions_are_final_and_refusals_have_words() -> None:
    assert CONTRIBUTION.terminal == {C.APPROVED, C.REJECTED}
    assert {t.event for t in (*FUND.transitions, *CONTRIBUTION.transitions) if t.needs_reason} == {"close", "reject"}


def test_every_movement_has_one_route_and_money_enters_only_by_contribution() -> None:
    assert set(ROUTES) == set(Movement)
    assert [m for m, (source, _) in ROUTES.items() if source is Purse.CONTRIBUTED] == [Movement.CONTRIBUTE]
    assert all(target is not Purse.CONTRIBUTED for _, target in ROUTES.values())
    assert {m for m, (source, _) in ROUTES.items() if source is Purse.PAID} == {Movement.BOUNCE, Movement.RETURN}
