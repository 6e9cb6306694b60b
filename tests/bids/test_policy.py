"""Who reads bids when, and that lists obey the same rule as single bids."""

from __future__ import annotations

import pytest

from marketplace.bids import policy, queries
from marketplace.bids.models import Bid
from marketplace.bids.workflow import READABLE, BidState
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.organisations.workflow import OrganisationState
from tests.bids.scene import Scene


def bids_in_every_state(scene: Scene) -> list[Bid]:
    """One opened bid of the same team per state, each on an order of its own."""
    found = []
    for state in BidState:
        order = scene.make.order(scene.enterprise, alliance_id=scene.alliance.id)
        found.append(scene.make.opened_bid(order, scene.team, state=state))
    return found


def cast_of(scene: Scene) -> dict[str, Actor]:
    make = scene.make
    sister = make.team(scene.university)
    rival = make.lead(make.team())
    accounts = {
        "lead": scene.lead,
        "university owner": make.owner(scene.university),
        "university member": make.account(Role.UNIVERSITY_MEMBER, organisation=scene.university),
        "sister team's lead": make.lead(sister),
        "rival": rival,
        "enterprise": scene.owner,
        "other enterprise": make.owner(make.enterprise(alliance=scene.alliance)),
        "secretary": scene.secretary,
        "other secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=make.alliance()),
        "officer": scene.officers[0],
        "auditor": make.account(Role.AUDITOR),
        "administrator": make.account(Role.ADMINISTRATOR),
        "fund manager": make.account(Role.FUND_MANAGER),
    }
    actors = {name: make.call(account).actor for name, account in accounts.items()}
    return {**actors, "visitor": Actor.visitor(), "system": Actor.system()}


def test_before_the_opening_the_bidder_alone_after_it_the_parties(scene: Scene) -> None:
    bids = bids_in_every_state(scene)
    own = {"lead", "university owner", "university member"}
    parties = own | {"enterprise", "secretary", "officer", "auditor", "system"}
    actors = cast_of(scene)
    for bid in bids:
        readers = {name for name, actor in actors.items() if policy.may_see(actor, bid)}
        assert readers == (parties if bid.state in READABLE else own), bid.state


def test_lists_show_exactly_what_single_pages_show(scene: Scene) -> None:
    bids = bids_in_every_state(scene)
    for name, actor in cast_of(scene).items():
        listed = {bid.id for bid in db.session.scalars(queries.visible_to(actor))}
        assert listed == {bid.id for bid in bids if policy.may_see(actor, bid)}, name


def test_an_invisible_bid_is_missing(scene: Scene) -> None:
    bid = scene.submitted()
    for name, actor in cast_of(scene).items():
        call = Call(actor, scene.clock())
        for get in (queries.get_bid, queries.get_own):
            if name in {"lead", "university owner", "university member"}:
                assert get(call, bid.id).id == bid.id
                continue
            for key in (bid.id, 10**6, 0, 2**63, 10**40):
                with pytest.raises(NotFound):
                    get(call, key)


def test_a_lead_acts_for_the_own_team_only(scene: Scene) -> None:
    sister = scene.make.team(scene.university)
    actor = scene.call().actor
    assert policy.acts_for(actor, scene.team)
    assert not policy.acts_for(actor, sister)
    assert queries.my_teams(actor) == [scene.team]


def test_nobody_answers_an_order_of_an_enterprise_they_act_for(scene: Scene) -> None:
    grants = scene.make.call(scene.owner).actor.grants | scene.call().actor.grants
    both = Actor("person", 1, 1, "both", grants)
    assert policy.may_draft(both, scene.order, scene.team).reason == "bids.own_order"


def test_an_unverified_university_drafts_and_does_not_submit(scene: Scene) -> None:
    scene.university.state = OrganisationState.REGISTERED
    actor = scene.call().actor
    assert policy.may_draft(actor, scene.order, scene.team)
    assert policy.may_submit(actor, scene.order, scene.team).reason == "bids.not_verified"


def test_enterprises_do_not_bid(scene: Scene) -> None:
    team = scene.make.team(scene.make.enterprise())
    lead = scene.make.call(scene.make.lead(team)).actor
    assert policy.may_draft(lead, scene.order, team).reason == "bids.enterprise"


def test_openings_are_requested_by_officers_and_confirmed_by_those_who_serve(scene: Scene) -> None:
    actors = cast_of(scene)
    request = {name for name, actor in actors.items() if policy.may_request_opening(actor, scene.order)}
    confirm = {name for name, actor in actors.items() if policy.may_open(actor, scene.order)}
    assert request == {"officer"}
    assert confirm == {"officer", "secretary"}
    partial = scene.make.account(Role.CENTRE_OFFICER, Role.ENTERPRISE_MEMBER, organisation=scene.enterprise)
    assert policy.may_open(scene.make.call(partial).actor, scene.order).reason == "bids.own_opening"
