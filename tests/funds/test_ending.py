"""Managers hear once that a fund's last day comes, and once that it has passed; what is left waits on their desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.funds import jobs, service, tasks
from marketplace.funds.models import Fund
from marketplace.funds.terms import TransferTerms
from marketplace.funds.workflow import FundState
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden
from marketplace.outbox.models import Message
from tests.conftest import Clock
from tests.factories import Make

TODAY = date(2027, 1, 12)


@pytest.fixture
def manager(make: Make) -> Account:
    return make.account(Role.FUND_MANAGER)


def mails() -> list[tuple[str, str]]:
    """(address, template), the oldest first."""
    return [(row.recipient, row.template) for row in db.session.query(Message).order_by(Message.id)]


def each_minute(make: Make, times: int = 2) -> None:
    for _ in range(times):
        jobs.remind_due(make.call())
        jobs.expire_due(make.call())


def on_the_desk(make: Make, account: Account) -> list[str]:
    return [str(task.verb) for task in tasks.waiting_for(make.call(account))]


def test_the_managers_are_told_once_before_and_once_after_the_last_day(
    make: Make, manager: Account, clock: Clock
) -> None:
    second = make.account(Role.FUND_MANAGER)
    make.officer()
    fund = make.fund(1000, valid_to=TODAY + timedelta(days=31))
    each_minute(make)
    assert (mails(), on_the_desk(make, manager)) == ([], [])
    clock.advance(days=1)
    each_minute(make)
    assert mails() == [(manager.email, "fund_ends"), (second.email, "fund_ends")]
    assert on_the_desk(make, manager) == ["资金将到期：请决定延期或任其到期"]
    clock.advance(days=31)
    each_minute(make)
    assert mails()[2:] == [(manager.email, "fund_ended"), (second.email, "fund_ended")]
    assert on_the_desk(make, manager) == ["决定到期资金的余款去向"]
    assert on_the_desk(make, make.officer()) == []
    other = make.fund()
    row = service.propose_transfer(make.call(manager), fund.id, TransferTerms(other.id, 1000, "余款"))
    service.approve_transfer(make.call(second), row.id)
    assert on_the_desk(make, manager) == []


def test_a_day_that_was_moved_is_told_anew(make: Make, manager: Account) -> None:
    fund = make.fund(valid_to=TODAY)
    each_minute(make)
    fund.valid_to = TODAY + timedelta(days=9)
    db.session.commit()
    each_minute(make)
    assert [template for _, template in mails()] == ["fund_ends", "fund_ends"]
    with pytest.raises(Conflict, match=r"funds\.end_told"):
        service.remind_of_end(make.call(), fund.id)


@pytest.mark.parametrize(
    ("state", "days"), [(FundState.DRAFT, 3), (FundState.CLOSED, 3), (FundState.OPEN, 31), (FundState.OPEN, None)]
)
def test_nobody_is_told_of_funds_that_no_match_could_use_or_that_last(
    make: Make, manager: Account, state: FundState, days: int | None
) -> None:
    make.fund(1000, state=state, valid_to=None if days is None else TODAY + timedelta(days=days))
    each_minute(make)
    assert (mails(), on_the_desk(make, manager)) == ([], [])


def test_the_reminder_is_not_everybodys(make: Make) -> None:
    fund: Fund = make.fund(valid_to=TODAY)
    with pytest.raises(Forbidden, match="managers_only"):
        service.remind_of_end(make.call(make.officer()), fund.id)


def test_the_mail_names_the_fund_in_the_managers_language(make: Make, manager: Account) -> None:
    manager.locale = "en"
    make.account(Role.FUND_MANAGER)
    make.fund(valid_to=TODAY, name="云岭专项", name_en="Yunling fund")
    each_minute(make)
    assert [row.values["name"] for row in db.session.query(Message).order_by(Message.id)] == [
        "Yunling fund",
        "云岭专项",
    ]
