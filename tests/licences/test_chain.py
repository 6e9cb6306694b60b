"""Sub-licences rest on a licence that allows them and end with it; the chain tells each reader no more than is theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.licences import chain, policy, queries, service
from marketplace.licences.models import Licence
from marketplace.licences.terms import OfferTerms, RequestTerms
from marketplace.licences.workflow import FeeMode, LicenceKind, LicenceState, Side
from marketplace.organisations.models import Organisation
from tests.factories import Make
from tests.licences.ends import end_together
from tests.pools.scene import Scene, scene

HEAD = OfferTerms(
    LicenceKind.EXCLUSIVE, FeeMode.LUMP, date(2027, 1, 1), date(2030, 1, 1), lump=9_000_000, may_sublicense=True
)
BELOW = OfferTerms(LicenceKind.ORDINARY, FeeMode.LUMP, date(2027, 2, 1), date(2029, 1, 1), lump=77_777_700)


@dataclass
class Place:
    """``scene.owner`` licensed ``head`` to ``scene.rival``; ``supplier`` may get a sub-licence."""

    scene: Scene
    head: Licence
    supplier: Organisation
    taker: Account

    def opened(self) -> Licence:
        return service.sublicense(self.scene.make.call(self.scene.rival), self.head.id, "下游供应商", "代工")

    def running(self) -> Licence:
        row = self.opened()
        service.offer_terms(self.scene.make.call(self.scene.rival), row.id, BELOW)
        service.sign(self.scene.make.call(self.scene.rival), row.id, Side.LICENSOR)
        return service.sign(self.scene.make.call(self.taker), row.id, Side.LICENSEE)


@pytest.fixture
def place(make: Make) -> Place:
    here = scene(make)
    terms = RequestTerms(here.rival_organisation.id, (here.patent().id,), "量产")
    head = service.request_licence(make.call(here.rival), terms)
    service.offer_terms(make.call(here.owner), head.id, HEAD)
    service.sign(make.call(here.rival), head.id, Side.LICENSEE)
    service.sign(make.call(here.owner), head.id, Side.LICENSOR)
    supplier = make.enterprise(name="下游供应商")
    return Place(here, head, supplier, make.owner(supplier))


def test_a_sublicence_runs_under_an_exclusive_licence_and_ends_with_it(place: Place) -> None:
    row = place.running()
    assert (row.state, row.rests_on_id) == (LicenceState.RUNNING, place.head.id)
    assert queries.held_by(place.supplier.id) == {part.patent_id for part in place.head.parts}
    end_together(place.scene.make, place.head, place.scene.rival, place.scene.owner)
    assert (row.state, queries.held_by(place.supplier.id)) == (LicenceState.ENDED, set())
    assert place.head.reference in row.reason


def test_without_leave_nobody_sublicenses(place: Place) -> None:
    db.session.get_one(Licence, place.head.id).may_sublicense = False
    db.session.commit()
    with pytest.raises(Forbidden, match="no_leave"):
        place.opened()


def test_only_the_licensee_sublicenses(place: Place) -> None:
    for account, error in ((place.scene.owner, Forbidden), (place.taker, NotFound)):
        with pytest.raises(error):
            service.sublicense(place.scene.make.call(account), place.head.id, "下游供应商", "x")


@pytest.mark.parametrize(("name", "code"), [("没有这家", "unknown_licensee"), ("对手公司", r"licences\.own")])
def test_a_sublicensee_is_a_verified_organisation_outside_the_licence(place: Place, name: str, code: str) -> None:
    with pytest.raises((Invalid, Conflict), match=code):
        service.sublicense(place.scene.make.call(place.scene.rival), place.head.id, name, "x")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": LicenceKind.SOLE}, "licences.sub_ordinary"),
        ({"may_sublicense": True}, "licences.sub_ordinary"),
        ({"starts_on": date(2026, 12, 31)}, "licences.sub_start"),
        ({"ends_on": date(2030, 1, 2)}, "licences.sub_term"),
    ],
)
def test_a_sublicence_is_never_wider_than_what_it_rests_on(place: Place, change: dict[str, Any], code: str) -> None:
    row = place.opened()
    with pytest.raises(Invalid) as refused:
        service.offer_terms(place.scene.make.call(place.scene.rival), row.id, replace(BELOW, **change))
    assert refused.value.code == code


def test_a_sublicence_may_begin_with_what_it_rests_on_and_the_page_names_an_earlier_day(
    place: Place, sign_in: Any
) -> None:
    row, call = place.opened(), place.scene.make.call(place.scene.rival)
    assert service.offer_terms(call, row.id, replace(BELOW, starts_on=HEAD.starts_on)).starts_on == HEAD.starts_on
    data = {"kind": "ordinary", "fee_mode": "free", "starts_on": "2026-12-31", "ends_on": "2029-01-01"}
    page = sign_in(place.scene.rival, "en").post(f"/licences/{row.id}/terms", data=data)
    assert page.status_code == 422
    assert "a sub-licence cannot begin before it" in page.text
    assert "2026-12-31" in page.text


def test_nobody_signs_a_sublicence_whose_support_is_gone(place: Place) -> None:
    row = place.opened()
    service.offer_terms(place.scene.make.call(place.scene.rival), row.id, BELOW)
    service.sign(place.scene.make.call(place.scene.rival), row.id, Side.LICENSOR)
    end_together(place.scene.make, place.head, place.scene.owner, place.scene.rival)
    with pytest.raises(Conflict, match="rests_on_nothing"):
        service.sign(place.scene.make.call(place.taker), row.id, Side.LICENSEE)


def test_owners_get_nothing_of_a_sublicence_s_fees_by_the_journal(place: Place) -> None:
    row = place.running()
    with pytest.raises(Conflict, match="sub_money"):
        service.propose_receipt(place.scene.make.call(place.scene.officer), row.id, 100, "回单")


def test_a_pool_gives_no_leave_to_sublicense(place: Place) -> None:
    offer = place.scene.pooled(7)
    place.scene.rules()
    call = place.scene.make.call(place.scene.rival)
    row = service.take_bundle(call, place.scene.rival_organisation.id, place.scene.alliance.id, [offer.patent_id], "x")
    with pytest.raises(Invalid, match="pool_no_leave"):
        service.offer_terms(place.scene.make.call(place.scene.secretary), row.id, replace(BELOW, may_sublicense=True))


def links(place: Place, account: Account) -> list[tuple[int, bool]]:
    call = place.scene.make.call(account)
    return [(link.depth, link.opens) for link in chain.chain_of(call, place.head.parts[0].patent).links]


def test_each_reader_sees_of_the_chain_what_is_theirs(place: Place) -> None:
    place.running()
    stranger = place.scene.make.owner(place.scene.make.enterprise(alliance=place.scene.alliance))
    assert links(place, place.scene.owner) == [(0, True), (1, False)]
    assert links(place, place.scene.rival) == [(0, True), (1, True)]
    assert links(place, place.taker) == [(0, True)]
    assert links(place, place.scene.officer) == [(0, True), (1, True)]
    assert links(place, stranger) == []


def test_an_owner_reads_of_its_pool_s_licences_only_how_many_there_are(place: Place) -> None:
    offer = place.scene.pooled(7)
    place.scene.rules()
    call = place.scene.make.call(place.scene.rival)
    row = service.take_bundle(call, place.scene.rival_organisation.id, place.scene.alliance.id, [offer.patent_id], "x")
    service.sign(place.scene.make.call(place.scene.secretary), row.id, Side.LICENSOR)
    found = chain.chain_of(place.scene.make.call(place.scene.owner), offer.patent)
    assert (found.links, found.bundles) == ((), 1)


def test_what_a_sublicensee_pays_never_reaches_the_owner(place: Place, sign_in: Any) -> None:
    row = place.running()
    owner = sign_in(place.scene.owner)
    card = owner.get(f"/patents/{row.parts[0].patent_id}").text
    assert "下游供应商" in card
    for address in (f"/patents/{row.parts[0].patent_id}", f"/licences/{place.head.id}", "/licences", "/royalties"):
        assert "777,77" not in owner.get(address).text
    assert owner.get(f"/licences/{row.id}").status_code == 404
    assert "777,77" in sign_in(place.taker).get(f"/licences/{row.id}").text


def test_with_the_wall_down_the_owner_opens_the_sublicence(
    place: Place, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import true

    from marketplace.kernel.policy import YES

    row = place.running()
    monkeypatch.setattr(queries, "_visible", lambda _actor: true())
    monkeypatch.setattr(policy, "may_see", lambda _actor, _licence: YES)
    assert "777,77" in sign_in(place.scene.owner).get(f"/licences/{row.id}").text


def test_a_sublicence_is_given_on_the_pages(place: Place, sign_in: Any) -> None:
    licensee = sign_in(place.scene.rival)
    assert f"/licences/{place.head.id}/sublicence" in licensee.get(f"/licences/{place.head.id}").text
    form = {"licensee": "没有这家", "purpose": "代工"}
    refused = licensee.post(f"/licences/{place.head.id}/sublicence", data=form)
    assert refused.status_code == 422
    assert "没有名称完全一致" in refused.text
    assert "代工" in refused.text
    given = licensee.post(f"/licences/{place.head.id}/sublicence", data={**form, "licensee": "下游供应商"})
    assert given.status_code == 303
    page = licensee.get(given.headers["Location"])
    assert page.status_code == 200
    assert "may_sublicense" not in page.text
