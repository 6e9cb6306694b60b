"""The lives of a threat and of a case, whole."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from marketplace.defence.workflow import CASE, CONTEST, COVENANT, THREAT
from marketplace.defence.workflow import CaseState as C
from marketplace.defence.workflow import ContestState as K
from marketplace.defence.workflow import CovenantState as V
from marketplace.defence.workflow import ThreatState as T
from marketplace.kernel.errors import Conflict

TABLES: dict[str, tuple[Any, dict[tuple[Any, str], Any]]] = {
    "threat": (
        THREAT,
        {
            (T.REPORTED, "take_up"): T.IN_CASE,
            (T.REPORTED, "close"): T.CLOSED,
            (T.IN_CASE, "close"): T.CLOSED,
        },
    ),
    "case": (
        CASE,
        {
            (C.GATHERING, "begin"): C.DEFENDING,
            (C.GATHERING, "close"): C.CLOSED,
            (C.DEFENDING, "close"): C.CLOSED,
        },
    ),
    "contest": (
        CONTEST,
        {
            (K.PROPOSED, "open"): K.OPEN,
            (K.PROPOSED, "end"): K.ENDED,
            (K.OPEN, "end"): K.ENDED,
            (K.OPEN, "propose_award"): K.AWARDING,
            (K.AWARDING, "think_again"): K.OPEN,
            (K.AWARDING, "award"): K.AWARDED,
            (K.AWARDED, "pay"): K.PAID,
        },
    ),
    "covenant": (
        COVENANT,
        {
            (V.PROPOSED, "enact"): V.IN_FORCE,
            (V.PROPOSED, "reject"): V.REJECTED,
            (V.IN_FORCE, "end"): V.ENDED,
        },
    ),
}
CASES = [(n, s, e) for n, (m, leads) in TABLES.items() for s, e in product(m.states, sorted({e for _, e in leads}))]


@pytest.mark.parametrize(("name", "state", "event"), CASES)
def test_each_event_leads_where_the_table_says_or_nowhere(name: str, state: Any, event: str) -> None:
    machine, leads = TABLES[name]
    if (state, event) in leads:
        assert machine.require(state, event) is leads[state, event]
    else:
        with pytest.raises(Conflict, match="not_now"):
            machine.require(state, event)


@pytest.mark.parametrize("name", list(TABLES))
def test_no_event_is_forgotten_here(name: str) -> None:
    machine, leads = TABLES[name]
    assert {t.event for t in machine.transitions} == {e for _, e in leads}
