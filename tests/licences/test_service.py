"""Licences run once both sides signed the same; royalties come in and go out by two people, to the fen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.licences import bars, jobs, journal, policy, queries, service
from marketplace.licences.models import Licence, RoyaltyEntry, RoyaltyStatement
from marketplace.licences.terms import OfferTerms, OpenTerms, RequestTerms
from marketplace.licences.workflow import FeeMode, LicenceKind, LicenceState, MoneyState, Side, StatementState
from marketplace.outbox.models import Message
from marketplace.patents.queries import today
from marketplace.patents.service import transfer_patent
from marketplace.patents.terms import ShareTerms, TransferTerms
from marketplace.patents.workflow import LegalState, PatentKind, RuleCode
from marketplace.pools import service as pools
from tests.conftest import Clock
from tests.factories import Make
from tests.licences.ends import end_together
from tests.patents.scene import number
from tests.pools.scene import Scene, scene

TERMS = OfferTerms(
    LicenceKind.ORDINARY, FeeMode.ENTRY_RUNNING, date(2026, 7, 1), date(2030, 1, 1), entry_fee=5_000_000, rate=300
)
INVENTORS = (ShareTerms("李明", 6_000), ShareTerms("王芳", 4_000))


@pytest.fixture
def place(make: Make) -> Scene:
    return scene(make)


def asked(place: Scene, **values: Any) -> Licence:
    patent = place.patent(1, inventors=INVENTORS, **values)
    terms = RequestTerms(place.rival_organisation.id, (patent.id,), "量产")
    return service.request_licence(place.make.call(place.rival), terms)


def running(place: Scene, terms: OfferTerms = TERMS, **values: Any) -> Licence:
    row = asked(place, **values)
    service.offer_terms(place.make.call(place.owner), row.id, terms)
    service.sign(place.make.call(place.rival), row.id, Side.LICENSEE)
    return service.sign(place.make.call(place.owner), row.id, Side.LICENSOR)


def paid(place: Scene, row: Licence, amount: int) -> None:
    receipt = service.propose_receipt(place.make.call(place.officer), row.id, amount, f"回单 {amount}")
    service.approve_receipt(place.make.call(place.make.officer()), receipt.id)


def test_a_licence_runs_once_both_sides_signed(place: Scene) -> None:
    row = asked(place)
    service.offer_terms(place.make.call(place.owner), row.id, TERMS)
    service.sign(place.make.call(place.rival), row.id, Side.LICENSEE)
    assert row.state is LicenceState.OFFERED
    service.sign(place.make.call(place.owner), row.id, Side.LICENSOR)
    assert row.state is LicenceState.RUNNING
    assert queries.held_by(place.rival_organisation.id) == {row.parts[0].patent_id}


def test_new_conditions_void_a_signature(place: Scene) -> None:
    row = asked(place)
    service.offer_terms(place.make.call(place.owner), row.id, TERMS)
    service.sign(place.make.call(place.rival), row.id, Side.LICENSEE)
    service.offer_terms(place.make.call(place.owner), row.id, replace(TERMS, rate=900))
    service.sign(place.make.call(place.owner), row.id, Side.LICENSOR)
    assert row.state is LicenceState.OFFERED  # the licensee never signed 9 %
    service.sign(place.make.call(place.rival), row.id, Side.LICENSEE)
    assert row.state is LicenceState.RUNNING


def test_nobody_signs_for_both_sides(place: Scene) -> None:
    row = asked(place)
    service.offer_terms(place.make.call(place.owner), row.id, TERMS)
    service.sign(place.make.call(place.rival), row.id, Side.LICENSEE)
    with pytest.raises(Forbidden):
        service.sign(place.make.call(place.rival), row.id, Side.LICENSOR)
    both = place.make.account(Role.UNIVERSITY_OWNER, organisation=place.university, person=place.rival.person)
    with pytest.raises(Forbidden, match="same_person"):
        service.sign(place.make.call(both), row.id, Side.LICENSOR)


@pytest.mark.parametrize("kind", [LicenceKind.EXCLUSIVE, LicenceKind.SOLE])
def test_an_exclusive_licence_leaves_no_room(place: Scene, kind: LicenceKind) -> None:
    first = running(place, replace(TERMS, kind=kind))
    other = place.make.enterprise(alliance=place.alliance)
    owner = place.make.owner(other)
    terms = RequestTerms(other.id, (first.parts[0].patent_id,), "x")
    second = service.request_licence(place.make.call(owner), terms)
    service.offer_terms(place.make.call(place.owner), second.id, TERMS)
    service.sign(place.make.call(owner), second.id, Side.LICENSEE)
    with pytest.raises(Conflict, match="exclusive_runs"):
        service.sign(place.make.call(place.owner), second.id, Side.LICENSOR)
    end_together(place.make, first, place.rival, place.owner)
    service.sign(place.make.call(place.owner), second.id, Side.LICENSOR)
    assert second.state is LicenceState.RUNNING


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"fee_mode": FeeMode.LUMP}, "licences.fee_missing", "lump"),
        ({"fee_mode": FeeMode.RUNNING, "rate": 0}, "licences.fee_missing", "rate"),
        ({"fee_mode": FeeMode.PAY_LATER}, "licences.fee_missing", "pay_from"),
        ({"ends_on": date(2026, 6, 30)}, "licences.term", "ends_on"),
        ({"ends_on": date(2041, 1, 1)}, "licences.beyond_patents", "ends_on"),
        ({"rate": 10_001}, "licences.rate", "rate"),
    ],
)
def test_conditions_that_make_no_sense_name_their_field(
    place: Scene, change: dict[str, Any], code: str, field: str
) -> None:
    row = asked(place)
    with pytest.raises(Invalid) as refused:
        service.offer_terms(place.make.call(place.owner), row.id, replace(TERMS, **change))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_nobody_asks_for_what_is_his_own_or_hidden(place: Scene) -> None:
    patent = place.patent()
    terms = RequestTerms(place.university.id, (patent.id,), "x")
    with pytest.raises(Conflict, match=r"licences\.own"):
        service.request_licence(place.make.call(place.owner), terms)
    secret = place.patent(2, published_on=None, granted_on=None)
    hidden = RequestTerms(place.rival_organisation.id, (secret.id,), "x")
    with pytest.raises(NotFound):
        service.request_licence(place.make.call(place.rival), hidden)


def test_a_bundle_is_taken_in_one_step_and_signed_by_the_pool(place: Scene) -> None:
    offers = [place.pooled(serial) for serial in (1, 2, 3)]
    rules = place.rules()
    call = place.make.call(place.rival)
    row = service.take_bundle(
        call, place.rival_organisation.id, place.alliance.id, [o.patent_id for o in offers], "量产"
    )
    assert row.lump == rules.entry_fee + 3 * rules.bundle_cap  # three patents cost the cap
    with pytest.raises(NotFound):  # an owner in the pool does not even see who takes a bundle
        service.sign(place.make.call(place.owner), row.id, Side.LICENSOR)
    service.sign(place.make.call(place.secretary), row.id, Side.LICENSOR)
    assert row.state is LicenceState.RUNNING


def test_leaving_the_pool_does_not_touch_a_running_licence(place: Scene) -> None:
    offer = place.pooled()
    place.rules()
    row = service.take_bundle(
        place.make.call(place.rival), place.rival_organisation.id, place.alliance.id, [offer.patent_id], "x"
    )
    service.sign(place.make.call(place.secretary), row.id, Side.LICENSOR)
    pools.leave(place.make.call(place.owner), offer.id, "战略调整")
    assert queries.held_by(place.rival_organisation.id) == {offer.patent_id}
    with pytest.raises(Invalid, match="no_patents"):
        service.take_bundle(
            place.make.call(place.rival), place.rival_organisation.id, place.alliance.id, [offer.patent_id], "x"
        )


def test_money_counts_once_a_second_person_approved_it(place: Scene) -> None:
    row = running(place)
    receipt = service.propose_receipt(place.make.call(place.officer), row.id, 5_000_000, "回单")
    alias = place.make.account(Role.FUND_MANAGER, person=place.officer.person)
    for account in (place.officer, alias):
        with pytest.raises(Forbidden, match="same_person"):
            service.approve_receipt(place.make.call(account), receipt.id)
    assert journal.held(row.id) == 0
    service.approve_receipt(place.make.call(place.make.officer()), receipt.id)
    assert journal.held(row.id) == 5_000_000
    assert queries.drifts() == []


def test_a_division_is_simulated_and_booked_exactly_so(place: Scene) -> None:
    row = running(place, inventor_share=7_000)
    paid(place, row, 1_000_001)
    simulated = service.simulate(row, 1_000_001, place.make.call(place.officer))
    division = service.propose_distribution(place.make.call(place.officer), row.id)
    assert service.sharing.lines_of(division) == simulated
    service.approve_distribution(place.make.call(place.make.officer()), division.id)
    assert (division.state, journal.held(row.id)) == (MoneyState.APPROVED, 0)
    earned = {(e.account.value, e.name): e.amount for e in queries.earned([place.university.id])}
    assert earned == {("owner", ""): 300_000, ("inventor", "李明"): 420_001, ("inventor", "王芳"): 280_000}
    assert queries.drifts() == []
    assert db.session.scalar(select(func.sum(RoyaltyEntry.amount))) == 0


def test_shares_changed_between_proposal_and_approval_void_the_division(place: Scene) -> None:
    row = running(place)
    paid(place, row, 1_000_000)
    division = service.propose_distribution(place.make.call(place.officer), row.id)
    db.session.execute(text("UPDATE patent_shares SET share = 10000 - share WHERE part = 'inventor'"))
    db.session.commit()
    db.session.expire_all()
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        service.approve_distribution(place.make.call(place.make.officer()), division.id)
    assert journal.held(row.id) == 1_000_000


def test_two_divisions_of_the_same_money_book_it_once(place: Scene) -> None:
    row = running(place)
    paid(place, row, 1_000_000)
    first = service.propose_distribution(place.make.call(place.officer), row.id)
    second = service.propose_distribution(place.make.call(place.make.officer()), row.id)
    third = place.make.officer()
    service.approve_distribution(place.make.call(third), first.id)
    with pytest.raises(Conflict, match="not_held"):
        service.approve_distribution(place.make.call(third), second.id)
    assert queries.drifts() == []


def test_the_journal_cannot_be_changed_in_sql(place: Scene) -> None:
    row = running(place)
    paid(place, row, 100)
    for statement in ("UPDATE royalty_entries SET amount = 1", "DELETE FROM royalty_transactions"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_statements_are_called_for_filed_questioned_and_accepted(place: Scene, clock: Clock) -> None:
    row = running(place)
    jobs.follow_licences(place.make.call())
    jobs.follow_licences(place.make.call())
    statement = db.session.scalars(select(RoyaltyStatement)).one()
    assert (statement.period, statement.due_on) == ("2026Q4", date(2027, 1, 30))
    licensee, licensor = place.make.call(place.rival), place.make.call(place.owner)
    with pytest.raises(Forbidden):
        service.file_statement(licensor, statement.id, 1)
    service.file_statement(licensee, statement.id, 33_333_333)
    assert statement.royalty == 999_999
    service.question_statement(licensor, statement.id, "请附销售台账")
    service.file_statement(licensee, statement.id, 40_000_000)
    service.accept_statement(licensor, statement.id)
    assert (statement.state, statement.royalty) == (StatementState.ACCEPTED, 1_200_000)
    assert row.rate == 300
    assert all("33" not in str(m.values.get("sales", "")) for m in db.session.scalars(select(Message)))


def test_a_late_statement_is_asked_for_every_week(place: Scene, clock: Clock) -> None:
    running(place)
    jobs.follow_licences(place.make.call())
    before = db.session.scalar(select(func.count()).select_from(Message)) or 0
    for _ in range(40):
        clock.advance(days=1)
        jobs.follow_licences(place.make.call())
    after = db.session.scalar(select(func.count()).select_from(Message).where(Message.template == "statement_late"))
    assert (before, after) == (1, 4)


OPEN = OpenTerms(FeeMode.LUMP, date(2035, 1, 1), lump=1_000_000)


def test_an_open_licence_is_declared_taken_and_withdrawn_without_touching_takers(place: Scene) -> None:
    patent = place.patent()
    row = service.declare_open(place.make.call(place.owner), patent.id, OPEN)
    taken = service.take_open(place.make.call(place.rival), row.id, place.rival_organisation.id)
    assert (taken.state, taken.kind, taken.lump) == (LicenceState.RUNNING, LicenceKind.OPEN, 1_000_000)
    service.withdraw_open(place.make.call(place.owner), row.id)
    assert taken.state is LicenceState.RUNNING
    late = place.make.enterprise()
    with pytest.raises(Conflict, match="open_over"):
        service.take_open(place.make.call(place.make.owner(late)), row.id, late.id)


@pytest.mark.parametrize(
    ("terms", "patch", "bar"),
    [
        (OPEN, {"state": LegalState.LAPSED}, "licences.bar_not_granted"),
        (OPEN, {"next_rule": RuleCode.ANNUITY, "next_due_on": date(2027, 1, 1)}, "licences.bar_annuity"),
        (replace(OPEN, disputed=True), {}, "licences.bar_disputed"),
        (replace(OPEN, pledged=True), {}, "licences.bar_pledged"),
        (replace(OPEN, ends_on=date(2041, 1, 1)), {}, "licences.bar_term"),
        (replace(OPEN, ends_on=date(2027, 1, 12)), {}, "licences.bar_past"),
        (replace(OPEN, lump=0), {}, "licences.bar_fee"),
        (replace(OPEN, fee_mode=FeeMode.RUNNING), {}, "licences.bar_fee"),
    ],
)
def test_each_bar_of_the_rules_stops_an_open_licence(
    place: Scene, terms: OpenTerms, patch: dict[str, Any], bar: str
) -> None:
    patent = place.patent()
    for name, value in patch.items():
        setattr(patent, name, value)
    found = bars.found(patent, terms, False, 1, date(2027, 1, 12))
    assert [one.code for one in found] == [bar]
    db.session.rollback()


def test_exclusive_licences_co_owners_and_missing_reports_are_bars_too(place: Scene) -> None:
    patent = place.patent()
    today = date(2027, 1, 12)
    assert [b.code for b in bars.found(patent, OPEN, True, 1, today)] == ["licences.bar_exclusive"]
    assert [b.code for b in bars.found(patent, OPEN, False, 2, today)] == ["licences.bar_co_owners"]
    assert bars.found(patent, replace(OPEN, consent=True), False, 2, today) == []
    model = place.patent(2, kind=PatentKind.UTILITY, number=number(2, PatentKind.UTILITY), published_on=None)
    terms = replace(OPEN, ends_on=date(2029, 1, 1))
    assert [b.code for b in bars.found(model, terms, False, 1, today)] == ["licences.bar_report"]
    assert bars.found(model, replace(terms, evaluation_report="ZLPJ1"), False, 1, today) == []


def actors(place: Scene) -> dict[str, Actor]:
    people: dict[str, Account] = {
        "licensor": place.owner,
        "licensee": place.rival,
        "other member": place.make.owner(place.make.enterprise(alliance=place.alliance)),
        "secretary": place.secretary,
        "officer": place.officer,
        "manager": place.make.account(Role.FUND_MANAGER),
        "auditor": place.make.account(Role.AUDITOR),
        "administrator": place.make.account(Role.ADMINISTRATOR),
    }
    return {name: actor_of(account) for name, account in people.items()} | {
        "visitor": Actor.visitor(),
        "system": Actor.system(),
    }


@pytest.mark.parametrize("bought_by", ["member", "somebody outside"])
def test_a_licence_goes_on_after_its_patent_was_handed_on(place: Scene, bought_by: str) -> None:
    """The seller ends nothing any more; a member that bought reads, hears the licensee and ends; the licensee stays free."""
    row = running(place)
    house = place.make.enterprise(name="买方公司")
    buyer = place.make.owner(house)
    assert not policy.may_see(actor_of(buyer), row)
    key = house.id if bought_by == "member" else None
    terms = TransferTerms(house.name, key, today(place.make.call()), asserts=False)
    transfer_patent(place.make.call(place.owner), row.parts[0].patent_id, terms)
    with pytest.raises(Conflict, match="handed_on"):
        service.end(place.make.call(place.owner), row.id, "不再许可")
    by_query = {one.id for one in db.session.scalars(queries.visible_to(actor_of(buyer)))}
    assert by_query == ({row.id} if key else set())
    assert bool(policy.may_see(actor_of(buyer), row)) is bool(key)
    assert bool(policy.may_act_for(actor_of(buyer), row, Side.LICENSOR)) is bool(key)
    assert bool(policy.may_act_for(actor_of(place.owner), row, Side.LICENSOR)) is not bool(key)
    both = (buyer, place.rival) if key else (place.rival,)  # nobody can ask who is outside
    assert end_together(place.make, row, *both).state is LicenceState.ENDED
    db.session.refresh(row)
    assert bool(policy.may_see(actor_of(buyer), row)) is bool(key)
    assert {one.id for one in db.session.scalars(queries.visible_to(actor_of(buyer)))} == ({row.id} if key else set())


def test_the_policy_and_the_query_show_every_actor_the_same_licences(place: Scene) -> None:
    running(place)
    offer = place.pooled(5)
    place.rules()
    service.take_bundle(
        place.make.call(place.rival), place.rival_organisation.id, place.alliance.id, [offer.patent_id], "x"
    )
    rows = db.session.scalars(select(Licence)).all()
    seen = {}
    for name, actor in actors(place).items():
        by_query = {row.id for row in db.session.scalars(queries.visible_to(actor))}
        assert by_query == {row.id for row in rows if policy.may_see(actor, row)}, name
        seen[name] = len(by_query)
    assert seen == {
        "licensor": 1, "licensee": 2, "other member": 0, "secretary": 1, "officer": 2, "manager": 2, "auditor": 2,
        "administrator": 0, "visitor": 0, "system": 2,
    }  # fmt: skip


def test_prices_and_sales_never_reach_another_member(place: Scene, sign_in: Any) -> None:
    """Canaries in purpose, fee and sales; a member of the same alliance meets none of them on any page of these rooms."""
    row = running(place, replace(TERMS, entry_fee=77_777_700))
    db.session.execute(update(Licence).values(purpose="金丝雀产品计划"))
    db.session.commit()
    paid(place, row, 77_777_700)
    other = sign_in(place.make.owner(place.make.enterprise(alliance=place.alliance)))
    patent = row.parts[0].patent_id
    addresses = (
        "/licences", "/royalties", "/pools", f"/pools/{place.alliance.id}", f"/patents/{patent}", f"/patents/{patent}/value",
        "/open-licences", "/",
    )  # fmt: skip
    for address in addresses:
        page = other.get(address)
        assert page.status_code == 200, address
        assert "金丝雀" not in page.text
        assert "777,77" not in page.text
    assert other.get(f"/licences/{row.id}").status_code == 404
    assert other.get(f"/patents/{patent}/pledge-sheet").status_code in {403, 404}
    assert "金丝雀" in sign_in(place.rival).get(f"/licences/{row.id}").text


def test_with_the_wall_down_the_licence_is_read(place: Scene, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy import true

    row = running(place)
    monkeypatch.setattr(queries, "_visible", lambda _actor: true())
    other = sign_in(place.make.owner(place.make.enterprise(alliance=place.alliance)))
    assert other.get(f"/licences/{row.id}").status_code == 200
