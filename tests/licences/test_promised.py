"""What becomes of licences that do not run yet, and of promised ones beside exclusive ones, when a patent is sold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from marketplace.db.base import db
from marketplace.kernel.errors import Refused
from marketplace.licences import promised, queries, service
from marketplace.licences.models import Licence
from marketplace.licences.terms import OfferTerms, RequestTerms
from marketplace.licences.workflow import FeeMode, LicenceKind, LicenceState, Side
from marketplace.patents import service as patents
from marketplace.patents import transfers
from marketplace.patents.models import Patent
from marketplace.patents.terms import TransferTerms
from marketplace.patents.transfers import CHANGED_HANDS
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
