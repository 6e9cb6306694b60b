"""Concepts first, without a price; two people choose with reasons; only the chosen write full bids, which are sealed again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from marketplace.approvals.models import Endorsement
from marketplace.audit import verify
from marketplace.awards import service as awards
from marketplace.awards.workflow import NoAward
from marketplace.bids import jobs, keyring, keys, queries, recommending, records, sealing, service, shortlists
from marketplace.bids.models import ConceptPart, OrderKey
from marketplace.bids.terms import BidTerms, Choice
from marketplace.bids.workflow import BidState, Part
from marketplace.db.base import db
from marketplace.evaluation import service as evaluation
from marketplace.evaluation.terms import VoteTerms
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.orders import procedures
from marketplace.orders import service as ordering
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import OrderState
from marketplace.outbox.models import Message
from marketplace.storage.service import Upload
from tests.bids.scene import Scene, fresh
from tests.pages import without_tokens

CONCEPT = BidTerms(plan="先用硅烷预处理替代磷化，再以水性树脂成膜；风险在附着力，备选等离子处理。", schedule="分两步")


RECOMMENDED = (True, True, False)


def vote(scene: Scene, recommended: dict[int, bool]) -> None:
    """Appoint three experts who all vote alike."""
    for judge in [scene.make.account() for _ in range(3)]:
        row = evaluation.appoint(scene.call(scene.officers[0]), scene.order.id, judge.email, expert=True)
        evaluation.accept_seat(scene.call(judge), row.evaluation_id)
        votes = [VoteTerms(bid, goes, 80 if goes else 40, "依据见方案") for bid, goes in recommended.items()]
        evaluation.cast_votes(scene.call(judge), row.evaluation_id, votes)


class Stage:
    """Three concepts: of the scene's team, of a rival and of a third one."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        scene.follows(Procedure.TWO_STAGE)
        self.leads = [scene.lead]
        self.bids = [scene.drafted()]
        for _ in range(2):
            team = scene.make.team()
            self.leads.append(scene.make.lead(team))
            self.bids.append(scene.drafted(team, self.leads[-1]))
        for lead, bid in zip(self.leads, self.bids, strict=True):
            service.submit_bid(scene.call(lead), bid.id, CONCEPT)

    @property
    def deadline(self) -> Any:
        return self.scene.clock() + timedelta(days=15)

    def choices(self, *goes: bool) -> list[Choice]:
        reasons = {True: "路线可行", False: "未说明环保达标路线"}
        pairs = zip(self.bids, goes or RECOMMENDED, RECOMMENDED, strict=True)
        return [
            Choice(bid.id, go, reasons[go], "" if go is wish else "委员会低估了放大难度") for bid, go, wish in pairs
        ]

    def voted(self) -> Stage:
        """Three people of a committee recommend the first two concepts."""
        vote(self.scene, dict(zip([bid.id for bid in self.bids], RECOMMENDED, strict=True)))
        return self

    def propose(self, number: int = 0, *goes: bool) -> None:
        if recommending.vote_on(self.scene.fresh_order()) is None:
            self.voted()
        call = self.scene.call(self.scene.officers[number])
        service.propose_shortlist(call, self.scene.order.id, self.choices(*goes), self.deadline)

    def confirm(self, number: int = 1) -> None:
        service.confirm_shortlist(self.scene.call(self.scene.officers[number]), self.scene.order.id)

    def chosen(self) -> Stage:
        self.scene.opened()
        self.propose()
        self.confirm()
        db.session.expire_all()
        return self

    def states(self) -> list[BidState]:
        return [fresh(bid).state for bid in self.bids]


@pytest.fixture
def stage(scene: Scene) -> Stage:
    return Stage(scene)


def test_a_concept_is_sealed_to_a_key_of_its_own_and_has_no_amount(scene: Scene) -> None:
    scene.follows(Procedure.TWO_STAGE)
    bid = scene.submitted(least_price=1_000_000)
    assert set(keyring.rows_of(scene.order)) == {Part.CONCEPT, Part.CONTENT, Part.PRICE}
    assert (bid.price_envelope, bid.price_commitment) == (None, "")
    for part in (Part.CONTENT, Part.PRICE):
        with pytest.raises(sealing.NotReadable):
            sealing.unseal(
                bid.envelope or b"", queries.label_of(bid), bid.commitment, keys.opening_key(bid.order_id, part)
            )
    found = sealing.unseal(
        bid.envelope or b"", queries.label_of(bid), bid.commitment, keys.opening_key(bid.order_id, Part.CONCEPT)
    )
    assert (found.terms.price, found.terms.least_price, found.terms.plan) == (None, None, scene.terms().plan)


def test_a_concept_needs_a_plan_and_nothing_else(scene: Scene) -> None:
    scene.follows(Procedure.TWO_STAGE)
    bid = scene.drafted()
    with pytest.raises(Invalid, match=r"bids\.not_admissible"):
        service.submit_bid(scene.call(), bid.id, BidTerms(plan="短"))
    service.submit_bid(scene.call(), bid.id, CONCEPT)
    assert fresh(bid).state is BidState.SUBMITTED


def test_two_stages_from_concept_to_prices(stage: Stage) -> None:
    scene = stage.scene
    order = scene.opened()
    assert (order.state, order.opened_at, stage.states()) == (OrderState.CONCEPTS, None, [BidState.CONCEPT] * 3)
    assert all(shortlists.is_unaltered(part) for part in shortlists.concepts_of(order))
    stage.propose()
    assert stage.states() == [BidState.CONCEPT] * 3, "one person alone changes nothing"
    stage.confirm()
    order = scene.fresh_order()
    assert (order.state, order.bid_deadline) == (OrderState.BIDDING, stage.deadline)
    assert stage.states() == [BidState.DRAFT, BidState.DRAFT, BidState.PASSED_OVER]
    assert fresh(stage.bids[2]).reason == "未说明环保达标路线"
    for number in (0, 1):
        lead, bid = stage.leads[number], stage.bids[number]
        assert queries.own_content(queries.get_own(scene.call(lead), bid.id)).terms == CONCEPT
        team = fresh(bid).team
        service.submit_bid(scene.call(lead), bid.id, scene.terms(team, start_on=scene.order.delivery_on))
    assert fresh(stage.bids[0]).price_envelope is not None
    with pytest.raises(Conflict, match="too_early"):
        service.request_opening(scene.call(scene.officers[0]), order.id)
    order = scene.opened()
    assert (order.state, stage.states()[:2]) == (OrderState.OPENED, [BidState.TECHNICAL] * 2)
    row = db.session.get(OrderKey, (order.id, Part.PRICE))
    assert row is not None
    row.released_at = scene.clock()
    db.session.commit()
    service.request_price_opening(scene.call(scene.officers[0]), order.id)
    service.confirm_price_opening(scene.call(scene.officers[1]), order.id)
    assert stage.states() == [BidState.OPENED, BidState.OPENED, BidState.PASSED_OVER]
    assert [row.part for row in records.of_order(order)] == [Part.CONCEPT, Part.CONTENT, Part.PRICE]
    assert [f for f in verify.findings() if f.invariant in {"four eyes", "sealing", "stamps"}] == []
    told = sorted(db.session.scalars(db.select(Message.template)))
    assert {"bid_concept_opened", "bid_shortlisted", "bid_passed_over", "order_full_bids"} <= set(told)


def test_the_choice_needs_every_concept_reasons_enough_teams_and_time(stage: Stage) -> None:
    stage.scene.opened()
    stage.voted()
    call, order_id = stage.scene.call(stage.scene.officers[0]), stage.scene.order.id
    good = stage.choices()
    cases = {
        "choices_incomplete": (good[:2], stage.deadline),
        "choice_reason": ([*good[:2], Choice(good[2].bid, False, " ")], stage.deadline),
        "shortlist_small": (stage.choices(True, False, False), stage.deadline),
        "full_days": (good, stage.deadline - timedelta(seconds=1)),
    }
    for code, (choices, deadline) in cases.items():
        with pytest.raises(Invalid, match=code):
            service.propose_shortlist(call, order_id, choices, deadline)
    with pytest.raises(Conflict, match="no_shortlist"):
        service.confirm_shortlist(call, order_id)


def test_two_distinct_people_choose_and_a_changed_choice_is_proposed_anew(stage: Stage) -> None:
    stage.scene.opened()
    stage.propose(0)
    with pytest.raises(Forbidden, match=r"approvals\.same_person"):
        stage.confirm(0)
    stage.propose(1, True, False, True)
    with pytest.raises(Forbidden, match=r"approvals\.same_person"):
        stage.confirm(1)
    stage.confirm(0)
    assert stage.states() == [BidState.DRAFT, BidState.PASSED_OVER, BidState.DRAFT]


def test_a_choice_altered_after_it_was_proposed_is_void(stage: Stage) -> None:
    stage.scene.opened()
    stage.propose()
    db.session.execute(text("UPDATE concept_parts SET reason = 'another' WHERE chosen"))
    db.session.commit()
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        stage.confirm()


def test_nobody_of_the_enterprise_or_of_a_team_chooses(stage: Stage) -> None:
    scene = stage.scene
    scene.opened()
    for account in (scene.owner, scene.lead):
        with pytest.raises(Forbidden, match="hidden"):
            service.propose_shortlist(scene.call(account), scene.order.id, stage.choices(), stage.deadline)


def test_who_is_not_on_the_shortlist_writes_no_full_bid(stage: Stage) -> None:
    scene = stage.chosen().scene
    with pytest.raises(Conflict, match=r"workflow\.not_now"):
        service.submit_bid(scene.call(stage.leads[2]), stage.bids[2].id, scene.terms())
    team = scene.make.team()
    with pytest.raises(Forbidden, match=r"bids\.not_shortlisted"):
        service.start_bid(scene.call(scene.make.lead(team)), scene.order.id, team.id)


def test_without_the_rule_a_latecomer_would_bid(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, team = stage.chosen().scene, stage.scene.make.team()
    monkeypatch.setattr("marketplace.bids.service.bidding.asks_shortlist", lambda _: False)
    assert service.start_bid(scene.call(scene.make.lead(team)), scene.order.id, team.id).state is BidState.DRAFT


def test_nobody_sees_who_of_the_shortlist_has_answered(stage: Stage, sign_in: Any, app: Any) -> None:
    scene = stage.chosen().scene
    paths = [f"/orders/{scene.order.id}{tail}" for tail in ("", "/concepts", "/opening", "/bids", "/opening-record")]
    readers = [sign_in(account) for account in (scene.owner, scene.officers[0], stage.leads[1])] + [app.test_client()]

    def seen() -> list[list[tuple[int, str]]]:
        return [
            [(a.status_code, without_tokens(a.text)) for a in (reader.get(path) for path in paths)]
            for reader in readers
        ]

    seen()
    before = seen()
    start = scene.order.delivery_on
    service.submit_bid(scene.call(), stage.bids[0].id, scene.terms(fresh(stage.bids[0]).team, start_on=start))
    assert seen() == before
    assert [status for status, _ in before[0]] == [200, 200, 403, 404, 200]
    assert before[3][4][0] == 404, "the record of the concepts names no bidder to the public yet"
    for bid in stage.bids[:2]:
        assert readers[0].get(f"/bids/{bid.id}").status_code == 404


def test_too_few_concepts_end_the_order_unread(scene: Scene) -> None:
    scene.follows(Procedure.TWO_STAGE)
    bid = scene.drafted()
    service.submit_bid(scene.call(), bid.id, CONCEPT)
    order = scene.opened()
    assert (order.state, fresh(bid).state) == (OrderState.UNSUCCESSFUL, BidState.LAPSED)
    assert db.session.get(ConceptPart, bid.id) is None
    again = ordering.retender(scene.call(scene.owner), order.id)
    assert (again.procedure, again.concepts_at, again.state) == (Procedure.TWO_STAGE, None, OrderState.DRAFT)


def test_a_damaged_concept_can_be_brought_again_before_anybody_chooses(stage: Stage) -> None:
    damaged = fresh(stage.bids[0])
    assert damaged.envelope is not None
    damaged.envelope = damaged.envelope[:-1] + bytes([damaged.envelope[-1] ^ 1])
    db.session.commit()
    stage.scene.opened()
    call = stage.scene.call(stage.scene.officers[0])
    with pytest.raises(Conflict, match=r"bids\.closed_first"):
        service.propose_shortlist(call, stage.scene.order.id, stage.choices(), stage.deadline)
    service.recover_bid(stage.scene.call(), stage.bids[0].id)
    assert stage.states() == [BidState.CONCEPT] * 3
    stage.propose()


def test_a_concept_that_nobody_brings_again_lapses(stage: Stage) -> None:
    damaged = fresh(stage.bids[2])
    damaged.envelope = b"damaged"
    db.session.commit()
    stage.scene.opened()
    stage.scene.clock.advance(days=5)
    jobs.expire(stage.scene.make.call())
    assert stage.states() == [BidState.CONCEPT, BidState.CONCEPT, BidState.LAPSED]


def test_an_officer_ends_an_order_whose_concepts_convince_nobody(stage: Stage) -> None:
    order = stage.scene.opened()
    awards.fail_order(stage.scene.call(stage.scene.officers[0]), order.id, NoAward.NONE_QUALIFIED, "路线均不可行")
    assert (stage.scene.fresh_order().state, set(stage.states())) == (OrderState.UNSUCCESSFUL, {BidState.PASSED_OVER})


def test_a_shortlist_without_two_people_is_found(stage: Stage) -> None:
    stage.chosen()
    db.session.execute(db.delete(Endorsement).where(Endorsement.subject_kind.in_(["shortlist", "concept_opening"])))
    db.session.commit()
    told = [str(f) for f in verify.findings()]
    assert any("the shortlist of order" in each for each in told)
    assert any("the concepts of order" in each for each in told)


def test_a_file_of_a_concept_is_read_with_it_and_kept_when_the_full_bid_drops_it(scene: Scene, sign_in: Any) -> None:
    scene.follows(Procedure.TWO_STAGE)
    bid = scene.drafted()
    service.save_draft(scene.call(), bid.id, CONCEPT)
    upload = Upload("route.pdf", "application/pdf", b"%PDF-1.4 route")
    service.attach_file(scene.call(), bid.id, upload)
    service.submit_bid(scene.call(), bid.id)
    other = scene.rival()
    order = scene.opened()
    number = shortlists.terms_of(shortlists.concepts_of(order)[0]).attachments[0].file
    path = f"/bids/{bid.id}/concept-files/{number}"
    owner = sign_in(scene.owner)
    assert owner.get(path).data == upload.content
    call = scene.call(scene.officers[0])
    vote(scene, {bid.id: True, other.id: True})
    choices = [Choice(each.id, True, "可行") for each in (bid, other)]
    service.propose_shortlist(call, order.id, choices, scene.clock() + timedelta(days=15))
    service.confirm_shortlist(scene.call(scene.officers[1]), order.id)
    assert sign_in(scene.lead).get(f"/bids/{bid.id}/files/{number}").data == upload.content
    service.remove_file(scene.call(), bid.id, number)
    assert owner.get(path).data == upload.content
    with pytest.raises(NotFound):
        shortlists.get_concept(scene.call(scene.make.lead(scene.make.team())), bid.id)


def test_the_pages_lead_through_both_stages(stage: Stage, sign_in: Any) -> None:
    scene = stage.scene
    lead, first, second = (sign_in(each) for each in (scene.lead, *scene.officers))
    form = lead.get(f"/bids/{stage.bids[0].id}/edit").text
    assert 'name="plan"' in form
    assert 'name="price"' not in form
    scene.opened()
    path = f"/orders/{scene.order.id}/concepts"
    stage.voted()
    page = first.get(path)
    assert all(bid.team.name in page.text for bid in stage.bids)
    data: dict[str, str] = {"deadline": "2099-01-01T17:00"}
    for place, choice in enumerate(stage.choices()):
        data |= {
            f"choices-{place}-bid": str(choice.bid),
            f"choices-{place}-goes": "yes" if choice.chosen else "no",
            f"choices-{place}-reason": choice.reason,
        }
    refused = first.post(f"{path}/shortlist", data=data)
    assert refused.status_code == 422
    assert "未说明环保达标路线" in refused.text
    db.session.rollback()
    stage.propose()
    assert f'action="{path}/confirm"' in second.get(path).text
    assert second.post(f"{path}/confirm").status_code == 303
    assert "完整方案" in lead.get(f"/bids/{stage.bids[0].id}/edit").text
    passed = sign_in(stage.leads[2]).get(f"/bids/{stage.bids[2].id}").text
    assert "未说明环保达标路线" in passed
    assert CONCEPT.plan in passed
    assert lead.get(f"/orders/{scene.order.id}").status_code == 200


def test_with_one_stage_switched_off_a_price_would_lie_in_the_first_envelope(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.follows(Procedure.TWO_STAGE)
    monkeypatch.setattr("marketplace.bids.envelopes.asks_concepts", lambda _: False)
    monkeypatch.setattr("marketplace.bids.keyring.asks_concepts", lambda _: False)
    assert scene.submitted().price_envelope is not None
    assert procedures.asks_concepts(scene.order)


def test_a_concept_taken_back_does_not_come_in_again_as_a_full_bid(stage: Stage, sign_in: Any) -> None:
    scene, team = stage.scene, stage.scene.make.team()
    lead = scene.make.lead(team)
    bid = scene.drafted(team, lead)
    service.submit_bid(scene.call(lead), bid.id, CONCEPT)
    service.withdraw_bid(scene.call(lead), bid.id)
    stage.chosen()
    with pytest.raises(Forbidden, match=r"bids\.not_shortlisted"):
        service.submit_bid(scene.call(lead), bid.id, scene.terms(team, start_on=scene.order.delivery_on))
    assert fresh(bid).state is BidState.WITHDRAWN
    assert sign_in(lead).get(f"/bids/{bid.id}/edit").status_code == 403


def test_an_opening_job_that_runs_again_after_the_shortlist_finds_nothing_to_do(stage: Stage) -> None:
    stage.chosen()
    order = stage.scene.fresh_order()
    before = order.state, stage.states()
    with pytest.raises(Conflict, match="too_early"):
        service.open_bids(stage.scene.make.call(), order.id)
    jobs.open_confirmed(stage.scene.make.call(), order.id)
    assert (stage.scene.fresh_order().state, stage.states()) == before
