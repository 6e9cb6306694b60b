"""The lives of licences, statements and money, whole."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from marketplace.kernel.errors import Conflict
from marketplace.licences import workflow as w

TABLES: dict[str, tuple[Any, dict[tuple[Any, str], Any]]] = {
    "licence": (
        w.LICENCE,
        {
            (w.LicenceState.REQUESTED, "offer"): w.LicenceState.OFFERED,
            (w.LicenceState.OFFERED, "offer"): w.LicenceState.OFFERED,
            (w.LicenceState.OFFERED, "start"): w.LicenceState.RUNNING,
            (w.LicenceState.REQUESTED, "decline"): w.LicenceState.DECLINED,
            (w.LicenceState.OFFERED, "decline"): w.LicenceState.DECLINED,
            (w.LicenceState.REQUESTED, "withdraw"): w.LicenceState.WITHDRAWN,
            (w.LicenceState.OFFERED, "withdraw"): w.LicenceState.WITHDRAWN,
            (w.LicenceState.RUNNING, "end"): w.LicenceState.ENDED,
        },
    ),
    "statement": (
        w.STATEMENT,
        {
            (w.StatementState.DUE, "file"): w.StatementState.FILED,
            (w.StatementState.QUESTIONED, "file"): w.StatementState.FILED,
            (w.StatementState.FILED, "question"): w.StatementState.QUESTIONED,
            (w.StatementState.FILED, "accept"): w.StatementState.ACCEPTED,
        },
    ),
    "receipt": (
        w.RECEIPT,
        {
            (w.MoneyState.PROPOSED, "approve"): w.MoneyState.APPROVED,
            (w.MoneyState.PROPOSED, "reject"): w.MoneyState.REJECTED,
        },
    ),
    "distribution": (
        w.DISTRIBUTION,
        {
            (w.MoneyState.PROPOSED, "approve"): w.MoneyState.APPROVED,
            (w.MoneyState.PROPOSED, "reject"): w.MoneyState.REJECTED,
        },
    ),
    "open licence": (w.OPEN_LICENCE, {(w.OpenState.DECLARED, "withdraw"): w.OpenState.WITHDRAWN}),
}
CASES = [
    (name, state, event)
    for name, (machine, leads) in TABLES.items()
    for state, event in product(machine.states, sorted({e for _, e in leads}))
]


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
