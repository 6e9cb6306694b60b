"""Two persons per match: what each may do, what voids a proposal, and that nothing is kept when something changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Person
from marketplace.approvals.models import Endorsement
from marketplace.bids import lifecycle as bid_lifecycle
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.funds import ledger
from marketplace.funds.models import Fund, LedgerTransaction
from marketplace.funds.workflow import FundState, Movement
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.organisations.workflow import OrganisationState
from marketplace.outbox.models import Message
from marketplace.rounds import service
from marketplace.rounds.models import Proposal
from marketplace.rounds.workflow import ProposalState
from marketplace.talent import capacity
from tests.factories import Make
from tests.rounds.conftest import Scene


def fresh(proposal: Proposal) -> Proposal:
    return db.session.get_one(Proposal, proposal.id, populate_existing=True)


def refused(scene: Scene, proposal: Proposal, code: str, kind: type[Refused] = Conflict) -> Refused:
    """The second person's approval is refused with this code, and nothing of it is kept."""
    with pytest.raises(kind) as error:
        service.approve(scene.other, proposal.id, proposal.content_hash)
    assert error.value.code == code
    db.session.expire_all()
    assert fresh(proposal).state is ProposalState.PROPOSED
    assert db.session.get_one(Order, proposal.order_id).state is OrderState.PROPOSED
    assert (
        db.session.scalars(select(LedgerTransaction).filter_by(subject_kind="proposal", subject_id=proposal.id)).all()
        == []
    )
    assert set(capacity.free_days([(proposal.team_id, "2027Q2")]).values()) <= {200, 0, 30}
    steps = db.session.scalars(
        select(Endorsement.step).filter_by(subject_kind="proposal", subject_id=proposal.id)
    ).all()
    assert [step.value for step in steps] == ["proposed"]
    return error.value


def test_two_persons_make_a_match(scene: Scene) -> None:
    rival = scene.bid(scene.orders[0], price=49_000_000)
    proposal = scene.proposed()
    order = scene.orders[0]
    assert db.session.get_one(Order, order.id).state is OrderState.PROPOSED
    paid = {part.fund_id: part.amount for part in proposal.options[0].parts}
    service.approve(scene.other, proposal.id, proposal.content_hash)
    proposal = fresh(proposal)
    assert proposal.state is ProposalState.APPROVED
    assert proposal.approved_at == scene.make.clock()
    assert db.session.get_one(Order, order.id).state is OrderState.APPROVED
    assert proposal.bid is not None
    assert proposal.bid.state is BidState.WON
    assert rival.state is BidState.LOST
    fund = db.session.get_one(Fund, scene.fund.id, populate_existing=True)
    assert fund.reserved == paid.get(fund.id, 0)
    assert capacity.free_days([(proposal.team_id, "2027Q2")])[proposal.team_id, "2027Q2"] < 200


def test_the_parties_hear_that_there_is_a_decision_and_nothing_more(scene: Scene, make: Make) -> None:
    owner = make.owner(scene.orders[0].organisation)
    lead = make.lead(scene.bids[0].team)
    proposal = scene.proposed()
    service.approve(scene.other, proposal.id, proposal.content_hash)
    mails = db.session.scalars(select(Message).order_by(Message.id)).all()
    assert {(m.recipient, m.template) for m in mails} == {
        (owner.email, "round_order_decided"),
        (lead.email, "round_bid_decided"),
    }
    assert {key for mail in mails for key in mail.values} == {"reference", "order_id", "bid_id"}


def test_the_person_who_proposed_may_not_approve(scene: Scene) -> None:
    proposal = scene.proposed()
    with pytest.raises(Forbidden, match="same_person"):
        service.approve(scene.call, proposal.id, proposal.content_hash)


def test_nor_may_the_same_person_with_another_account(scene: Scene, make: Make) -> None:
    person = db.session.get_one(Person, scene.first.person_id)
    scene.second = make.account(Role.CENTRE_OFFICER, person=person)
    refused(scene, scene.proposed(), "approvals.same_person", Forbidden)


def test_the_twin_two_persons_who_are_two_succeed(scene: Scene, make: Make) -> None:
    """The same setting with another human being: what refuses above is the person, not the account's newness."""
    scene.second = make.account(Role.CENTRE_OFFICER, person=make.person())
    proposal = scene.proposed()
    assert service.approve(scene.other, proposal.id, proposal.content_hash).state is ProposalState.APPROVED


@pytest.mark.parametrize("role", [Role.ALLIANCE_SECRETARY, Role.AUDITOR, Role.FUND_MANAGER, Role.ADMINISTRATOR])
def test_only_an_officer_is_the_second_person(scene: Scene, make: Make, role: Role) -> None:
    scene.open(alliance_id=scene.alliance.id)
    proposal = scene.proposed()
    alliance = scene.alliance if role is Role.ALLIANCE_SECRETARY else None
    other = make.call(make.account(role, alliance=alliance))
    with pytest.raises((Forbidden, NotFound)):
        service.approve(other, proposal.id, proposal.content_hash)


@pytest.mark.parametrize("side", ["enterprise", "university"])
def test_whoever_acts_for_a_party_decides_nothing_through_any_account(scene: Scene, make: Make, side: str) -> None:
    proposal = scene.proposed()
    party = proposal.order.organisation if side == "enterprise" else proposal.team.organisation
    person = db.session.get_one(Person, scene.second.person_id)
    make.account(Role.ENTERPRISE_MEMBER, organisation=party, person=person)
    refused(scene, proposal, "rounds.own_interest", Forbidden)


def test_approving_twice_reserves_once(scene: Scene) -> None:
    proposal = scene.proposed()
    service.approve(scene.other, proposal.id, proposal.content_hash)
    with pytest.raises(Conflict, match="not_now"):
        service.approve(scene.other, proposal.id, proposal.content_hash)
    rows = db.session.scalars(select(LedgerTransaction).filter_by(subject_kind="proposal")).all()
    assert len(rows) == len([p for p in fresh(proposal).options[0].parts if p.fund_id])


def test_another_content_than_the_one_seen_is_not_approved(scene: Scene) -> None:
    proposal = scene.proposed()
    seen = proposal.content_hash
    option = proposal.options[-1].id
    service.take_back(scene.call, proposal.id)
    service.propose(scene.call, proposal.id, option)
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        service.approve(scene.other, proposal.id, seen)
    service.approve(scene.other, proposal.id, fresh(proposal).content_hash)


def edit(change: Callable[[Scene, Proposal], Any]) -> Callable[[Scene, Proposal], Any]:
    def changed(scene: Scene, proposal: Proposal) -> None:
        change(scene, proposal)
        db.session.commit()

    return changed


def set_order(**values: Any) -> Callable[[Scene, Proposal], Any]:
    return edit(lambda _scene, proposal: [setattr(proposal.order, key, value) for key, value in values.items()])


def set_content(**values: Any) -> Callable[[Scene, Proposal], Any]:
    return edit(lambda _s, proposal: [setattr(proposal.bid.content, k, v) for k, v in values.items()])  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (set_order(own_funds=1), "own_funds"),
        (set_order(problem="另一个问题"), "order_text"),
        (set_order(price_ceiling=1_000_000_000), "price_ceiling"),
        (set_order(delivery_on=None), "delivery"),
        (set_order(contract_type=None), "contract"),
        (edit(lambda _s, p: setattr(p.order.targets[0], "value", "2000")), "targets"),
        (set_content(plan="换了方案"), "bid"),
        (set_content(price=29_000_000), "price"),
        (set_content(months=9), "loads"),
        (edit(lambda _s, p: setattr(p.bid, "commitment", "f" * 64)), "bid"),
        (edit(lambda _s, p: setattr(p.options[0].parts[0], "amount", 1)), "funding"),
        (edit(lambda s, _p: setattr(s.round, "rules", {**s.round.rules, "public_share_max": 10})), "rules"),
        (edit(lambda _s, p: setattr(p.run, "problem_hash", "0" * 64)), "problem"),
    ],
)
def test_a_change_between_the_two_persons_is_named_and_voids_the_proposal(
    scene: Scene, change: Callable[[Scene, Proposal], Any], named: str
) -> None:
    proposal = scene.proposed()
    change(scene, proposal)
    error = refused(scene, proposal, "rounds.changed")
    assert error.values == {"what": named}


def drain(scene: Scene, _proposal: Proposal) -> None:
    fund = db.session.get_one(Fund, scene.fund.id)
    ledger.move(
        scene.call, fund.id, Movement.RESERVE, fund.available, key="drain", subject_kind="other", subject_id=1
    )  # fmt: skip


def book_out(scene: Scene, proposal: Proposal) -> None:
    capacity.reserve(scene.call, {(proposal.team_id, "2027Q2"): 170})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (edit(drain), "funds.not_enough"),
        (edit(book_out), "talent.full"),
        (edit(lambda s, _p: setattr(s.fund, "state", FundState.CLOSED)), "funds.not_open_now"),
        (edit(lambda s, _p: setattr(s.fund, "share_max", 10)), "rounds.fund_share"),
        (edit(lambda s, _p: setattr(s.fund, "amount_max", 10)), "rounds.fund_amount_max"),
        (edit(lambda s, _p: setattr(s.fund, "match_max", 1)), "rounds.fund_match"),
        (edit(lambda s, _p: setattr(s.fund, "enterprise_max", 10)), "rounds.fund_enterprise"),
        (edit(lambda s, _p: setattr(s.fund, "yearly_max", 10)), "rounds.fund_yearly"),
        (edit(lambda s, _p: setattr(s.fund, "public_share_max", 10)), "rounds.fund_public_share"),
        (edit(lambda s, _p: setattr(s.fund, "industries", ["A"])), "funds.other_industry"),
        (edit(lambda s, _p: setattr(s.fund, "fields", ["food"])), "funds.other_field"),
        (edit(lambda _s, p: setattr(p.order.organisation, "state", OrganisationState.SUSPENDED)), "rounds.dropped"),
        (edit(lambda _s, p: setattr(p.team.organisation, "state", OrganisationState.SUSPENDED)), "rounds.dropped"),
    ],
)
def test_what_no_longer_holds_is_named_and_nothing_is_reserved(
    scene: Scene, change: Callable[[Scene, Proposal], Any], code: str
) -> None:
    scene.orders[0].own_funds = 20_000_000
    scene.make.save(scene.orders[0])
    proposal = scene.proposed()
    assert any(part.fund_id for part in proposal.options[0].parts)
    change(scene, proposal)
    refused(scene, proposal, code)


def test_a_bid_that_was_disqualified_meanwhile_is_not_approved(scene: Scene) -> None:
    proposal = scene.proposed()
    assert proposal.bid is not None
    bid_lifecycle.move(scene.call, proposal.bid, "disqualify", "伪造证明")
    db.session.commit()
    refused(scene, proposal, "rounds.bid_gone")


def test_a_shared_person_found_later_stops_the_approval(scene: Scene, make: Make) -> None:
    proposal = scene.proposed()
    person = make.person()
    make.account(Role.ENTERPRISE_OWNER, organisation=proposal.order.organisation, person=person)
    make.account(Role.TEAM_LEAD, organisation=proposal.team.organisation, person=person)
    assert refused(scene, proposal, "rounds.dropped").values == {"why": "shared_person"}


def test_one_order_waits_for_one_decision_at_a_time(scene: Scene, make: Make) -> None:
    first = scene.run()
    second = scene.run()
    a, b = scene.proposal(first, scene.orders[0]), scene.proposal(second, scene.orders[0])
    service.propose(scene.call, a.id, a.options[0].id)
    with pytest.raises(Conflict, match="not_now"):
        service.propose(scene.call, b.id, b.options[0].id)
    service.approve(scene.other, a.id, fresh(a).content_hash)
    assert fresh(b).state is ProposalState.LAPSED
    assert fresh(b).reason == "another_approved"


def test_rejecting_a_proposal_brings_the_order_back_with_the_words(scene: Scene) -> None:
    proposal = scene.proposed()
    with pytest.raises(Invalid):
        service.reject(scene.other, proposal.id, "  ")
    service.reject(scene.other, proposal.id, "价格偏高")
    assert fresh(proposal).state is ProposalState.REJECTED
    order = db.session.get_one(Order, proposal.order_id, populate_existing=True)
    assert (order.state, order.reason) == (OrderState.EVALUATING, "价格偏高")


def test_a_rejected_suggestion_leaves_the_order_where_it_is(scene: Scene) -> None:
    run = scene.run()
    proposal = scene.proposal(run, scene.orders[0])
    service.reject(scene.call, proposal.id, "不合适")
    assert db.session.get_one(Order, proposal.order_id).state is OrderState.EVALUATING


def test_taken_back_and_proposed_again_by_the_same_person_is_a_new_content(scene: Scene, clock: Any) -> None:
    proposal = scene.proposed()
    before = proposal.content_hash
    service.take_back(scene.call, proposal.id)
    assert db.session.get_one(Order, proposal.order_id).state is OrderState.EVALUATING
    clock.advance(minutes=1)
    service.propose(scene.call, proposal.id, proposal.options[0].id)
    assert fresh(proposal).content_hash != before
    service.approve(scene.other, proposal.id, fresh(proposal).content_hash)


@pytest.mark.parametrize("option", [0, -1, 10**9])
def test_an_option_of_another_proposal_is_refused(scene: Scene, option: int) -> None:
    run = scene.run()
    proposal = scene.proposal(run, scene.orders[0])
    with pytest.raises(Invalid):
        service.propose(scene.call, proposal.id, option)


def test_a_proposal_that_could_not_be_paid_now_is_refused_at_once(scene: Scene) -> None:
    scene.orders[0].own_funds = 20_000_000
    scene.make.save(scene.orders[0])
    run = scene.run()
    proposal = scene.proposal(run, scene.orders[0])
    edit(drain)(scene, proposal)
    with pytest.raises(Conflict, match=r"funds\.not_enough"):
        service.propose(scene.call, proposal.id, proposal.options[0].id)


def test_nothing_is_proposed_from_a_closed_round(scene: Scene) -> None:
    proposal = scene.proposal(scene.run(), scene.orders[0])
    service.close_round(scene.call, proposal.run.round_id)
    with pytest.raises(Conflict, match="not_now"):
        service.propose(scene.call, proposal.id, proposal.options[0].id)


def test_the_database_itself_keeps_an_order_from_two_awards(scene: Scene) -> None:
    first, second = scene.proposal(scene.run(), scene.orders[0]), scene.proposal(scene.run(), scene.orders[0])
    for proposal in (first, second):
        proposal.state, proposal.approved_at = ProposalState.APPROVED, scene.make.clock()
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_candidate_is_invited_and_never_proposed(scene: Scene, make: Make) -> None:
    team = make.team()
    lead = make.lead(team)
    make.capability(team, title="防腐涂层 潮湿环境 锈蚀")
    run = scene.run()
    candidate = db.session.scalars(
        select(Proposal).filter_by(run_id=run.id, order_id=scene.orders[0].id, team_id=team.id)
    ).one()
    with pytest.raises(Conflict, match=r"rounds\.no_bid"):
        service.propose(scene.call, candidate.id, 1)
    service.invite(scene.call, candidate.id)
    assert fresh(candidate).state is ProposalState.INVITED
    mail = db.session.scalars(select(Message)).one()
    assert (mail.recipient, mail.template) == (lead.email, "round_invited")
    assert mail.values == {"order_id": scene.orders[0].id, "team": team.name}
    with pytest.raises(Conflict):
        service.invite(scene.call, candidate.id)


def test_a_match_with_a_bid_is_not_invited(scene: Scene) -> None:
    run = scene.run()
    with pytest.raises(Conflict, match=r"rounds\.has_bid"):
        service.invite(scene.call, scene.proposal(run, scene.orders[0]).id)
