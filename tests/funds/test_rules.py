"""Whom a fund may pay for, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from marketplace.funds import rules
from marketplace.funds.models import Fund
from marketplace.funds.rules import Drawn
from marketplace.funds.workflow import FundKind, FundState
from marketplace.kernel.fields import Field
from marketplace.matching.problem import Problem
from marketplace.organisations.workflow import Size

DAY = date(2027, 3, 1)


@dataclass
class Order:
    field: Field | None = Field.SOFTWARE
    alliance_id: int | None = 1
    published_at: datetime | None = None


@dataclass
class Enterprise:
    size: Size | None = Size.SMALL
    region: str = "441900"
    industry: str = "C39"


def fund(**values: Any) -> Fund:
    plain = {
        "id": 7,
        "kind": FundKind.SUBSIDY,
        "public": True,
        "state": FundState.OPEN,
        "fields": [],
        "sizes": [],
        "regions": [],
        "industries": [],
        "years": [],
        "cost": 0,
        "amount_min": 0,
    }
    return Fund(**{**plain, **values})


@pytest.mark.parametrize(
    ("values", "order", "enterprise", "reason"),
    [
        ({}, Order(), Enterprise(), ""),
        ({}, Order(field=None, alliance_id=None), Enterprise(size=None, region=""), ""),
        ({"state": FundState.DRAFT}, Order(), Enterprise(), "funds.not_open_now"),
        ({"state": FundState.CLOSED}, Order(), Enterprise(), "funds.not_open_now"),
        ({"valid_from": date(2027, 3, 1)}, Order(), Enterprise(), ""),
        ({"valid_from": date(2027, 3, 2)}, Order(), Enterprise(), "funds.not_yet"),
        ({"valid_to": date(2027, 3, 1)}, Order(), Enterprise(), ""),
        ({"valid_to": date(2027, 2, 28)}, Order(), Enterprise(), "funds.ended"),
        ({"alliance_id": 1}, Order(), Enterprise(), ""),
        ({"alliance_id": 2}, Order(), Enterprise(), "funds.other_alliance"),
        ({"alliance_id": 2}, Order(alliance_id=None), Enterprise(), "funds.other_alliance"),
        ({"fields": ["software", "energy"]}, Order(), Enterprise(), ""),
        ({"fields": ["energy"]}, Order(), Enterprise(), "funds.other_field"),
        ({"fields": ["energy"]}, Order(field=None), Enterprise(), "funds.other_field"),
        ({"sizes": ["micro", "small"]}, Order(), Enterprise(), ""),
        ({"sizes": ["micro"]}, Order(), Enterprise(), "funds.other_size"),
        ({"sizes": ["micro"]}, Order(), Enterprise(size=None), "funds.other_size"),
        ({"regions": ["441900"]}, Order(), Enterprise(), ""),
        ({"regions": ["440100", "440000"]}, Order(), Enterprise(), ""),
        ({"regions": ["440100"]}, Order(), Enterprise(), "funds.other_region"),
        ({"regions": ["440000"]}, Order(), Enterprise(region=""), "funds.other_region"),
        ({"industries": ["C"]}, Order(), Enterprise(), ""),
        ({"industries": ["I65", "C39"]}, Order(), Enterprise(), ""),
        ({"industries": ["C39"]}, Order(), Enterprise(industry="C"), "funds.other_industry"),
        ({"industries": ["C38"]}, Order(), Enterprise(), "funds.other_industry"),
        ({"industries": ["C"]}, Order(), Enterprise(industry=""), "funds.other_industry"),
        ({"years": [2027]}, Order(), Enterprise(), ""),
        ({"years": [2026]}, Order(), Enterprise(), "funds.other_year"),
        ({"years": [2026]}, Order(published_at=datetime(2026, 12, 31, 15, tzinfo=UTC)), Enterprise(), ""),
        (
            {"years": [2026]},
            Order(published_at=datetime(2026, 12, 31, 16, tzinfo=UTC)),
            Enterprise(),
            "funds.other_year",
        ),
    ],
)
def test_a_fund_pays_only_for_what_its_rules_name(
    values: dict[str, Any], order: Order, enterprise: Enterprise, reason: str
) -> None:
    decision = rules.eligible(fund(**values), order, enterprise, DAY)
    assert (decision.allowed, decision.reason) == (not reason, reason)


def test_every_rule_that_says_no_is_named() -> None:
    strict = fund(
        state=FundState.CLOSED,
        valid_from=date(2028, 1, 1),
        valid_to=date(2026, 1, 1),
        alliance_id=2,
        fields=["energy"],
        sizes=["large"],
        regions=["110000"],
        industries=["A"],
        years=[2000],
    )
    assert list(rules.failing(strict, Order(), Enterprise(), DAY)) == [
        "funds.not_open_now",
        "funds.not_yet",
        "funds.ended",
        "funds.other_alliance",
        "funds.other_field",
        "funds.other_size",
        "funds.other_region",
        "funds.other_industry",
        "funds.other_year",
    ]


@pytest.mark.parametrize(
    ("region", "place", "covered"),
    [
        ("440000", "441900", True),
        ("441900", "441900", True),
        ("441900", "441901", True),
        ("441901", "441900", False),
        ("440100", "441000", False),
        ("441000", "441000", True),
        ("440000", "4419", False),
    ],
)
def test_a_division_covers_its_parts(region: str, place: str, covered: bool) -> None:
    assert rules.covers(region, place) is covered


def test_the_optimiser_reads_a_fund_as_it_is_written_here() -> None:
    row = fund(share_max=3000, amount_max=20_000_000, amount_min=5, match_max=10_000, enterprise_max=9, cost=3)
    problem = Problem.from_json({"format": "tripool-problem/1", "funds": [rules.as_problem_fund(row, 123)]})
    read = problem.funds[0]
    assert (read.id, read.budget, read.public, read.cost, read.orders) == ("f7", 123, True, 3, None)
    assert (read.share_max, read.amount_max, read.amount_min, read.match_max, read.enterprise_max) == (
        3000,
        20_000_000,
        5,
        10_000,
        9,
    )


@pytest.mark.parametrize(
    ("limits", "drawn", "left"),
    [
        ({}, Drawn(10, 10), None),
        ({"enterprise_max": 100}, Drawn(30, 10), 70),
        ({"yearly_max": 40}, Drawn(90, 10), 30),
        ({"enterprise_max": 100, "yearly_max": 40}, Drawn(90, 10), 10),
        ({"enterprise_max": 100, "yearly_max": 40}, Drawn(120, 50), 0),
    ],
)
def test_the_stricter_limit_for_one_enterprise_counts(limits: dict[str, int], drawn: Drawn, left: int | None) -> None:
    assert rules.for_one_enterprise(fund(**limits), drawn) == left


def test_the_strictest_ceiling_on_public_money_holds() -> None:
    funds = [fund(), fund(public_share_max=6000), fund(public_share_max=5000)]
    assert rules.public_ceiling(funds, 7000) == 5000
    assert rules.public_ceiling(funds, 4000) == 4000
    assert rules.public_ceiling(funds[:1], None) is None
