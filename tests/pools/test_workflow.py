"""The lives of an offer and of a pool's conditions, whole."""

from __future__ import annotations

from itertools import product

import pytest

from marketplace.kernel.errors import Conflict
from marketplace.pools.workflow import OFFER, RULES
from marketplace.pools.workflow import OfferState as S
from marketplace.pools.workflow import RulesState as R

LEADS = {
    (S.OFFERED, "appoint"): S.EVALUATING,
    (S.EVALUATING, "appoint"): S.EVALUATING,
    (S.EVALUATING, "evaluate"): S.EVALUATED,
    (S.EVALUATED, "propose"): S.PROPOSED,
    (S.PROPOSED, "admit"): S.ADMITTED,
    (S.EVALUATED, "refuse"): S.REFUSED,
    (S.PROPOSED, "refuse"): S.REFUSED,
    (S.OFFERED, "withdraw"): S.WITHDRAWN,
    (S.EVALUATING, "withdraw"): S.WITHDRAWN,
    (S.EVALUATED, "withdraw"): S.WITHDRAWN,
    (S.PROPOSED, "withdraw"): S.WITHDRAWN,
    (S.ADMITTED, "leave"): S.LEFT,
}
RULES_LEAD = {
    (R.PROPOSED, "approve"): R.IN_FORCE,
    (R.PROPOSED, "refuse"): R.REFUSED,
    (R.IN_FORCE, "replace"): R.REPLACED,
}


@pytest.mark.parametrize(("state", "event"), list(product(S, sorted({e for _, e in LEADS}))))
def test_each_event_of_an_offer_leads_where_the_table_says_or_nowhere(state: S, event: str) -> None:
    if (state, event) in LEADS:
        assert OFFER.require(state, event) is LEADS[state, event]
    else:
        with pytest.raises(Conflict, match="not_now"):
            OFFER.require(state, event)


@pytest.mark.parametrize(("state", "event"), list(product(R, sorted({e for _, e in RULES_LEAD}))))
def test_each_event_of_conditions_leads_where_the_table_says_or_nowhere(state: R, event: str) -> None:
    if (state, event) in RULES_LEAD:
        assert RULES.require(state, event) is RULES_LEAD[state, event]
    else:
        with pytest.raises(Conflict, match="not_now"):
            RULES.require(state, event)


def test_no_event_is_forgotten_here() -> None:
    assert {t.event for t in OFFER.transitions} == {e for _, e in LEADS}
    assert {t.event for t in RULES.transitions} == {e for _, e in RULES_LEAD}
