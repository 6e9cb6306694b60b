"""The lives of a fund and of a contribution, whole, and the routes of money."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from marketplace.funds.workflow import (
    CONTRIBUTION,
    FUND,
    ROUTES,
    RULES,
    TRANSFER,
    FundState,
    Movement,
    Purse,
    RulesState,
    TransferState,
)
from marketplace.funds.workflow import ContributionState as C
from marketplace.kernel.errors import Conflict

FUND_LEADS = {
    (FundState.DRAFT, "open"): FundState.OPEN,
    (FundState.CLOSED, "open"): FundState.OPEN,
    (FundState.OPEN, "close"): FundState.CLOSED,
    (FundState.OPEN, "expire"): FundState.CLOSED,
}
CONTRIBUTION_LEADS = {(C.PROPOSED, "approve"): C.APPROVED, (C.PROPOSED, "reject"): C.REJECTED}


@pytest.mark.parametrize(("state", "event"), list(product(FundState, ("open", "close", "expire"))))
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


R, T = RulesState, TransferState
RULES_LEADS = {
    (R.PROPOSED, "approve"): R.APPROVED,
    (R.PROPOSED, "reject"): R.REJECTED,
    (R.APPROVED, "apply"): R.IN_FORCE,
    (R.IN_FORCE, "replace"): R.REPLACED,
}
TRANSFER_LEADS = {(T.PROPOSED, "approve"): T.APPROVED, (T.PROPOSED, "reject"): T.REJECTED}


@pytest.mark.parametrize(
    ("machine", "state", "event", "leads"),
    [(RULES, *pair, RULES_LEADS) for pair in product(R, ("approve", "reject", "apply", "replace"))]
    + [(TRANSFER, *pair, TRANSFER_LEADS) for pair in product(T, ("approve", "reject"))],
)
def test_rules_and_transfers_live_as_the_table_says(
    machine: Any, state: Any, event: str, leads: dict[Any, Any]
) -> None:
    if (state, event) in leads:
        assert machine.require(state, event) is leads[state, event]
    else:
        with pytest.raises(Conflict):
            machine.require(state, event)


def test_every_movement_has_one_route_and_money_enters_and_leaves_only_by_people() -> None:
    assert set(ROUTES) == set(Movement)
    entering = {m for m, (source, _) in ROUTES.items() if source is Purse.CONTRIBUTED}
    leaving = {m for m, (_, target) in ROUTES.items() if target is Purse.CONTRIBUTED}
    assert (entering, leaving) == ({Movement.CONTRIBUTE, Movement.TRANSFER_IN}, {Movement.TRANSFER_OUT})
    assert {m for m, (source, _) in ROUTES.items() if source is Purse.PAID} == {Movement.BOUNCE, Movement.RETURN}
