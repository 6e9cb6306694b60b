"""The lives of an organisation and of an invitation, whole."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from marketplace.kernel.errors import Conflict
from marketplace.organisations.workflow import INVITATION, ORGANISATION
from marketplace.organisations.workflow import InvitationState as Invited
from marketplace.organisations.workflow import OrganisationState as S

LEADS: dict[Any, dict[tuple[Any, str], Any]] = {
    ORGANISATION: {
        (S.REGISTERED, "verify"): S.VERIFIED,
        (S.REJECTED, "verify"): S.VERIFIED,
        (S.REGISTERED, "reject"): S.REJECTED,
        (S.REGISTERED, "correct"): S.REGISTERED,
        (S.REJECTED, "correct"): S.REGISTERED,
        (S.VERIFIED, "suspend"): S.SUSPENDED,
        (S.SUSPENDED, "restore"): S.VERIFIED,
    },
    INVITATION: {(Invited.OPEN, "accept"): Invited.ACCEPTED, (Invited.OPEN, "withdraw"): Invited.WITHDRAWN},
}
CASES = [
    (machine, state, event)
    for machine in LEADS
    for state, event in product(machine.states, sorted({t.event for t in machine.transitions}))
]


@pytest.mark.parametrize(("machine", "state", "event"), CASES)
def test_each_event_leads_where_the_table_says_or_nowhere(machine: Any, state: Any, event: str) -> None:
    if (state, event) in LEADS[machine]:
        assert machine.require(state, event) is LEADS[machine][state, event]
    else:
        with pytest.raises(Conflict, match=r"workflow\.not_now"):
            machine.require(state, event)
