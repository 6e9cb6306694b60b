"""New rules of a fund say which open matches they would break, and a match is approved by the rules of its day only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from marketplace.funds import service as funds
from marketplace.funds.effects import broken_by
from marketplace.funds.models import FundRules
from marketplace.funds.service.rules import fingerprint
from marketplace.funds.versions import as_it_would_be, plain_of, terms_of
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict
from marketplace.rounds import service
from marketplace.web.filters import CITY
from tests.conftest import START, Clock
from tests.rounds.conftest import Scene

TODAY = START.astimezone(CITY).date()


def would_break(scene: Scene, **values: Any) -> list[tuple[str, str]]:
    new = as_it_would_be(scene.fund, {**plain_of(scene.fund), **values})
    return [(each.title.split()[0], each.code) for each in broken_by(new, TODAY)]


def change(scene: Scene, day: Any = TODAY, **values: Any) -> FundRules:
    """New rules for the fund, approved by the second officer."""
    manager = scene.make.account(Role.FUND_MANAGER)
    terms = terms_of({**plain_of(scene.fund), **values})
    row = funds.propose_rules(scene.make.call(manager), scene.fund.id, terms, day, "预算调整", scene.fund.version)
    return funds.approve_rules(scene.other, row.id, fingerprint(row))


@pytest.fixture(autouse=True)
def _thrifty(scene: Scene) -> None:
    """Both enterprises need the subsidy to its last fen: 40 % of 300,000 and of 420,000 yuan."""
    for order, own in zip(scene.orders, (18_000_000, 25_200_000), strict=True):
        order.own_funds = own
    scene.make.save(*scene.orders)


@pytest.fixture
def references(scene: Scene) -> list[str]:
    """The orders of the two matches of a solved round; each counts on the subsidy for 40 %."""
    scene.run()
    return [order.reference for order in scene.orders]


@pytest.mark.parametrize(
    ("values", "broken", "code"),
    [
        ({"share_max": 4000, "cost": 7}, (), ""),
        ({"share_max": 3999}, (0, 1), "rounds.fund_share"),
        ({"amount_max": 13_000_000}, (1,), "rounds.fund_amount_max"),
        ({"sizes": ["large"]}, (0, 1), "funds.other_size"),
        ({"valid_to": "2026-12-31"}, (0, 1), "funds.ended"),
        ({"yearly_max": 13_000_000}, (1,), "rounds.fund_yearly"),
        ({"public_share_max": 3000}, (0, 1), "rounds.fund_public_share"),
    ],
)
def test_matches_that_could_not_be_approved_any_more_are_named(
    scene: Scene, references: list[str], values: dict[str, Any], broken: tuple[int, ...], code: str
) -> None:
    assert would_break(scene, **values) == [(references[n], code) for n in broken]


def test_awarded_matches_and_those_of_closed_rounds_count_no_longer(scene: Scene, references: list[str]) -> None:
    assert scene.round is not None
    proposal = scene.proposal(scene.round.runs[-1], scene.orders[0])
    service.propose(scene.call, proposal.id, proposal.options[0].id)
    service.approve(scene.other, proposal.id, proposal.content_hash)
    assert would_break(scene, share_max=10) == [(references[1], "rounds.fund_share")]
    service.close_round(scene.call, scene.round.id)
    assert would_break(scene, share_max=10) == []


def test_a_match_is_approved_by_the_rules_in_force_on_that_day(scene: Scene, clock: Clock) -> None:
    proposal = scene.proposed()
    change(scene, TODAY + timedelta(days=1), share_max=100)
    clock.advance(days=1)
    with pytest.raises(Conflict, match=r"funds\.rules_due"):
        service.approve(scene.other, proposal.id, proposal.content_hash)
    clock.advance(days=-1)
    service.approve(scene.other, proposal.id, proposal.content_hash)


def test_a_run_and_an_approval_read_new_rules_at_once(scene: Scene) -> None:
    proposal = scene.proposed()
    change(scene, share_max=1000)
    with pytest.raises(Conflict, match=r"rounds\.fund_share"):
        service.approve(scene.other, proposal.id, proposal.content_hash)
    problem = scene.run().problem or {}
    assert [fund["share_max"] for fund in problem["funds"]] == [1000]
