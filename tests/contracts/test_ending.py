"""What a contract takes from its award, and what an end before its time gives back: money, days, the award itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.awards.models import Award
from marketplace.awards.workflow import AwardState
from marketplace.bids.terms import FORMAT, BidTerms, Milestone
from marketplace.contracts import cutting, ending, service
from marketplace.contracts.documents.content import plan_of
from marketplace.contracts.workflow import ChangeKind, ContractState
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict
from marketplace.talent import capacity
from marketplace.talent.models import TeamQuarter
from tests.contracts.scene import Scene, awarded
from tests.contracts.test_changes import ask, end, steps
from tests.factories import Make


def promised(scene: Scene) -> int:
    """The person-days that the team has promised in all quarters."""
    query = select(func.sum(TeamQuarter.reserved_days)).where(TeamQuarter.team_id == scene.team.id)
    return db.session.scalar(query) or 0


def award_of(scene: Scene) -> Award:
    now = scene.make.clock()
    row = Award(
        order_id=scene.order.id,
        proposal_id=scene.proposal.id,
        bid_id=scene.proposal.bid_id,
        team_id=scene.team.id,
        price=scene.proposal.price,
        price_public=True,
        bids_opened=3,
        state=AwardState.CONTRACTING,
        announced_at=now - timedelta(days=9),
        standstill_ends_at=now - timedelta(days=2),
        confirm_by=now + timedelta(days=2),
        enterprise_confirmed_at=now,
        team_confirmed_at=now,
        started_at=now,
    )
    scene.make.save(row)
    return row


def test_a_contract_that_is_given_up_frees_days_and_ends_the_award(scene: Scene) -> None:
    award, key = award_of(scene), scene.draft().id
    assert promised(scene) == 90
    service.abandon(scene.call("enterprise"), key, "产品线停产")
    assert promised(scene) == 0
    db.session.refresh(award)
    assert (award.state, award.public_reason) == (AwardState.UNDONE, ending.UNSIGNED)


def test_an_end_frees_the_days_of_the_quarters_to_come_only(scene: Scene) -> None:
    start = scene.in_force().starts_on
    worked = capacity.spread(90, start, 6)[capacity.quarter_of(start)]
    scene.make.clock.advance(days=61)  # type: ignore[attr-defined]  # the tests' own clock
    end(scene, 0)
    assert 0 < promised(scene) == worked < 90


def test_days_that_stay_promised_are_noticed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: without the release the team stays full for nothing."""
    monkeypatch.setattr(capacity, "release", lambda *_: None)
    scene.draft()
    service.abandon(scene.call("enterprise"), scene.contract_id, "产品线停产")
    assert promised(scene) == 90


@pytest.mark.parametrize(
    ("rules", "refusal"),
    [
        (({"amount_min": 14_000_000}, {}), "fund_amount_min"),
        (({"amount_min": 13_000_000}, {}), None),
        (({"share_max": 3572}, {}), None),  # 15 of 42: no fen of rounding may push it over
        (({"amount_min": 20_000_000}, {}), None),  # raised after the contract was agreed: the old promise holds
    ],
)
def test_a_lower_price_keeps_every_funds_rules(
    make: Make, rules: tuple[dict[str, int], ...], refusal: str | None
) -> None:
    scene = awarded(make, funds=rules)
    scene.in_force()
    wanted = steps(scene)
    wanted[1] = replace(wanted[1], amount=wanted[1].amount - 4_200_001)
    if refusal:
        with pytest.raises(Conflict, match=refusal):
            ask(scene, ChangeKind.PRICE_CUT, wanted)
        return
    service.accept_change(scene.call("enterprise"), ask(scene, ChangeKind.PRICE_CUT, wanted))
    assert scene.contract.price == 37_799_999


def test_a_rule_that_is_not_asked_again_is_broken(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: without the check a fund pays less than it ever would."""
    monkeypatch.setattr(cutting.funding, "require", lambda _: None)
    scene = awarded(make, funds=({"amount_min": 14_000_000}, {}))
    scene.in_force()
    wanted = steps(scene)
    wanted[1] = replace(wanted[1], amount=wanted[1].amount - 4_200_000)
    service.accept_change(scene.call("enterprise"), ask(scene, ChangeKind.PRICE_CUT, wanted))
    assert scene.contract.sources[1].amount < 14_000_000


PLANS: dict[str, tuple[list[tuple[str, int, str, int | None]], list[tuple[str, str, int]] | None]] = {
    "its own shares": (
        [("小样", 2, "配方", 2500), ("中试", 5, "", 7500)],
        [("小样", "配方", 2500), ("中试", "中试", 7500)],
    ),
    "no shares": ([("乙", 4, "", None), ("甲", 2, "", None)], [("甲", "甲", 5000), ("乙", "乙", 5000)]),
    "a step without money": (
        [("大纲", 1, "大纲", None), ("样品", 3, "样品", 10_000), ("归档", 6, "档案", None)],
        [("样品", "大纲；样品；档案", 10_000)],
    ),
    "shares that are no whole": ([("甲", 2, "", 4000)], None),
    "no steps": ([], None),
}


@pytest.mark.parametrize("case", PLANS)
def test_the_bids_milestones_and_places_are_the_contracts(make: Make, case: str) -> None:
    given, expected = PLANS[case]
    terms = BidTerms(milestones=tuple(Milestone(*row) for row in given), students=3)
    extras = {k: terms.as_json()[k] for k in ("least_price", "most_price", "milestones", "staff", "background")}
    extras |= {"students": 3, "attachments": []}
    scene = awarded(make, bid_values={"version": FORMAT, "extras": extras})
    contract = scene.draft()
    plan = [(step.title, step.deliverables, step.share) for step in plan_of(contract)]
    assert plan == expected if expected else len(plan) == 3
    assert contract.training_places == 3
    scene.sign("enterprise")
    assert scene.sign("institution").state is ContractState.IN_FORCE
