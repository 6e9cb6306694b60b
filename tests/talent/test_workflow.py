"""The life of a capability, whole."""

from __future__ import annotations

from itertools import product

import pytest

from marketplace.kernel.errors import Conflict
from marketplace.talent.workflow import CAPABILITY
from marketplace.talent.workflow import CapabilityState as S

LEADS = {
    (S.DRAFT, "publish"): S.PUBLISHED,
    (S.WITHDRAWN, "publish"): S.PUBLISHED,
    (S.PUBLISHED, "withdraw"): S.WITHDRAWN,
}
EVENTS = ("publish", "withdraw")


@pytest.mark.parametrize(("state", "event"), list(product(S, EVENTS)))
def test_each_event_leads_where_the_table_says_or_nowhere(state: S, event: str) -> None:
    if (state, event) in LEADS:
        assert CAPABILITY.require(state, event) is LEADS[state, event]
    else:
        with pytest.raises(Conflict, match=r"workflow\.not_now"):
            CAPABILITY.require(state, event)


def test_no_event_is_forgotten_here() -> None:
    assert {t.event for t in CAPABILITY.transitions} == set(EVENTS)
