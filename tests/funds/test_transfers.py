"""Money goes from one fund to another by two people, whole or not at all, and public money stays public."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from marketplace.accounts.models import Account
from marketplace.audit import verify
from marketplace.db.base import db
from marketplace.funds import queries, service
from marketplace.funds.models import FundTransfer
from marketplace.funds.terms import TransferTerms
from marketplace.funds.workflow import FundState, TransferState
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from tests.factories import Make


@pytest.fixture
def manager(make: Make) -> Account:
    return make.account(Role.FUND_MANAGER)


def test_two_people_move_money_and_both_ledgers_say_so(make: Make, manager: Account) -> None:
    source, target = make.fund(1000), make.fund(50)
    row = service.propose_transfer(make.call(manager), source.id, TransferTerms(target.id, 300, "余款调剂"))
    alias = make.account(Role.CENTRE_OFFICER, person=manager.person)
    with pytest.raises(Forbidden, match="same_person"):
        service.approve_transfer(make.call(alias), row.id)
    assert (source.budget, target.budget) == (1000, 50)
    service.approve_transfer(make.call(make.officer()), row.id)
    assert [(f.budget, f.available) for f in (source, target)] == [(700, 700), (350, 350)]
    assert queries.drifts() == []
    assert [*verify.ledger(), *verify.four_eyes()] == []
    with pytest.raises(Conflict, match="not_now"):
        service.approve_transfer(make.call(make.officer()), row.id)


@pytest.mark.parametrize(
    ("public", "state", "amount", "code"),
    [
        (False, FundState.OPEN, 300, "funds.transfer_public"),
        (True, FundState.CLOSED, 300, "funds.transfer_closed"),
        (True, FundState.OPEN, 1001, "funds.transfer_more"),
        (True, FundState.OPEN, 0, "funds.amount"),
    ],
)
def test_what_may_not_be_moved_is_refused(
    make: Make, manager: Account, public: bool, state: FundState, amount: int, code: str
) -> None:
    source, target = make.fund(1000), make.fund(0, public=public, state=state)
    with pytest.raises((Conflict, Invalid), match=code):
        service.propose_transfer(make.call(manager), source.id, TransferTerms(target.id, amount, "x"))


def test_a_fund_is_no_target_of_its_own_and_missing_ones_are_none(make: Make, manager: Account) -> None:
    source = make.fund(1000)
    for target in (source.id, 999_999, 0, -1):
        with pytest.raises(Invalid, match="transfer_target"):
            service.propose_transfer(make.call(manager), source.id, TransferTerms(target, 1, "x"))


def test_money_that_was_spent_meanwhile_leaves_both_funds_as_they_were(make: Make, manager: Account) -> None:
    source, target = make.fund(1000), make.fund(50)
    rows = [
        service.propose_transfer(make.call(manager), source.id, TransferTerms(target.id, amount, "x"))
        for amount in (800, 700)
    ]
    service.approve_transfer(make.call(make.officer()), rows[0].id)
    with pytest.raises(Conflict, match="not_enough"):
        service.approve_transfer(make.call(make.officer()), rows[1].id)
    db.session.expire_all()
    assert (source.available, target.available, rows[1].state) == (200, 850, TransferState.PROPOSED)
    assert queries.drifts() == []


def test_a_transfer_edited_after_its_proposal_is_void(make: Make, manager: Account) -> None:
    source, target = make.fund(1000), make.fund(0)
    row = service.propose_transfer(make.call(manager), source.id, TransferTerms(target.id, 300, "x"))
    db.session.execute(update(FundTransfer).values(amount=900))
    db.session.commit()
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        service.approve_transfer(make.call(make.officer()), row.id)
    assert target.budget == 0
