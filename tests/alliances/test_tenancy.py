"""What belongs to an alliance stays in it; the clause and the policy say the same."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from marketplace.accounts.queries import actor_of
from marketplace.alliances.policy import may_see
from marketplace.alliances.queries import visible_clause
from marketplace.alliances.workflow import MembershipState, Visibility
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from tests.factories import Make

P, C, A = Visibility.PUBLIC, Visibility.CENTRE, Visibility.ALLIANCE
SEEN = {
    "visitor": {P},
    "owner without alliance": {P},
    "owner whose request waits": {P},
    "owner whose membership ended": {P},
    "member": {P, C, A},
    "member of another alliance": {P, C},
    "secretary": {P, C, A},
    "secretary of another alliance": {P, C},
    "fund manager": {P, C},
    "administrator": {P, C},
    "officer": {P, C, A},
    "auditor": {P, C, A},
    "system": {P, C, A},
}


@pytest.mark.parametrize("who", SEEN)
def test_each_reader_sees_exactly_what_is_theirs(make: Make, who: str) -> None:
    here, other = make.alliance(), make.alliance()
    enterprise = make.enterprise(alliance=here)
    for visibility in Visibility:
        values = make.order_values(enterprise, here.id, OrderState.BIDDING)
        make.save(Order(**{**values, "visibility": visibility}))
    actor = _actor(make, who, here, other)
    rows = list(db.session.scalars(select(Order).where(visible_clause(actor, Order.alliance_id, Order.visibility))))
    assert {row.visibility for row in rows} == SEEN[who]
    assert {v for v in Visibility if may_see(actor, here.id, v)} == SEEN[who]


def _actor(make: Make, who: str, here: object, other: object) -> Actor:
    match who:
        case "visitor":
            return Actor.visitor()
        case "system":
            return Actor.system()
        case "owner without alliance":
            return actor_of(make.owner(make.enterprise()))
        case "owner whose request waits" | "owner whose membership ended":
            state = MembershipState.REQUESTED if "waits" in who else MembershipState.ENDED
            row = make.enterprise()
            make.membership(here, row, state)  # type: ignore[arg-type]
            return actor_of(make.owner(row))
        case "member" | "member of another alliance":
            return actor_of(make.owner(make.enterprise(alliance=here if who == "member" else other)))
        case "secretary" | "secretary of another alliance":
            place = here if who == "secretary" else other
            return actor_of(make.account(Role.ALLIANCE_SECRETARY, alliance=place))  # type: ignore[arg-type]
    roles = {"fund manager": Role.FUND_MANAGER, "administrator": Role.ADMINISTRATOR}
    roles |= {"officer": Role.CENTRE_OFFICER, "auditor": Role.AUDITOR}
    return actor_of(make.account(roles[who]))


def test_a_membership_that_ends_closes_the_alliance_at_once(make: Make) -> None:
    here = make.alliance()
    row = make.enterprise()
    membership = make.membership(here, row)
    owner = make.owner(row)
    assert here.id in actor_of(owner).alliances
    membership.state = MembershipState.ENDED
    make.save(membership)
    assert here.id not in actor_of(owner).alliances
