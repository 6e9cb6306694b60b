"""Each wall has a canary that no competitor meets, and a twin that meets it once the wall is down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import true

from marketplace.accounts.models import Account
from marketplace.defence import costs, policy, queries, service
from marketplace.defence.terms import ProductTerms
from marketplace.kernel.call import Actor, Role
from marketplace.kernel.fields import Field
from marketplace.kernel.policy import YES
from marketplace.licences import policy as licensing
from marketplace.licences import queries as licences
from marketplace.licences import service as agreeing
from marketplace.licences.terms import RequestTerms
from marketplace.patents import policy as register
from marketplace.patents import queries as patents
from marketplace.talent import policy as talent
from marketplace.talent import service as training
from marketplace.talent.terms import ProgrammeTerms
from marketplace.talent.workflow import ProgrammeKind
from tests.defence.test_service import opened, threatened
from tests.factories import Make
from tests.licences.test_service import TERMS
from tests.patents.scene import secret
from tests.pools.scene import Scene, scene

Wall = Callable[[Scene], tuple[str, str, Account]]
Patch = Callable[[pytest.MonkeyPatch, Scene], None]


@pytest.fixture
def place(make: Make) -> Scene:
    return scene(make)


def stated_products(place: Scene) -> tuple[str, str, Account]:
    case = opened(place)
    terms = ProductTerms("产品金丝雀", 1_000_000, tuple(case.numbers))
    service.state_product(place.make.call(place.rival), case.id, place.rival_organisation.id, terms)
    return f"/defence/cases/{case.id}", "产品金丝雀", place.owner


def shares_of_cost(place: Scene) -> tuple[str, str, Account]:
    case = opened(place)
    terms = ProductTerms("模组", 1_000_000, tuple(case.numbers))
    service.state_product(place.make.call(place.rival), case.id, place.rival_organisation.id, terms)
    for _ in range(3):
        service.state_product(place.make.call(place.owner), case.id, place.university.id, terms)
    service.join(place.make.call(place.rival), case.id, place.rival_organisation.id)
    return f"/defence/cases/{case.id}", "¥642,857", place.owner


def threats(place: Scene) -> tuple[str, str, Account]:
    return f"/defence/threats/{threatened(place).id}", "威胁内容金丝雀", place.owner


def who_asked_for_a_place(place: Scene) -> tuple[str, str, Account]:
    terms = ProgrammeTerms(
        ProgrammeKind.COURSE, Field.CHEMISTRY, "涂层配方", "两周", date(2027, 3, 1), date(2027, 3, 12), 5
    )
    row = training.offer_programme(place.make.call(place.owner), place.university.id, terms)
    person, elsewhere = place.make.person("求学者金丝雀"), place.make.enterprise()
    asker = place.make.account(Role.ENTERPRISE_OWNER, organisation=elsewhere, person=person)
    training.ask_place(place.make.call(asker), row.id)
    return f"/programmes/{row.id}", "求学者金丝雀", place.rival


def prices(place: Scene) -> tuple[str, str, Account]:
    other = place.make.owner(place.make.enterprise(alliance=place.alliance))
    asked = agreeing.request_licence(
        place.make.call(place.rival), RequestTerms(place.rival_organisation.id, (place.patent().id,), "价格金丝雀")
    )
    agreeing.offer_terms(place.make.call(place.owner), asked.id, TERMS)
    return f"/licences/{asked.id}", "价格金丝雀", other


def secret_applications(place: Scene) -> tuple[str, str, Account]:
    return f"/patents/{place.patent(9, **secret(title='机密方案金丝雀')).id}", "机密方案金丝雀", place.rival


def duties_of_owners(place: Scene) -> tuple[str, str, Account]:
    return f"/patents/{place.patent().id}", "待办期限事项", place.rival


WALLS: dict[str, tuple[Wall, Patch]] = {
    "stated products": (stated_products, lambda patch, place: _all_products(patch, place.rival_organisation.id)),
    "shares of cost": (shares_of_cost, lambda patch, _: patch.setattr(costs, "tells_figures", lambda *_: False)),
    "threats": (threats, lambda patch, _: patch.setattr(queries, "threats_visible_to", _all_threats())),
    "training places": (who_asked_for_a_place, lambda patch, _: patch.setattr(talent, "may_offer", lambda *_: YES)),
    "prices": (prices, lambda patch, _: _open_licences(patch)),
    "secret applications": (secret_applications, lambda patch, _: patch.setattr(patents, "visible_to", _all_patents())),
    "duties": (duties_of_owners, lambda patch, _: patch.setattr(register, "may_see_calendar", lambda *_: YES)),
}


def _all_products(patch: pytest.MonkeyPatch, organisation_id: int) -> None:
    seen = queries.products_of
    patch.setattr(queries, "products_of", lambda case_id, _mine: seen(case_id, [organisation_id]))


def _all_threats() -> Callable[..., Any]:
    seen = queries.threats_visible_to
    return lambda _actor: seen(Actor.system())


def _all_patents() -> Callable[..., Any]:
    seen = patents.visible_to
    return lambda _actor: seen(Actor.system())


def _open_licences(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(licences, "_visible", lambda _actor: true())
    patch.setattr(licensing, "may_see", lambda *_: YES)


@pytest.mark.parametrize("name", list(WALLS))
def test_a_competitor_never_meets_what_stands_behind_a_wall(place: Scene, sign_in: Any, name: str) -> None:
    address, canary, reader = WALLS[name][0](place)
    assert canary not in sign_in(reader).get(address).text


@pytest.mark.parametrize("name", list(WALLS))
def test_with_the_wall_down_it_is_met(place: Scene, sign_in: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The twins."""
    wall, down = WALLS[name]
    address, canary, reader = wall(place)
    down(monkeypatch, place)
    assert canary in sign_in(reader).get(address).text


def test_every_row_of_the_policy_that_hides_something_has_a_wall_here_or_beside() -> None:
    """``may_read_counsel`` and ``may_see_weights`` are in test_service, charts in test_contests and the licences' scan."""
    rows = {name for name in dir(policy) if name.startswith(("may_see", "may_read"))}
    assert rows == {
        "may_see_threat", "may_see_case", "may_read_counsel", "may_see_weights", "may_see_contest", "may_read_chart",
        "may_see_covenant",
    }  # fmt: skip
