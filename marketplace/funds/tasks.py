"""What waits for somebody in the funds room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.funds import policy, queries
from marketplace.funds.models import FundContribution, FundRules, FundTransfer
from marketplace.funds.workflow import ContributionState, RulesState, TransferState
from marketplace.kernel.call import Call
from marketplace.web.filters import CITY, in_language
from marketplace.web.tasks import Task

Proposed = TypeVar("Proposed", FundContribution, FundRules, FundTransfer)


def waiting_for(call: Call) -> list[Task]:
    """What another person proposed and this one may decide on; and for those who manage, funds that end or have ended."""
    tasks = _to_decide(call.actor.person) if policy.may_contribute(call.actor) else []
    if policy.may_manage(call.actor):
        tasks += _ends(call.now.astimezone(CITY).date())
    return tasks


def _to_decide(person: int | None) -> list[Task]:
    contributions = _proposed(FundContribution, ContributionState.PROPOSED, FundContribution.fund, person)
    changed = _proposed(FundRules, RulesState.PROPOSED, FundRules.fund, person)
    moved = _proposed(FundTransfer, TransferState.PROPOSED, FundTransfer.source, person)
    return [
        *(
            Task(_l("Decide on a contribution"), in_language(row.fund), "funds.show", {"fund_id": row.fund_id})
            for row in contributions
        ),
        *(
            Task(_l("Decide on a fund's rules"), in_language(row.fund), "funds.rules", {"rules_id": row.id})
            for row in changed
        ),
        *(
            Task(_l("Decide on a transfer"), in_language(row.source), "funds.show", {"fund_id": row.source_id})
            for row in moved
        ),
    ]


def _proposed(model: type[Proposed], state: StrEnum, fund: Any, person: int | None) -> Sequence[Proposed]:
    """What somebody else proposed, with the ``fund`` it is about."""
    query = select(model).join(Account, Account.id == model.proposed_by)
    query = query.where(model.state == state, Account.person_id != person)
    return db.session.scalars(query.options(joinedload(fund)).order_by(model.id)).all()


def _ends(today: date) -> list[Task]:
    """A fund that ends soon is due by the end of its last day."""
    soon = [
        Task(
            _l("Extend a fund, or let it end"),
            in_language(fund),
            "funds.show",
            {"fund_id": fund.id},
            _end_of(fund.valid_to),
        )
        for fund in queries.ends_soon(today)
        if fund.valid_to is not None
    ]
    over = [
        Task(_l("Decide where the money of an ended fund goes"), in_language(fund), "funds.show", {"fund_id": fund.id})
        for fund in queries.left_over(today)
    ]
    return [*soon, *over]


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=CITY)
