"""The life of a membership, whole."""

from __future__ import annotations

from itertools import product

import pytest

from marketplace.alliances.workflow import MEMBERSHIP
from marketplace.alliances.workflow import MembershipState as S
from marketplace.kernel.errors import Conflict

LEADS = {
    (S.REQUESTED, "admit"): S.ACTIVE,
    (S.REQUESTED, "refuse"): S.REFUSED,
    (S.ACTIVE, "end"): S.ENDED,
    (S.REFUSED, "request"): S.REQUESTED,
    (S.ENDED, "request"): S.REQUESTED,
}
EVENTS = ("admit", "refuse", "end", "request")


@pytest.mark.parametrize(("state", "event"), list(product(S, EVENTS)))
def test_each_event_leads_where_the_table_says_or_nowhere(state: S, event: str) -> None:
    if (state, event) in LEADS:
        assert MEMBERSHIP.require(state, event) is LEADS[state, event]
    else:
        with pytest.raises(Conflict, match=r"workflow\.not_now"):
            MEMBERSHIP.require(state, event)


def test_no_event_is_forgotten_here() -> None:
    assert {t.event for t in MEMBERSHIP.transitions} == set(EVENTS)
