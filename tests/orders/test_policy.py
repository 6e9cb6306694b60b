"""Who may do what to an order, and that lists obey the same rule as single orders."""

from __future__ import annotations

import itertools

import pytest

from marketplace.alliances.workflow import Visibility
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders import policy, queries
from marketplace.orders.models import Order
from marketplace.orders.workflow import AFTER_PUBLICATION, OrderState
from marketplace.organisations.workflow import OrganisationState
from tests.factories import Make


def cast_of(make: Make) -> tuple[list[Order], dict[str, Actor]]:
    """Orders of one enterprise in one alliance, in every state and visibility, and everybody who might look at them."""
    own, other = make.alliance(), make.alliance()
    enterprise, neighbour, stranger = (
        make.enterprise(alliance=own),
        make.enterprise(alliance=own),
        make.enterprise(alliance=other),
    )
    orders = [
        make.order(enterprise, state, alliance_id=own.id, visibility=visibility)
        for state, visibility in itertools.product(OrderState, Visibility)
    ]
    make.order(enterprise, OrderState.CANCELLED, alliance_id=own.id, published_at=make.clock())
    accounts = {
        "owner": make.owner(enterprise),
        "member": make.account(Role.ENTERPRISE_MEMBER, organisation=enterprise),
        "neighbour": make.owner(neighbour),
        "stranger": make.owner(stranger),
        "university": make.owner(make.university(alliance=own)),
        "nobody's": make.account(),
        "secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=own),
        "other secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=other),
        "officer": make.officer(),
        "auditor": make.account(Role.AUDITOR),
        "fund manager": make.account(Role.FUND_MANAGER),
        "administrator": make.account(Role.ADMINISTRATOR),
    }
    actors = {name: make.call(account).actor for name, account in accounts.items()}
    return orders, {**actors, "visitor": Actor.visitor(), "system": Actor.system()}


def test_lists_show_exactly_what_single_pages_show(make: Make) -> None:
    orders, actors = cast_of(make)
    for name, actor in actors.items():
        listed = {order.id for order in db.session.scalars(queries.visible_to(actor))}
        single = {order.id for order in db.session.scalars(db.select(Order)) if policy.may_see(actor, order)}
        assert listed == single, name
    assert len(orders) == len(OrderState) * len(Visibility)


def test_tenancy_is_as_the_rule_book_says(make: Make) -> None:
    orders, actors = cast_of(make)
    seen = {
        name: {(o.state, o.visibility) for o in orders if policy.may_see(actor, o)} for name, actor in actors.items()
    }
    everything = set(itertools.product(OrderState, Visibility))
    handed_in = {pair for pair in everything if pair[0] is not OrderState.DRAFT}
    public = {(s, v) for s, v in everything if s in AFTER_PUBLICATION and v is Visibility.PUBLIC}
    centre = public | {(s, v) for s, v in everything if s in AFTER_PUBLICATION and v is Visibility.CENTRE}
    alliance = {(s, v) for s, v in everything if s in AFTER_PUBLICATION}
    assert seen["owner"] == seen["member"] == seen["system"] == everything
    assert seen["secretary"] == seen["officer"] == seen["auditor"] == handed_in
    assert seen["neighbour"] == seen["university"] == alliance
    assert seen["stranger"] == seen["other secretary"] == centre
    assert seen["visitor"] == seen["nobody's"] == public


def test_an_invisible_order_is_missing(make: Make) -> None:
    orders, actors = cast_of(make)
    draft = next(o for o in orders if o.state is OrderState.DRAFT)
    for key in (draft.id, 10**6, 0, -1, 2**63, 10**30):
        with pytest.raises(NotFound):
            queries.get_order(Call(actors["visitor"], make.clock()), key)


def test_only_enterprise_and_screeners_read_the_confidential_part(make: Make) -> None:
    orders, actors = cast_of(make)
    readers = {
        name for name, actor in actors.items() if queries.sees_confidential(Call(actor, make.clock()), orders[0])
    }
    assert readers == {"owner", "member", "secretary", "officer"}


def test_nobody_screens_an_order_of_an_enterprise_they_act_for(make: Make) -> None:
    alliance = make.alliance()
    enterprise = make.enterprise(alliance=alliance)
    order = make.order(enterprise, OrderState.SCREENING, alliance_id=alliance.id)
    both = make.call(make.account(Role.ENTERPRISE_MEMBER, Role.CENTRE_OFFICER, organisation=enterprise)).actor
    assert policy.may_screen(both, order).reason == "orders.own_screening"
    assert policy.may_screen(make.call(make.officer()).actor, order)


def test_an_unverified_enterprise_drafts_and_does_not_submit(make: Make) -> None:
    enterprise = make.enterprise(state=OrganisationState.REGISTERED)
    order = make.order(enterprise, OrderState.DRAFT)
    actor = make.call(make.owner(enterprise)).actor
    assert policy.may_order(actor, enterprise)
    assert policy.may_edit(actor, order)
    assert policy.may_submit(actor, order).reason == "orders.not_verified"


def test_universities_place_no_orders(make: Make) -> None:
    university = make.university()
    actor = make.call(make.owner(university)).actor
    assert policy.may_order(actor, university).reason == "orders.not_enterprise"
    assert policy.may_order(actor, make.enterprise()).reason == "orders.not_own"
