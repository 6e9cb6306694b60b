"""Rules are set by fund managers; money comes in by two distinct natural persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from marketplace.accounts.models import Account
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.funds import queries, service, tasks
from marketplace.funds.models import Fund, FundContribution
from marketplace.funds.service.rules import fingerprint
from marketplace.funds.terms import ContributionTerms, FundTerms
from marketplace.funds.workflow import ContributionState, FundKind, FundState
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.kernel.money import MAX_FEN
from marketplace.web.filters import CITY
from tests.conftest import START
from tests.factories import Make

TERMS = FundTerms(code="DE-2027", name="数字经济联盟创新资金", kind=FundKind.ALLIANCE, public=False)
TODAY = START.astimezone(CITY).date()
MONEY = ContributionTerms(amount=500_000_000, source="市科技局通知")


@pytest.fixture
def manager(make: Make) -> Account:
    return make.account(Role.FUND_MANAGER)


def commands() -> list[str]:
    return list(db.session.scalars(select(AuditRecord.command).order_by(AuditRecord.id)))


def test_a_fund_is_drafted_approved_opened_and_closed(make: Make, manager: Account) -> None:
    call = make.call(manager)
    fund = service.create_fund(call, TERMS)
    assert (fund.state, fund.budget) == (FundState.DRAFT, 0)
    with pytest.raises(Conflict, match="rules_unapproved"):
        service.open_fund(call, fund.id)
    row = queries.pending(fund.id)
    assert row is not None
    service.approve_rules(make.call(make.officer()), row.id, fingerprint(row))
    service.open_fund(call, fund.id)
    service.close_fund(call, fund.id, "年度结束")
    service.open_fund(call, fund.id)
    assert fund.state is FundState.OPEN
    assert commands() == ["funds.create", "funds.approve_rules", "funds.open", "funds.close", "funds.open"]


def test_nobody_else_manages_funds(make: Make) -> None:
    fund = make.fund(state=FundState.OPEN)
    for account in (make.officer(), make.account(Role.AUDITOR), make.owner(make.enterprise())):
        call = make.call(account)
        for act in (
            lambda call: service.create_fund(call, TERMS),
            lambda call: service.propose_rules(call, fund.id, TERMS, TODAY, "", fund.version),
            lambda call: service.open_fund(call, fund.id),
            lambda call: service.close_fund(call, fund.id, "x"),
        ):
            with pytest.raises(Forbidden, match="managers_only"):
                act(call)
    assert commands() == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"code": "TAKEN"}, "funds.code_taken", "code"),
        ({"alliance_id": 999_999}, "funds.no_alliance", "alliance_id"),
        ({"share_max": 10_001}, "funds.share", "share_max"),
        ({"share_max": -1}, "funds.share", "share_max"),
        ({"match_max": 10**7 + 1}, "funds.match", "match_max"),
        ({"cost": -1}, "funds.cost", "cost"),
        ({"public_share_max": 10_001}, "funds.share", "public_share_max"),
        ({"industries": ("C", "C98")}, "funds.industries", "industries"),
        ({"years": (1999,)}, "funds.years", "years"),
        ({"kind": FundKind.LOAN}, "funds.lent", "rate"),
        ({"kind": FundKind.PAY_LATER}, "funds.lent", "rate"),
        ({"kind": FundKind.INDUSTRY}, "funds.instrument", "instrument"),
        ({"amount_min": 2, "enterprise_max": 1}, "funds.never_pays", "enterprise_max"),
        ({"amount_min": 2, "yearly_max": 1}, "funds.never_pays", "yearly_max"),
        ({"amount_min": 2, "amount_max": 1}, "funds.amounts", "amount_max"),
        ({"valid_from": date(1, 1, 1)}, "day.year", "valid_from"),
        ({"valid_to": date(9999, 12, 31)}, "day.year", "valid_to"),
        ({"valid_from": date(2027, 2, 1), "valid_to": date(2027, 1, 1)}, "funds.validity", "valid_to"),
    ],
)
def test_rules_that_contradict_each_other_name_their_field(
    make: Make, manager: Account, change: dict[str, Any], code: str, field: str
) -> None:
    make.fund(code="TAKEN")
    with pytest.raises(Invalid) as refused:
        service.create_fund(make.call(manager), replace(TERMS, **change))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_money_is_there_once_a_second_person_approved_it(make: Make, manager: Account) -> None:
    fund = make.fund()
    row = service.propose_contribution(make.call(manager), fund.id, MONEY)
    assert (row.state, fund.budget) == (ContributionState.PROPOSED, 0)
    service.approve_contribution(make.call(make.officer()), row.id)
    assert row.state is ContributionState.APPROVED
    assert (fund.budget, fund.available) == (500_000_000, 500_000_000)
    assert queries.drifts() == []
    assert commands() == ["funds.propose_contribution", "funds.approve_contribution"]


def test_one_human_with_two_accounts_is_still_one_person(make: Make, manager: Account) -> None:
    fund = make.fund()
    row = service.propose_contribution(make.call(manager), fund.id, MONEY)
    alias = make.account(Role.CENTRE_OFFICER, person=manager.person)
    for account in (manager, alias):
        with pytest.raises(Forbidden, match="same_person"):
            service.approve_contribution(make.call(account), row.id)
    assert (row.state, fund.budget) == (ContributionState.PROPOSED, 0)


def test_a_contribution_edited_after_its_proposal_is_void(make: Make, manager: Account) -> None:
    """Direct SQL raises the amount between proposal and approval: the approver would stand for something else."""
    fund = make.fund()
    row = service.propose_contribution(make.call(manager), fund.id, MONEY)
    db.session.execute(update(FundContribution).values(amount=MONEY.amount * 10))
    db.session.commit()
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        service.approve_contribution(make.call(make.officer()), row.id)
    assert fund.budget == 0


def test_a_contribution_is_decided_once_and_rejected_with_words(make: Make, manager: Account) -> None:
    fund, officer = make.fund(), make.officer()
    rejected = service.propose_contribution(make.call(manager), fund.id, MONEY)
    service.reject_contribution(make.call(officer), rejected.id, "缺少文件")
    assert (rejected.state, rejected.reason) == (ContributionState.REJECTED, "缺少文件")
    approved = service.propose_contribution(make.call(manager), fund.id, MONEY)
    service.approve_contribution(make.call(officer), approved.id)
    for row in (rejected, approved):
        with pytest.raises(Conflict, match="not_now"):
            service.approve_contribution(make.call(make.officer()), row.id)
        with pytest.raises(Conflict, match="not_now"):
            service.reject_contribution(make.call(make.officer()), row.id, "x")
    assert fund.budget == MONEY.amount


@pytest.mark.parametrize("amount", [0, -1, MAX_FEN + 1])
def test_no_contribution_of_nothing_or_of_too_much(make: Make, manager: Account, amount: int) -> None:
    with pytest.raises(Invalid, match=r"funds\.amount"):
        service.propose_contribution(make.call(manager), make.fund().id, replace(MONEY, amount=amount))


def test_auditors_read_and_members_do_not_even_see_contributions(make: Make, manager: Account) -> None:
    fund = make.fund()
    row = service.propose_contribution(make.call(manager), fund.id, MONEY)
    with pytest.raises(Forbidden, match="staff_only"):
        service.approve_contribution(make.call(make.account(Role.AUDITOR)), row.id)
    for missing in (row.id, 999_999, 10**30):
        with pytest.raises(NotFound):
            service.approve_contribution(make.call(make.owner(make.enterprise())), missing)


def test_a_contribution_waits_for_everybody_but_its_proposer(make: Make, manager: Account) -> None:
    fund = make.fund()
    service.propose_contribution(make.call(manager), fund.id, MONEY)
    alias = make.account(Role.CENTRE_OFFICER, person=manager.person)
    waits = {
        "officer": make.officer(),
        "proposer": manager,
        "alias": alias,
        "auditor": make.account(Role.AUDITOR),
    }
    seen = {name: [t.values for t in tasks.waiting_for(make.call(account))] for name, account in waits.items()}
    assert seen == {"officer": [{"fund_id": fund.id}], "proposer": [], "alias": [], "auditor": []}
    assert db.session.scalars(select(Fund)).all() == [fund]
