"""The legal life of a patent, whole."""

from __future__ import annotations

from itertools import product

import pytest

from marketplace.kernel.errors import Conflict
from marketplace.patents.workflow import ALIVE, PATENT
from marketplace.patents.workflow import LegalState as S

LEADS = {
    (S.FILED, "publish"): S.PUBLISHED,
    (S.FILED, "grant"): S.GRANTED,
    (S.PUBLISHED, "grant"): S.GRANTED,
    (S.FILED, "refuse"): S.REFUSED,
    (S.PUBLISHED, "refuse"): S.REFUSED,
    (S.FILED, "withdraw"): S.WITHDRAWN,
    (S.PUBLISHED, "withdraw"): S.WITHDRAWN,
    (S.GRANTED, "lapse"): S.LAPSED,
    (S.LAPSED, "restore"): S.GRANTED,
    (S.GRANTED, "expire"): S.EXPIRED,
    (S.GRANTED, "invalidate"): S.INVALIDATED,
    (S.LAPSED, "invalidate"): S.INVALIDATED,
    (S.EXPIRED, "invalidate"): S.INVALIDATED,
}
EVENTS = sorted({event for _state, event in LEADS})


@pytest.mark.parametrize(("state", "event"), list(product(S, EVENTS)))
def test_each_event_leads_where_the_table_says_or_nowhere(state: S, event: str) -> None:
    if (state, event) in LEADS:
        assert PATENT.require(state, event) is LEADS[state, event]
    else:
        with pytest.raises(Conflict, match=r"workflow\.not_now"):
            PATENT.require(state, event)


def test_no_event_is_forgotten_here() -> None:
    assert {t.event for t in PATENT.transitions} == set(EVENTS)
    assert frozenset({S.FILED, S.PUBLISHED, S.GRANTED}) == ALIVE
    assert PATENT.terminal == {S.REFUSED, S.WITHDRAWN, S.INVALIDATED}
