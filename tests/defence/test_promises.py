"""What covenants do when a patent changes hands, tried from every side."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select

from marketplace.accounts.models import Account
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.defence import promises, queries, service
from marketplace.defence.models import Covenant, CovenantTransfer
from marketplace.defence.terms import CovenantTerms
from marketplace.defence.workflow import CovenantKind
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.kernel.fields import Field
from marketplace.licences import service as licensing
from marketplace.licences.models import Licence
from marketplace.licences.workflow import FeeMode, LicenceState
from marketplace.organisations.models import Organisation
from marketplace.outbox.models import Message
from marketplace.patents import queries as register
from marketplace.patents import service as patents
from marketplace.patents import transfers
from marketplace.patents.models import Patent
from marketplace.patents.terms import EventTerms, ShareTerms, TransferTerms
from marketplace.patents.workflow import EventKind, SharePart
from marketplace.pools.workflow import OfferState
from tests.conftest import Clock
from tests.factories import Make
from tests.patents.scene import secret
from tests.pools.scene import Scene, scene

DAY = date(2026, 11, 2)
TROLL = TransferTerms("某主张公司", None, DAY, asserts=True)
MAKER = TransferTerms("某制造公司", None, DAY, asserts=False)


@pytest.fixture
def place(make: Make, clock: Clock) -> Scene:
    return scene(make)


def covenant(
    place: Scene, *bound: tuple[Account, Organisation], kind: CovenantKind = CovenantKind.ON_TRANSFER, field: Any = None
) -> Covenant:
    """A covenant in force that these members are bound by, the university and its rival without others named."""
    terms = CovenantTerms(kind, "转让即许可公约", "转让给只主张权利者时，其他成员即获许可。", field)
    row = service.propose_covenant(place.make.call(place.secretary), place.alliance.id, terms)
    service.enact(place.make.call(place.officer), row.id)
    for who, organisation in bound or ((place.owner, place.university), (place.rival, place.rival_organisation)):
        service.bind(place.make.call(who), row.id, organisation.id)
    return row


def sell(place: Scene, patent: Patent, terms: TransferTerms = TROLL) -> list[Licence]:
    patents.transfer_patent(place.make.call(place.owner), patent.id, terms)
    return list(db.session.scalars(select(Licence).where(Licence.irrevocable).order_by(Licence.id)))


def mails(template: str) -> list[str]:
    return sorted(db.session.scalars(select(Message.recipient).where(Message.template == template)))


def test_sold_to_one_who_only_asserts_the_bound_members_are_licensed_and_told(place: Scene) -> None:
    row, patent = covenant(place), place.patent()
    [licence] = sell(place, patent)
    assert (licence.licensor_id, licence.licensee_id) == (place.university.id, place.rival_organisation.id)
    assert (licence.state, licence.fee_mode, licence.starts_on) == (LicenceState.RUNNING, FeeMode.FREE, DAY)
    assert licence.ends_on == patent.expires_on
    [done] = queries.transfers_of(row.id)
    assert (done.buyer, done.on, done.licensed, done.sprung_at is not None) == ("某主张公司", DAY, 1, True)
    assert mails("covenant_licensed") == [place.rival.email]
    assert patent.sold_on == DAY
    assert [share.name for share in register.shares_on(patent, SharePart.OWNER, DAY)] == ["某主张公司"]
    assert register.events_of(patent.id)[-1].kind is EventKind.TRANSFER
    assert patent.next_due_on is None


def test_without_the_covenant_s_hook_nobody_would_be_licensed(place: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the licences come from the covenant and from nothing else."""
    covenant(place)
    monkeypatch.setattr(promises, "covering", lambda _patent: [])
    assert sell(place, place.patent()) == []


def test_its_licensor_cannot_end_a_promised_licence_and_its_licensee_can(place: Scene) -> None:
    covenant(place)
    [licence] = sell(place, place.patent())
    with pytest.raises(Conflict, match="irrevocable"):
        licensing.end(place.make.call(place.owner), licence.id, "不再许可")
    assert licensing.end(place.make.call(place.rival), licence.id, "不需要").state is LicenceState.ENDED


def test_sold_to_a_maker_the_covenant_waits_until_staff_bring_it_into_effect(place: Scene, clock: Clock) -> None:
    row, patent = covenant(place), place.patent()
    assert sell(place, patent, MAKER) == []
    assert mails("covenant_waits") == [place.rival.email]
    [waiting] = queries.transfers_of(row.id)
    clock.advance(days=200)
    service.unbind(place.make.call(place.rival), row.id, place.rival_organisation.id)
    for who in (place.owner, place.rival):
        with pytest.raises(Forbidden):
            service.spring(place.make.call(who), waiting.id, "已发警告信")
    done = service.spring(place.make.call(place.secretary), waiting.id, "已发警告信")
    [licence] = db.session.scalars(select(Licence).where(Licence.irrevocable))
    assert (done.licensed, licence.licensee_id, licence.starts_on) == (1, place.rival_organisation.id, DAY)
    with pytest.raises(Conflict, match="sprung"):
        service.spring(place.make.call(place.secretary), waiting.id, "再次")


def test_who_was_away_on_the_day_of_the_sale_earns_nothing_by_coming_back(place: Scene, clock: Clock) -> None:
    """And who was bound that day keeps what it earned, wherever it went since."""
    stayed = place.make.enterprise(alliance=place.alliance)
    speaker = place.make.owner(stayed)
    row = covenant(place, (place.owner, place.university), (place.rival, place.rival_organisation), (speaker, stayed))
    patent = place.patent()
    clock.advance(days=1)
    service.unbind(place.make.call(place.rival), row.id, place.rival_organisation.id)
    clock.advance(days=1)
    sell(place, patent, MAKER)
    clock.advance(days=1)
    service.bind(place.make.call(place.rival), row.id, place.rival_organisation.id)
    service.unbind(place.make.call(speaker), row.id, stayed.id)
    service.bind(place.make.call(speaker), row.id, stayed.id)
    [waiting] = queries.transfers_of(row.id)
    assert service.spring(place.make.call(place.secretary), waiting.id, "已发警告信").licensed == 1
    [licence] = db.session.scalars(select(Licence).where(Licence.irrevocable))
    assert licence.licensee_id == stayed.id


def test_a_promise_not_to_assert_follows_the_patent_to_whoever_buys_it(place: Scene) -> None:
    covenant(place, kind=CovenantKind.NON_ASSERTION, field=Field.CHEMISTRY)
    [licence] = sell(place, place.patent(1), MAKER)
    assert licence.field_of_use == "化工 / Chemistry"
    assert ("互不主张" in licence.purpose, "by the covenant" in licence.purpose) == (False, True)
    assert len(sell(place, place.patent(2, field=Field.FOOD), MAKER)) == 1


def test_between_bound_members_nothing_happens_and_the_buyer_keeps_the_patent(place: Scene) -> None:
    row, patent = covenant(place), place.patent()
    terms = TransferTerms(place.rival_organisation.name, place.rival_organisation.id, DAY, asserts=False)
    assert sell(place, patent, terms) == []
    assert queries.transfers_of(row.id) == []
    assert (patent.owner_id, patent.owner.name, patent.sold_on) == (place.rival_organisation.id, "对手公司", None)
    assert mails("patent_received") == [place.rival.email]
    with pytest.raises(Forbidden):
        patents.transfer_patent(place.make.call(place.owner), patent.id, TROLL)


def test_who_left_stays_bound_for_what_was_held_until_then_only(place: Scene, clock: Clock) -> None:
    row, before = covenant(place), place.patent(1)
    service.unbind(place.make.call(place.owner), row.id, place.university.id)
    clock.advance(days=30)
    later = place.patent(2, filed_on=date(2027, 1, 20), published_on=date(2027, 2, 1), granted_on=None)
    day = register.today(place.make.call())
    sold = TransferTerms("某主张公司", None, day, asserts=True)
    assert len(sell(place, before, sold)) == 1
    assert len(sell(place, later, sold)) == 1


def test_who_was_not_bound_on_the_day_gets_nothing(place: Scene) -> None:
    third = place.make.enterprise(alliance=place.alliance)
    covenant(place, (place.owner, place.university), (place.make.owner(third), third))
    assert [one.licensee_id for one in sell(place, place.patent())] == [third.id]


def test_a_stranger_among_the_owners_calls_the_covenant_as_well(place: Scene) -> None:
    row, patent = covenant(place), place.patent()
    call = place.make.call(place.owner)
    all_of_them = [
        ShareTerms("东江大学", 6000, place.university.id),
        ShareTerms("某公司", 3000),
        ShareTerms("另一家", 1000),
    ]
    patents.set_shares(call, patent.id, SharePart.OWNER, all_of_them, DAY)
    assert [(one.buyer, one.sprung_at) for one in queries.transfers_of(row.id)] == [("另一家", None), ("某公司", None)]
    told = db.session.scalars(select(AuditRecord).where(AuditRecord.command == "patents.set_shares")).one()
    assert told.detail["covenants_waiting"] == 2
    with pytest.raises(Conflict, match="owner_leaves"):
        patents.set_shares(call, patent.id, SharePart.OWNER, [ShareTerms("某公司", 10_000)], DAY)


@pytest.mark.parametrize("terms", [TROLL, MAKER])
def test_the_centre_takes_back_a_sale_entered_by_mistake_and_enters_the_right_one(
    place: Scene, terms: TransferTerms
) -> None:
    row, patent = covenant(place), place.patent()
    due = patent.next_due_on
    given = sell(place, patent, terms)
    call = place.make.call(place.officer)
    with pytest.raises(Conflict, match="take_back_first"):
        patents.transfer_patent(call, patent.id, MAKER)
    back = TransferTerms("东江大学", place.university.id, DAY, asserts=False)
    with pytest.raises(Forbidden, match="sold"):
        patents.transfer_patent(place.make.call(place.owner), patent.id, back)
    patents.transfer_patent(call, patent.id, back)
    assert (patent.sold_on, patent.owner_id, patent.next_due_on) == (None, place.university.id, due)
    owners = register.shares_on(patent, SharePart.OWNER, DAY)
    assert [(one.organisation_id, one.share) for one in owners] == [(place.university.id, 10_000)]
    assert [done.licensed for done in queries.transfers_of(row.id)] == [1] * len(given)
    right = TransferTerms("另一家主张公司", None, date(2026, 10, 1), asserts=True)
    assert len(sell(place, patent, right)) == 1
    assert patent.sold_on == right.on


def test_the_page_of_a_sold_patent_tells_the_centre_how_to_take_the_sale_back(place: Scene, sign_in: Any) -> None:
    covenant(place)
    patent = place.patent()
    sell(place, patent, MAKER)
    centre, way = sign_in(place.officer), f"/patents/{patent.id}/transfer"
    assert way in centre.get(f"/patents/{patent.id}").text
    assert "请以“东江大学”为受让人登记" in centre.get(way).text
    wrong = centre.post(way, data={"buyer": "某公司", "on": DAY.isoformat()})
    assert (wrong.status_code, "请先以原管理单位为受让人登记" in wrong.text) == (422, True)
    assert centre.post(way, data={"buyer": "东江大学", "on": DAY.isoformat()}).status_code == 303
    db.session.refresh(patent)
    assert patent.sold_on is None


def test_two_covenants_license_a_member_once(place: Scene) -> None:
    rows = [covenant(place), covenant(place)]
    assert len(sell(place, place.patent())) == 1
    assert [queries.transfers_of(row.id)[0].licensed for row in rows] == [1, 0]


def test_the_centre_corrects_the_owners_of_what_was_sold_without_calling_a_covenant(place: Scene) -> None:
    row, patent = covenant(place), place.patent()
    sell(place, patent)
    right = [ShareTerms("某主张股份公司", 10_000)]
    patents.set_shares(place.make.call(place.officer), patent.id, SharePart.OWNER, right, DAY)
    assert [share.name for share in register.shares_on(patent, SharePart.OWNER, DAY)] == ["某主张股份公司"]
    assert len(queries.transfers_of(row.id)) == 1
    with pytest.raises(Forbidden, match="sold"):
        patents.set_shares(place.make.call(place.owner), patent.id, SharePart.OWNER, right, DAY)


def test_a_secret_application_stays_secret_and_its_covenant_waits(place: Scene, sign_in: Any) -> None:
    row, patent = covenant(place), place.patent(9, **secret(title="机密方案金丝雀"))
    assert sell(place, patent) == []
    values = db.session.scalars(select(Message).where(Message.template == "covenant_secret")).one().values
    assert patent.number not in str(values)
    page = sign_in(place.rival).get(f"/defence/covenants/{row.id}").text
    assert "某主张公司" in page
    assert "待申请公开" in page
    assert "并非只主张权利" not in page
    assert "机密方案金丝雀" not in page
    assert patent.number not in page
    [waiting] = queries.transfers_of(row.id)
    staff = sign_in(place.secretary)
    assert f"/defence/covenant-transfers/{waiting.id}/spring" not in staff.get(f"/defence/covenants/{row.id}").text
    refused = staff.post(f"/defence/covenant-transfers/{waiting.id}/spring", data={"reason": "已发警告信"})
    assert (refused.status_code, "仍在保密" in refused.text) == (422, True)
    assert db.session.scalars(select(Licence)).all() == []


def test_without_that_refusal_competitors_would_read_the_secret(
    place: Scene, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    row, patent = covenant(place), place.patent(9, **secret(title="机密方案金丝雀"))
    sell(place, patent)
    [waiting] = queries.transfers_of(row.id)
    with monkeypatch.context() as off:
        off.setattr(Patent, "is_public", True)
        service.spring(place.make.call(place.secretary), waiting.id, "已发警告信")
    [licence] = db.session.scalars(select(Licence))
    assert "机密方案金丝雀" in sign_in(place.rival).get(f"/licences/{licence.id}").text


@pytest.mark.parametrize(
    ("kind", "terms", "licensed"),
    [
        (CovenantKind.ON_TRANSFER, TROLL, 1),
        (CovenantKind.NON_ASSERTION, MAKER, 1),
        (CovenantKind.ON_TRANSFER, MAKER, 0),
    ],
)
def test_what_waited_for_the_publication_takes_effect_on_that_day(
    place: Scene, kind: CovenantKind, terms: TransferTerms, licensed: int
) -> None:
    row, patent = covenant(place, kind=kind, field=Field.CHEMISTRY), place.patent(9, **secret())
    assert sell(place, patent, terms) == []
    assert len(mails("covenant_secret")) == licensed
    assert len(mails("covenant_waits")) == 1 - licensed
    patents.record_event(place.make.call(place.owner), patent.id, EventTerms(EventKind.PUBLISH, DAY))
    found = db.session.scalars(select(Licence)).all()
    assert [(one.licensee_id, one.starts_on) for one in found] == [(place.rival_organisation.id, DAY)] * licensed
    assert len(mails("covenant_licensed")) == licensed
    [done] = queries.transfers_of(row.id)
    assert (done.licensed, done.sprung_at is not None) == (licensed, bool(licensed))
    told = db.session.scalars(select(AuditRecord).where(AuditRecord.command == "patents.event")).one()
    assert told.detail.get("covenant_licences", 0) == licensed


def test_without_the_hook_on_the_publication_the_promise_would_never_be_kept(
    place: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    monkeypatch.setattr(transfers, "_DISCLOSED", [])
    covenant(place)
    patent = place.patent(9, **secret())
    sell(place, patent)
    patents.record_event(place.make.call(place.owner), patent.id, EventTerms(EventKind.PUBLISH, DAY))
    assert db.session.scalars(select(Licence)).all() == []


def test_who_sold_a_secret_application_notes_its_publication_and_nothing_else(place: Scene, sign_in: Any) -> None:
    patent = place.patent(9, **secret())
    sell(place, patent)
    with pytest.raises(Forbidden, match="sold"):
        patents.record_event(place.make.call(place.owner), patent.id, EventTerms(EventKind.WITHDRAW, DAY, "撤回"))
    seller = sign_in(place.owner)
    assert f"/patents/{patent.id}/events/new" in seller.get(f"/patents/{patent.id}").text
    form = seller.get(f"/patents/{patent.id}/events/new").text
    assert [f'value="{kind}"' in form for kind in ("publish", "grant", "withdraw", "office_action")] == [
        True, True, False, False,
    ]  # fmt: skip
    sent = seller.post(f"/patents/{patent.id}/events", data={"kind": "publish", "on": DAY.isoformat()})
    db.session.refresh(patent)
    assert (sent.status_code, patent.published_on) == (303, DAY)
    assert f"/patents/{patent.id}/events/new" not in seller.get(f"/patents/{patent.id}").text
    assert seller.get(f"/patents/{patent.id}/events/new").status_code == 403


def test_a_transfer_is_locked_before_it_is_brought_into_effect(place: Scene) -> None:
    """Two of the staff at once would license everybody twice."""
    row, patent = covenant(place), place.patent()
    sell(place, patent, MAKER)
    [waiting] = queries.transfers_of(row.id)
    locked: list[bool] = []

    def look(state: Any) -> None:
        if "covenant_transfers" in str(state.statement):
            locked.append(state.statement._for_update_arg is not None)

    event.listen(db.session, "do_orm_execute", look)
    try:
        service.spring(place.make.call(place.secretary), waiting.id, "已发警告信")
    finally:
        event.remove(db.session, "do_orm_execute", look)
    assert locked[0]


def test_a_sold_patent_leaves_the_pool_and_its_open_licence_ends(place: Scene) -> None:
    offer = place.pooled(1)
    sell(place, offer.patent)
    assert (offer.state, offer.left_at is not None) == (OfferState.LEFT, True)
    with pytest.raises(Forbidden, match="sold"):
        patents.transfer_patent(place.make.call(place.owner), offer.patent_id, MAKER)
    stays = place.pooled(2)
    member = TransferTerms(place.rival_organisation.name, place.rival_organisation.id, DAY, asserts=False)
    sell(place, stays.patent, member)
    assert stays.state is OfferState.ADMITTED


@pytest.mark.parametrize(
    ("terms", "error", "code"),
    [
        (TransferTerms("东江大学", -1, DAY, asserts=False), Invalid, "own_buyer"),
        (TransferTerms("某公司", None, date(2027, 12, 1), asserts=False), Invalid, "future"),
        (TransferTerms("某公司", None, date(2019, 1, 1), asserts=False), Conflict, "shares_day"),
    ],
)
def test_wrong_transfers_are_refused(place: Scene, terms: TransferTerms, error: type[Exception], code: str) -> None:
    patent = place.patent()
    if terms.buyer_id == -1:
        terms = TransferTerms(terms.buyer, place.university.id, terms.on, asserts=False)
    with pytest.raises(error, match=code):
        patents.transfer_patent(place.make.call(place.owner), patent.id, terms)


def test_the_pages_show_what_a_transfer_would_do_and_did(place: Scene, sign_in: Any) -> None:
    row, patent = covenant(place), place.patent()
    seller, member = sign_in(place.owner), sign_in(place.rival)
    assert "转让即许可公约" in seller.get(f"/patents/{patent.id}/transfer").text
    assert "转让即许可公约" not in sign_in(place.make.owner(place.make.enterprise())).get(f"/patents/{patent.id}").text
    wrong = seller.post(f"/patents/{patent.id}/transfer", data={"buyer": "某公司", "on": "2031-01-01"})
    assert wrong.status_code == 422
    assert "某公司" in wrong.text
    typed = {"buyer": "某公司", "on": DAY.isoformat(), "taken": ":某公司"}
    assert seller.post(f"/patents/{patent.id}/transfer", data=typed).status_code == 422
    assert seller.post(f"/patents/{patent.id}/transfer", data={**typed, "outside": "y"}).status_code == 303
    waiting = db.session.scalars(select(CovenantTransfer)).one()
    assert f"/defence/covenant-transfers/{waiting.id}/spring" not in member.get(f"/defence/covenants/{row.id}").text
    staff = sign_in(place.secretary)
    assert f"/defence/covenant-transfers/{waiting.id}/spring" in staff.get(f"/defence/covenants/{row.id}").text
    assert staff.get(f"/defence/covenant-transfers/{waiting.id}/spring").status_code == 200
    done = staff.post(f"/defence/covenant-transfers/{waiting.id}/spring", data={"reason": "已发警告信"})
    assert done.status_code == 303
    licence = db.session.scalars(select(Licence).where(Licence.irrevocable)).one()
    assert member.get(f"/licences/{licence.id}").status_code == 200
    assert f"/licences/{licence.id}/end" not in seller.get(f"/licences/{licence.id}").text
