"""What becomes of licences when a patent is sold: asked for, running, promised, of several owners; and when their term ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Refused
from marketplace.licences import jobs, policy, promised, queries, service, tasks, wishes
from marketplace.licences.models import Licence
from marketplace.licences.terms import OfferTerms, RequestTerms
from marketplace.licences.workflow import FeeMode, LicenceKind, LicenceState, Side
from marketplace.outbox.models import Message
from marketplace.patents import service as patents
from marketplace.patents import transfers
from marketplace.patents.models import Patent
from marketplace.patents.terms import TransferTerms
from marketplace.patents.transfers import CHANGED_HANDS
from tests.conftest import Clock
from tests.factories import Make
from tests.pools.scene import Scene, scene

DAY = date(2026, 11, 2)
TERMS = OfferTerms(LicenceKind.ORDINARY, FeeMode.LUMP, date(2026, 7, 1), date(2030, 1, 1), lump=5_000_000)


@pytest.fixture
def place(make: Make) -> Scene:
    return scene(make)


def offered(place: Scene, patent: Patent, terms: OfferTerms = TERMS) -> Licence:
    asked = RequestTerms(place.rival_organisation.id, (patent.id,), "量产")
    row = service.request_licence(place.make.call(place.rival), asked)
    return service.offer_terms(place.make.call(place.owner), row.id, terms)


def running(place: Scene, patent: Patent, terms: OfferTerms = TERMS) -> Licence:
    row = offered(place, patent, terms)
    service.sign(place.make.call(place.rival), row.id, Side.LICENSEE)
    return service.sign(place.make.call(place.owner), row.id, Side.LICENSOR)


def sell(place: Scene, patent: Patent, buyer: TransferTerms | None = None) -> None:
    terms = buyer or TransferTerms("某主张公司", None, DAY, asserts=True)
    patents.transfer_patent(place.make.call(place.owner), patent.id, terms)


def sign_both(place: Scene, row: Licence) -> None:
    service.sign(place.make.call(place.owner), row.id, Side.LICENSOR)
    service.sign(place.make.call(place.rival), row.id, Side.LICENSEE)


def test_what_was_offered_cannot_be_signed_once_the_patent_was_sold(place: Scene) -> None:
    sold, kept = place.patent(1), place.patent(2)
    row, runs, other = offered(place, sold), running(place, kept), offered(place, kept)
    asked = service.request_licence(
        place.make.call(place.rival), RequestTerms(place.rival_organisation.id, (sold.id, kept.id), "量产")
    )
    sell(place, sold)
    assert [one.state for one in (row, asked, runs, other)] == [
        LicenceState.DECLINED, LicenceState.DECLINED, LicenceState.RUNNING, LicenceState.OFFERED,
    ]  # fmt: skip
    assert row.reason == CHANGED_HANDS
    with pytest.raises(Refused):
        sign_both(place, row)


def test_without_the_hook_the_seller_would_license_what_it_sold(place: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    others = [hook for hook in transfers._HOOKS if hook is not promised.turn_down_requests]
    monkeypatch.setattr(transfers, "_HOOKS", others)
    patent = place.patent()
    row = offered(place, patent)
    sell(place, patent)
    sign_both(place, row)
    assert row.state is LicenceState.RUNNING


@pytest.mark.parametrize(("inside", "state"), [(True, LicenceState.REQUESTED), (False, LicenceState.DECLINED)])
def test_a_pool_s_requests_end_only_when_the_patent_leaves_the_pool(
    place: Scene, inside: bool, state: LicenceState
) -> None:
    offer = place.pooled(1)
    third = place.make.enterprise()
    terms = RequestTerms(third.id, (offer.patent_id,), "量产", place.alliance.id)
    row = service.request_licence(place.make.call(place.make.owner(third)), terms)
    member = TransferTerms("对手公司", place.rival_organisation.id, DAY, asserts=False)
    sell(place, offer.patent, member if inside else None)
    assert row.state is state


def promise(place: Scene, patent: Patent, licensee_id: int) -> Licence | None:
    return promised.grant_promised(place.make.call(), patent, place.university.id, licensee_id, "依公约", "", DAY)


def test_who_has_a_promised_licence_gets_no_second_one_and_who_pays_for_one_gets_it(place: Scene) -> None:
    patent = place.patent()
    running(place, patent)
    assert promise(place, patent, place.rival_organisation.id) is not None
    assert promise(place, patent, place.rival_organisation.id) is None
    assert db.session.query(Licence).where(Licence.irrevocable).count() == 1
    db.session.rollback()


@pytest.mark.parametrize("kind", queries.EXCLUSIVE)
def test_a_promised_licence_waits_behind_somebody_s_exclusive_one_and_says_so(place: Scene, kind: LicenceKind) -> None:
    patent, third = place.patent(), place.make.enterprise()
    first = running(place, patent, replace(TERMS, kind=kind))
    row = promise(place, patent, third.id)
    assert row is not None
    assert promised.BEHIND in row.purpose
    assert queries.held_by(third.id) == set()
    assert queries.held_by(place.rival_organisation.id) == {patent.id}
    first.state, first.ended_at = LicenceState.ENDED, row.started_at
    db.session.flush()
    assert queries.held_by(third.id) == {patent.id}
    own = db.session.scalars(select(Licence).where(Licence.irrevocable)).one()
    assert own.ends_on == patent.expires_on
    db.session.rollback()


@pytest.fixture
def shared(place: Scene) -> tuple[Licence, Account]:
    """A running licence of two patents, one of which a member bought, and that member's owner."""
    sold, kept = place.patent(1), place.patent(2)
    asked = RequestTerms(place.rival_organisation.id, (sold.id, kept.id), "量产")
    row = service.request_licence(place.make.call(place.rival), asked)
    service.offer_terms(place.make.call(place.owner), row.id, TERMS)
    sign_both(place, row)
    buyer = place.make.enterprise(name="买方公司")
    sell(place, sold, TransferTerms(buyer.name, buyer.id, DAY, asserts=False))
    return row, place.make.owner(buyer)


def test_both_owners_of_a_licence_stand_for_its_licensor(place: Scene, shared: tuple[Licence, Account]) -> None:
    row, buyer = shared
    for account in (place.owner, buyer):
        assert policy.may_act_for(actor_of(account), row, Side.LICENSOR)
        assert policy.may_see(actor_of(account), row)
    assert wishes.ends_asked(row)[Side.LICENSOR] == dict.fromkeys(policy.keepers(row))


@pytest.mark.parametrize("first", ["seller", "buyer"])
def test_owners_of_several_patents_end_their_licence_only_together(
    place: Scene, shared: tuple[Licence, Account], first: str
) -> None:
    row, buyer = shared
    one, other = (place.owner, buyer) if first == "seller" else (buyer, place.owner)
    assert service.end(place.make.call(one), row.id, "欠费").state is LicenceState.RUNNING
    assert service.end(place.make.call(one), row.id, "欠费").state is LicenceState.RUNNING
    told = {mail.recipient for mail in db.session.scalars(select(Message)) if mail.template == "licence_end_asked"}
    assert told == {other.email}
    waits = [{task.subject for task in tasks.waiting_for(place.make.call(account))} for account in (one, other)]
    assert waits == [set(), {row.reference}]
    assert service.end(place.make.call(other), row.id, "欠费").state is LicenceState.RUNNING
    assert service.end(place.make.call(place.rival), row.id, "同意").state is LicenceState.ENDED


def test_without_the_rule_one_owner_would_end_it_for_the_other(
    place: Scene, shared: tuple[Licence, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    monkeypatch.setattr(wishes, "ends_asked", lambda _row: {})
    assert service.end(place.make.call(place.owner), shared[0].id, "欠费").state is LicenceState.ENDED


def test_the_licensee_needs_each_of_several_owners(place: Scene, shared: tuple[Licence, Account]) -> None:
    row, buyer = shared
    for account, state in ((place.rival, "running"), (buyer, "running"), (place.owner, "ended")):
        assert service.end(place.make.call(account), row.id, "停产").state.value == state


def test_beside_an_owner_outside_nobody_ends_a_licence_early(place: Scene, sign_in: Any) -> None:
    sold, kept = place.patent(1), place.patent(2)
    asked = RequestTerms(place.rival_organisation.id, (sold.id, kept.id), "量产")
    row = service.request_licence(place.make.call(place.rival), asked)
    service.offer_terms(place.make.call(place.owner), row.id, TERMS)
    sign_both(place, row)
    sell(place, sold)
    with pytest.raises(Conflict, match="owner_outside"):
        service.end(place.make.call(place.owner), row.id, "欠费")
    page = sign_in(place.owner).get(f"/licences/{row.id}").text
    assert "登记簿之外" in page
    assert f"/licences/{row.id}/end" not in page


def test_the_pages_say_who_has_asked_for_the_end(place: Scene, shared: tuple[Licence, Account], sign_in: Any) -> None:
    row, buyer = shared
    page, seller = f"/licences/{row.id}", sign_in(place.owner)
    assert f"{page}/end" in seller.get(page).text
    told = seller.post(f"{page}/end", data={"reason": "欠费未付"}, follow_redirects=True).text
    assert "已记录" in told
    assert f"{page}/end" not in told
    assert "已请求终止" in sign_in(buyer).get(page).text
    assert f"{page}/end" in sign_in(buyer).get(page).text


def test_a_licence_ends_with_its_term_and_its_last_quarter_is_still_asked_for(place: Scene, clock: Clock) -> None:
    terms = replace(TERMS, fee_mode=FeeMode.RUNNING, lump=0, rate=300, ends_on=date(2027, 2, 20))
    row, lasts = running(place, place.patent(1), terms), running(place, place.patent(2))
    with pytest.raises(Conflict, match="term_runs"):
        service.end_of_term(place.make.call(), row.id)
    clock.now = datetime(2027, 2, 21, 2, tzinfo=UTC)
    jobs.follow_licences(place.make.call())
    assert (row.state, lasts.state) == (LicenceState.ENDED, LicenceState.RUNNING)
    assert not queries.held_by(place.rival_organisation.id) & {part.patent_id for part in row.parts}
    clock.now = datetime(2027, 4, 2, 2, tzinfo=UTC)
    jobs.follow_licences(place.make.call())
    assert "2027Q1" in {one.period for one in queries.statements_of(row.id)}
    clock.now = datetime(2027, 7, 2, 2, tzinfo=UTC)
    jobs.follow_licences(place.make.call())
    assert "2027Q2" not in {one.period for one in queries.statements_of(row.id)}
