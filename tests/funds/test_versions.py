"""Rules change in versions: by two people, from a day on, and everybody reads what they break beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.accounts.models import Account
from marketplace.audit import verify
from marketplace.db.base import db
from marketplace.funds import jobs, ledger, queries, service
from marketplace.funds.models import Fund, FundRules
from marketplace.funds.service.rules import fingerprint
from marketplace.funds.terms import FundTerms
from marketplace.funds.versions import changes, plain, plain_of, terms_of
from marketplace.funds.workflow import FundKind, FundState, Guarantee, Instrument, Movement
from marketplace.funds.workflow import RulesState as R
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, Stale
from marketplace.web.filters import CITY
from tests.conftest import START, Clock
from tests.factories import Make

TERMS = FundTerms(code="DE-2027", name="数字经济联盟创新资金", kind=FundKind.ALLIANCE, public=False)
LOAN = FundTerms(
    code="DK-1", name="质押贷款", kind=FundKind.LOAN, public=False, rate=420, term_months=36, loss_split=(54, 26, 16, 4),
    guarantee=Guarantee.IP_PLEDGE, industries=("C39",), years=(2027,), valid_to=date(2027, 12, 31),
)  # fmt: skip
TODAY = START.astimezone(CITY).date()


@pytest.fixture
def manager(make: Make) -> Account:
    return make.account(Role.FUND_MANAGER)


@pytest.fixture
def fund(make: Make, manager: Account) -> Fund:
    """An open fund whose first version two people stand behind."""
    fund = service.create_fund(make.call(manager), TERMS)
    approve(make, queries.pending(fund.id))
    return service.open_fund(make.call(manager), fund.id)


def approve(make: Make, row: FundRules | None, account: Account | None = None) -> FundRules:
    assert row is not None
    return service.approve_rules(make.call(account or make.officer()), row.id, fingerprint(row))


def propose(make: Make, manager: Account, fund: Fund, day: date = TODAY, **values: object) -> FundRules:
    return service.propose_rules(
        make.call(manager), fund.id, replace(TERMS, **values), day, "", fund.version  # type: ignore[arg-type]
    )  # fmt: skip


def test_rules_hold_once_a_different_person_approved_exactly_them(make: Make, manager: Account, fund: Fund) -> None:
    row = propose(make, manager, fund, share_max=3000)
    assert (row.number, row.state, fund.share_max) == (2, R.PROPOSED, None)
    alias = make.account(Role.CENTRE_OFFICER, person=manager.person)
    for same in (manager, alias):
        with pytest.raises(Forbidden, match="same_person"):
            approve(make, row, same)
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        service.approve_rules(make.call(make.officer()), row.id, "what somebody else saw")
    approve(make, row)
    assert (row.state, fund.share_max) == (R.IN_FORCE, 3000)
    assert [(v.number, v.state) for v in queries.versions(fund.id)] == [(2, R.IN_FORCE), (1, R.REPLACED)]
    assert [*verify.ledger(), *verify.four_eyes()] == []


def test_rules_edited_by_sql_after_their_proposal_are_void(make: Make, manager: Account, fund: Fund) -> None:
    row = propose(make, manager, fund, share_max=3000)
    seen = fingerprint(row)
    row.rules = {**row.rules, "share_max": 9000}
    db.session.commit()
    for hash_ in (seen, fingerprint(row)):
        with pytest.raises(Conflict, match=r"approvals\.changed"):
            service.approve_rules(make.call(make.officer()), row.id, hash_)
    assert fund.share_max is None


def test_approved_rules_wait_for_their_day(make: Make, manager: Account, fund: Fund, clock: Clock) -> None:
    row = approve(make, propose(make, manager, fund, TODAY + timedelta(days=3), share_max=3000))
    jobs.apply_due(make.call())
    assert (row.state, fund.share_max) == (R.APPROVED, None)
    clock.advance(days=2, hours=14)  # midnight in the city
    jobs.apply_due(make.call())
    assert (row.state, fund.share_max) == (R.IN_FORCE, 3000)
    jobs.apply_due(make.call())
    assert [*verify.ledger(), *verify.four_eyes()] == []


def test_of_two_versions_the_one_with_the_later_day_holds(
    make: Make, manager: Account, fund: Fund, clock: Clock
) -> None:
    later = approve(make, propose(make, manager, fund, TODAY + timedelta(days=2), share_max=2000))
    sooner = approve(make, propose(make, manager, fund, TODAY + timedelta(days=1), share_max=1000))
    clock.advance(days=5)
    jobs.apply_due(make.call())
    assert (sooner.state, later.state, fund.share_max) == (R.REPLACED, R.IN_FORCE, 2000)


def test_a_version_approved_today_is_not_undone_by_an_older_one_that_is_due(
    make: Make, manager: Account, fund: Fund, clock: Clock
) -> None:
    old = approve(make, propose(make, manager, fund, TODAY + timedelta(days=1), share_max=1000))
    clock.advance(days=1)
    approve(make, propose(make, manager, fund, TODAY + timedelta(days=1), share_max=2000))
    jobs.apply_due(make.call())
    assert (old.state, fund.share_max) == (R.REPLACED, 2000)


def test_only_the_author_writes_a_waiting_proposal_anew(make: Make, manager: Account, fund: Fund) -> None:
    first = propose(make, manager, fund, share_max=3000)
    again = propose(make, manager, fund, share_max=2500)
    assert (again.id, again.rules["share_max"]) == (first.id, 2500)
    other = make.account(Role.FUND_MANAGER)
    with pytest.raises(Conflict, match="rules_pending"):
        propose(make, other, fund, share_max=1000)
    service.reject_rules(make.call(other), first.id, "不合适")
    assert propose(make, other, fund, share_max=1000).number == 3


@pytest.mark.parametrize(
    ("values", "error", "code"),
    [
        ({"day": TODAY - timedelta(days=1), "share_max": 1}, Invalid, "funds.effective_past"),
        ({"day": date(9999, 12, 31), "share_max": 1}, Invalid, "day.year"),
        ({}, Conflict, "funds.rules_same"),
        ({"share_max": 10_001}, Invalid, "funds.share"),
    ],
)
def test_senseless_proposals_are_refused(
    make: Make, manager: Account, fund: Fund, values: dict[str, object], error: type[Exception], code: str
) -> None:
    with pytest.raises(error, match=code):
        propose(make, manager, fund, **values)  # type: ignore[arg-type]


def test_an_edit_of_older_rules_is_stale(make: Make, manager: Account, fund: Fund) -> None:
    with pytest.raises(Stale):
        service.propose_rules(make.call(manager), fund.id, TERMS, TODAY, "", fund.version - 1)


def test_a_draft_follows_its_proposal_and_needs_it_approved(make: Make, manager: Account) -> None:
    fund = service.create_fund(make.call(manager), TERMS)
    row = propose(make, manager, fund, share_max=3000)
    assert (row.number, fund.share_max) == (1, 3000)
    with pytest.raises(Conflict, match="rules_unapproved"):
        service.open_fund(make.call(manager), fund.id)
    approve(make, row)
    assert service.open_fund(make.call(manager), fund.id).state is FundState.OPEN


@pytest.mark.parametrize(
    "terms", [TERMS, LOAN, replace(TERMS, kind=FundKind.INDUSTRY, instrument=Instrument.EQUITY_NOTE)]
)
def test_a_version_says_the_same_in_all_its_forms(make: Make, manager: Account, terms: FundTerms) -> None:
    fund = service.create_fund(make.call(manager), terms)
    db.session.expire_all()
    assert plain_of(fund) == plain(terms)
    assert terms_of(plain(terms)) == terms
    assert changes(fund, plain(replace(terms, share_max=7, loss_split=(60, 40)))) == ["share_max", "loss_split"]


def test_money_is_not_reserved_after_the_last_day_and_the_fund_expires(
    make: Make, manager: Account, clock: Clock
) -> None:
    fund = make.fund(1000, valid_to=TODAY)
    values = {"subject_kind": "proposal", "subject_id": 1}
    ledger.move(make.call(), fund.id, Movement.RESERVE, 100, key="in time", **values)  # type: ignore[arg-type]
    db.session.commit()
    jobs.expire_due(make.call())
    assert fund.state is FundState.OPEN
    clock.advance(days=1)
    with pytest.raises(Conflict, match=r"funds\.expired"):
        ledger.move(make.call(), fund.id, Movement.RESERVE, 100, key="too late", **values)  # type: ignore[arg-type]
    db.session.rollback()
    ledger.move(make.call(), fund.id, Movement.COMMIT, 100, key="promised", **values)  # type: ignore[arg-type]
    db.session.commit()
    jobs.expire_due(make.call())
    assert fund.state is FundState.CLOSED
    with pytest.raises(Conflict, match=r"funds\.over"):
        service.open_fund(make.call(manager), fund.id)
