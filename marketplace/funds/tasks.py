"""What waits for somebody in the funds room."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.funds import policy, queries
from marketplace.funds.models import FundContribution, FundRules, FundTransfer
from marketplace.funds.workflow import ContributionState, RulesState, TransferState
from marketplace.kernel.call import Call
from marketplace.web.filters import CITY
from marketplace.web.tasks import Task


def waiting_for(call: Call) -> list[Task]:
    """What another person proposed and this one may decide on; and for those who manage, funds that end or have ended."""
    tasks = _to_decide(call.actor.person) if policy.may_contribute(call.actor) else []
    if policy.may_manage(call.actor):
        tasks += _ends(call.now.astimezone(CITY).date())
    return tasks


def _to_decide(person: int | None) -> list[Task]:
    contributions = db.session.scalars(
        select(FundContribution)
        .join(Account, Account.id == FundContribution.proposed_by)
        .where(FundContribution.state == ContributionState.PROPOSED, Account.person_id != person)
        .options(joinedload(FundContribution.fund))
        .order_by(FundContribution.id)
    )
    changed = db.session.scalars(
        select(FundRules)
        .join(Account, Account.id == FundRules.proposed_by)
        .where(FundRules.state == RulesState.PROPOSED, Account.person_id != person)
        .options(joinedload(FundRules.fund))
        .order_by(FundRules.id)
    )
    moved = db.session.scalars(
        select(FundTransfer)
        .join(Account, Account.id == FundTransfer.proposed_by)
        .where(FundTransfer.state == TransferState.PROPOSED, Account.person_id != person)
        .options(joinedload(FundTransfer.source))
        .order_by(FundTransfer.id)
    )
    return [
        *(
            Task(_l("Decide on a contribution"), row.fund.name, "funds.show", {"fund_id": row.fund_id})
            for row in contributions
        ),
        *(Task(_l("Decide on a fund's rules"), row.fund.name, "funds.rules", {"rules_id": row.id}) for row in changed),
        *(Task(_l("Decide on a transfer"), row.source.name, "funds.show", {"fund_id": row.source_id}) for row in moved),
    ]


def _ends(today: date) -> list[Task]:
    """A fund that ends soon is due by the end of its last day."""
    soon = [
        Task(_l("Extend a fund, or let it end"), fund.name, "funds.show", {"fund_id": fund.id}, _end_of(fund.valid_to))
        for fund in queries.ends_soon(today)
        if fund.valid_to is not None
    ]
    over = [
        Task(_l("Decide where the money of an ended fund goes"), fund.name, "funds.show", {"fund_id": fund.id})
        for fund in queries.left_over(today)
    ]
    return [*soon, *over]


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=CITY)
