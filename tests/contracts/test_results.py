"""A declared application comes into the register of patents, owned as agreed, and waits there for the pool."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.contracts import results, service
from marketplace.contracts.queries import remaining
from marketplace.contracts.terms import ResultTerms
from marketplace.contracts.workflow import ResultKind
from marketplace.db.base import db
from marketplace.kernel.errors import Invalid
from marketplace.orders.workflow import IpWish
from marketplace.patents.models import Patent
from marketplace.patents.workflow import PatentKind, SharePart
from tests.contracts.scene import Scene, awarded
from tests.factories import Make

NUMBER = "202610601862.2"


def declare(scene: Scene, number: str = NUMBER, kind: ResultKind = ResultKind.PATENT, ahead: int = 0) -> None:
    day = scene.make.clock().date() + timedelta(days=ahead)
    service.declare_result(scene.call("lead"), scene.contract_id, ResultTerms(kind, "一种无铬涂层", day, number))


def patents() -> list[Patent]:
    return list(db.session.scalars(select(Patent)))


@pytest.mark.parametrize(
    ("wish", "owners"),
    [
        (IpWish.ENTERPRISE, {"enterprise": 10_000}),
        (IpWish.TEAM, {"institution": 10_000}),
        (IpWish.POOL, {"institution": 10_000}),
        (IpWish.JOINT, {"enterprise": 5_000, "institution": 5_000}),
    ],
)
def test_an_application_belongs_to_whom_the_contract_says(make: Make, wish: IpWish, owners: dict[str, int]) -> None:
    scene = awarded(make, ip_wish=wish)
    contract = scene.in_force()
    declare(scene)
    (patent,) = patents()
    sides = {contract.enterprise_id: "enterprise", contract.institution_id: "institution"}
    shares = {sides[row.organisation_id]: row.share for row in patent.shares if row.part is SharePart.OWNER}
    assert shares == owners
    assert (patent.number, patent.kind, patent.is_public) == (NUMBER, PatentKind.INVENTION, False)
    known = remaining.results_of(contract)
    assert list(results.registered(scene.call("officer").actor, known).values()) == [patent]
    assert results.registered(scene.call("stranger").actor, known) == {}


@pytest.mark.parametrize(
    ("number", "kind"), [("", ResultKind.PATENT), (NUMBER, ResultKind.PAPER), ("ISSN 1001", ResultKind.PAPER)]
)
def test_what_is_no_numbered_application_stays_a_declaration(scene: Scene, number: str, kind: ResultKind) -> None:
    contract = scene.in_force()
    declare(scene, number, kind)
    assert (len(patents()), len(remaining.results_of(contract))) == (0, 1)


def test_an_application_declared_by_both_sides_is_registered_once(scene: Scene) -> None:
    contract = scene.in_force()
    declare(scene)
    declare(scene, "ZL" + NUMBER)
    assert (len(patents()), len(results.registered(scene.call("officer").actor, remaining.results_of(contract)))) == (
        1,
        2,
    )


@pytest.mark.parametrize(("number", "ahead", "field"), [("202610601862.3", 0, "number"), (NUMBER, 2, "on")])
def test_a_wrong_number_or_a_day_to_come_names_its_field(scene: Scene, number: str, ahead: int, field: str) -> None:
    scene.in_force()
    with pytest.raises(Invalid) as refused:
        declare(scene, number, ahead=ahead)
    assert refused.value.field == field
    assert remaining.results_of(scene.contract) == []


def test_the_owner_finds_the_way_to_the_agreed_pool(make: Make, sign_in: Any) -> None:
    scene = awarded(make, ip_wish=IpWish.POOL)
    scene.in_force()
    declare(scene)
    links = {
        who: re.findall(
            r"/patents/\d+[^\"]*", sign_in(scene.accounts[who]).get(f"/contracts/{scene.contract_id}/results").text
        )
        for who in ("institution", "enterprise")
    }
    number = patents()[0].id
    assert [f"/patents/{number}" in link for link in links["institution"]] == [True, True]
    assert links["enterprise"] == []
