"""Orders that no bid wins: bids lose, proposals lapse, invitations wait for the next tender."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from marketplace.awards import jobs, service
from marketplace.awards.workflow import NoAward
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.orders import service as orders
from marketplace.orders.workflow import OrderState
from marketplace.outbox.models import Message
from marketplace.rounds import service as rounds
from marketplace.rounds.models import Proposal
from marketplace.rounds.workflow import Lapse, ProposalState
from tests.rounds.conftest import Scene, scene  # noqa: F401 - a fixture of the room below

WORDS = "各方案报价均超出可筹资金。"


def mails(template: str) -> list[str]:
    return sorted(db.session.scalars(select(Message.recipient).where(Message.template == template)))


@pytest.fixture
def ended(scene: Scene) -> Scene:  # noqa: F811
    """A solved round whose first order an officer ends without an award."""
    scene.owner = scene.make.owner(scene.orders[0].organisation)  # type: ignore[attr-defined]
    scene.lead = scene.make.lead(scene.bids[0].team)  # type: ignore[attr-defined]
    scene.make.capability(scene.make.team(), title="防护涂层", summary="设备表面防锈的无铬长效防护涂层。")
    scene.run()
    service.fail_order(scene.call, scene.orders[0].id, NoAward.NO_FUNDING, WORDS)
    return scene


def test_bids_lose_and_everybody_concerned_is_told(ended: Any) -> None:
    order, bid = ended.orders[0], ended.bids[0]
    assert order.state is OrderState.UNSUCCESSFUL
    assert WORDS in order.reason
    assert bid.state is BidState.LOST
    assert mails("order_without_award") == [ended.owner.email]
    assert mails("round_bid_decided") == [ended.lead.email]
    proposals = db.session.scalars(select(Proposal).where(Proposal.order_id == order.id, Proposal.bid_id.is_not(None)))
    assert {(p.state, p.reason) for p in proposals} == {(ProposalState.LAPSED, Lapse.NO_AWARD.value)}


def test_an_invited_team_hears_of_the_new_tender_once(ended: Any) -> None:
    invited = db.session.scalars(
        select(Proposal).where(Proposal.order_id == ended.orders[0].id, Proposal.bid_id.is_(None))
    ).first()
    assert invited is not None, "the run found nobody to invite"
    lead = ended.make.lead(invited.team)
    rounds.invite(ended.call, invited.id)
    first = mails("round_invited")
    new = orders.retender(ended.make.call(ended.owner), ended.orders[0].id)
    jobs.pass_invitations_on(ended.make.call())
    assert mails("round_invited") == first  # a draft is nobody's business
    new.bid_deadline = ended.make.clock.now.replace(year=2028)
    new.published_at, new.state = ended.make.clock.now, OrderState.BIDDING
    db.session.commit()
    for _again in range(2):
        jobs.pass_invitations_on(ended.make.call())
        assert mails("round_invited").count(lead.email) == first.count(lead.email) + 1
    assert invited.reason == Lapse.TENDERED_AGAIN.value


def test_only_an_officer_without_interest_ends_it_with_words(scene: Scene) -> None:  # noqa: F811
    scene.run()
    order = scene.orders[0]
    make = scene.make
    secretary = make.account(Role.ALLIANCE_SECRETARY, alliance=scene.alliance)
    with pytest.raises(Forbidden, match="staff_only"):
        service.fail_order(make.call(secretary), order.id, NoAward.OTHER, WORDS)
    with pytest.raises(Invalid, match="reason_needed"):
        service.fail_order(scene.call, order.id, NoAward.OTHER, "  ")
    scene.proposed()
    with pytest.raises(Conflict, match="not_evaluating"):
        service.fail_order(scene.call, order.id, NoAward.OTHER, WORDS)
    assert order.state is OrderState.PROPOSED


def test_the_officer_finds_the_page_on_the_order(scene: Scene, sign_in: Any) -> None:  # noqa: F811
    scene.run()
    order = scene.orders[0]
    officer, address = sign_in(scene.first), f"/orders/{order.id}/no-award"
    assert address in officer.get(f"/orders/{order.id}").text
    assert officer.post(address, data={"cause": "", "reason": ""}).status_code == 422
    assert officer.post(address, data={"cause": "none_qualified", "reason": WORDS}).status_code == 303
    assert sign_in(scene.make.owner(order.organisation)).get(address).status_code == 403
