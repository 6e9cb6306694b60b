"""What waits for whom, and what a party reads of a decision."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from marketplace.bids import lifecycle as bid_lifecycle
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.errors import NotFound
from marketplace.rounds import outcomes, queries, service
from marketplace.rounds.models import Proposal
from marketplace.rounds.terms import BidTreatment
from marketplace.rounds.workflow import LossReason
from tests.factories import Make
from tests.rounds.conftest import Scene


def tasks(scene: Scene, account: object) -> list[tuple[str, dict[str, int]]]:
    return [(task.endpoint, dict(task.values)) for task in queries.waiting_for(scene.make.call(account))]  # type: ignore[arg-type]


def test_an_answer_waits_for_review_until_somebody_acts_on_it(scene: Scene) -> None:
    run = scene.run()
    assert tasks(scene, scene.first) == [("rounds.run", {"run_id": run.id})]
    proposal = scene.proposal(run, scene.orders[0])
    service.propose(scene.call, proposal.id, proposal.options[0].id)
    assert tasks(scene, scene.first) == []
    assert tasks(scene, scene.second) == [("rounds.proposal", {"proposal_id": proposal.id})]
    service.approve(scene.other, proposal.id, proposal.content_hash)
    assert tasks(scene, scene.second) == []


def test_a_newer_run_takes_the_place_of_the_older(scene: Scene) -> None:
    scene.run()
    newer = scene.run()
    assert tasks(scene, scene.first) == [("rounds.run", {"run_id": newer.id})]


def test_nothing_waits_for_those_who_may_not_decide(scene: Scene, make: Make) -> None:
    scene.proposed()
    party = make.owner(scene.orders[0].organisation)
    auditor = make.account(Role.AUDITOR)
    assert tasks(scene, party) == []
    assert tasks(scene, auditor) == []


def test_a_proposal_with_an_interest_of_ones_own_does_not_wait(scene: Scene, make: Make) -> None:
    proposal = scene.proposed()
    biased = make.account(Role.CENTRE_OFFICER, person=scene.second.person)
    make.account(Role.ENTERPRISE_MEMBER, organisation=proposal.order.organisation, person=scene.second.person)
    assert tasks(scene, biased) == []


def test_the_enterprise_reads_nothing_before_the_decision(scene: Scene, make: Make) -> None:
    call = make.call(make.owner(scene.orders[0].organisation))
    proposal = scene.proposed()
    outcome = outcomes.of_order(call, scene.orders[0].id)
    assert (outcome.award, outcome.unmatched) == (None, None)
    service.approve(scene.other, proposal.id, proposal.content_hash)
    award = outcomes.of_order(call, scene.orders[0].id).award
    assert award is not None
    assert award.id == proposal.id


def test_why_an_order_got_nothing_is_told_when_the_round_is_closed(scene: Scene, make: Make) -> None:
    order = scene.order()
    scene.run()
    call = make.call(make.owner(order.organisation))
    assert outcomes.of_order(call, order.id).unmatched is None
    assert scene.round is not None
    service.close_round(scene.call, scene.round.id)
    told = outcomes.of_order(call, order.id).unmatched
    assert told is not None
    assert told.reason == "no_offer"


def test_a_bidder_reads_nothing_before_the_decision_and_then_only_its_own(scene: Scene, make: Make) -> None:
    loser = scene.bid(scene.orders[0], price=49_000_000)
    call = make.call(make.lead(loser.team))
    proposal = scene.proposed()
    assert not outcomes.of_bid(call, loser.id).decided
    service.approve(scene.other, proposal.id, proposal.content_hash)
    outcome = outcomes.of_bid(call, loser.id)
    assert (outcome.decided, outcome.won, outcome.rank, outcome.winner_rank) == (True, False, 2, 1)
    assert outcome.reason is LossReason.OUTSCORED
    assert outcome.value == outcome.sheet["value"]  # type: ignore[index]
    winner = outcomes.of_bid(make.call(make.lead(scene.bids[0].team)), scene.bids[0].id)
    assert (winner.won, winner.rank, winner.reason) == (True, 1, None)


def test_a_bid_kept_out_is_told_the_officers_reason(scene: Scene, make: Make) -> None:
    out = scene.bid(scene.orders[0], price=20_000_000)
    row = scene.open()
    service.treat_bid(scene.call, row.id, BidTreatment(out.id, forbidden=True, reason="缺少检测报告"))
    proposal = scene.proposed()
    service.approve(scene.other, proposal.id, proposal.content_hash)
    outcome = outcomes.of_bid(make.call(make.lead(out.team)), out.id)
    assert (outcome.reason, outcome.note) == (LossReason.KEPT_OUT, "缺少检测报告")


def test_a_bid_disqualified_before_the_decision_has_no_rank(scene: Scene, make: Make) -> None:
    other = scene.bid(scene.orders[0])
    bid_lifecycle.move(scene.call, other, "disqualify", "伪造")
    db.session.commit()
    proposal = scene.proposed()
    service.approve(scene.other, proposal.id, proposal.content_hash)
    assert not outcomes.of_bid(make.call(make.lead(other.team)), other.id).decided


@pytest.mark.parametrize("what", ["order", "bid"])
def test_other_parties_outcomes_look_like_missing_ones(scene: Scene, make: Make, what: str) -> None:
    proposal = scene.proposed()
    service.approve(scene.other, proposal.id, proposal.content_hash)
    stranger = make.call(make.owner(make.enterprise(alliance=scene.alliance)))
    rival = make.call(make.lead(make.team()))
    read = outcomes.of_order if what == "order" else outcomes.of_bid
    key = scene.orders[0].id if what == "order" else scene.bids[0].id
    for call in (stranger, rival):
        for number in (key, 0, -1, 10**30):
            with pytest.raises(NotFound):
                read(call, number)  # type: ignore[operator]


def test_the_enterprise_does_not_read_the_outcome_of_a_bid(scene: Scene, make: Make) -> None:
    enterprise = make.call(make.owner(scene.orders[0].organisation))
    with pytest.raises(NotFound):
        outcomes.of_bid(enterprise, scene.bids[0].id)


@pytest.mark.parametrize("key", [0, -1, 10**30, 999_999])
def test_numbers_that_name_nothing_are_not_found(scene: Scene, key: int) -> None:
    for read in (queries.get_round, queries.get_run, queries.get_proposal):
        with pytest.raises(NotFound):
            read(scene.call, key)


def test_a_secretary_of_another_alliance_finds_no_run_and_no_proposal(scene: Scene, make: Make) -> None:
    scene.open(alliance_id=scene.alliance.id)
    run = scene.run()
    proposal = db.session.scalars(select(Proposal).filter_by(run_id=run.id)).first()
    assert proposal is not None
    own = make.call(make.account(Role.ALLIANCE_SECRETARY, alliance=scene.alliance))
    other = make.call(make.account(Role.ALLIANCE_SECRETARY, alliance=make.alliance()))
    assert queries.get_run(own, run.id).id == run.id
    for read, key in ((queries.get_run, run.id), (queries.get_proposal, proposal.id)):
        with pytest.raises(NotFound):
            read(other, key)
