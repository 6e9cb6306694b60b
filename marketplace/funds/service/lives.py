"""A fund is drafted, opened, closed, and expires."""

from __future__ import annotations

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds import mail, policy, queries
from marketplace.funds.models import Fund
from marketplace.funds.service.checks import check_terms
from marketplace.funds.service.rules import stand_for
from marketplace.funds.terms import FundTerms
from marketplace.funds.versions import columns, plain
from marketplace.funds.workflow import FUND, FundState
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.web.filters import CITY


@use_case
def create_fund(call: Call, terms: FundTerms) -> Fund:
    """Start a fund as a draft without money; its rules are proposed with it and wait for a second person."""
    policy.may_manage(call.actor).require()
    check_terms(terms, None)
    fund = Fund(**columns(terms), created_at=call.now)
    db.session.add(fund)
    db.session.flush()
    stand_for(call, fund, terms, call.now.astimezone(CITY).date(), "")
    audit.record(call, "funds.create", "fund", fund.id, plain(terms))
    return fund


@use_case
def open_fund(call: Call, fund_id: int) -> Fund:
    """Let rounds use the fund. A draft needs rules that two people approved; a fund past its last day needs new ones."""
    fund = queries.get_fund(call, fund_id)
    policy.may_manage(call.actor).require()
    target = FUND.require(fund.state, "open")
    if fund.state is FundState.DRAFT and queries.in_force(fund.id) is None:
        raise Conflict("funds.rules_unapproved")
    if fund.valid_to is not None and fund.valid_to < call.now.astimezone(CITY).date():
        raise Conflict("funds.over")
    fund.state = target
    audit.record(call, "funds.open", "fund", fund.id)
    return fund


@use_case
def close_fund(call: Call, fund_id: int, reason: str) -> Fund:
    """Keep the fund out of new matches; what is reserved, committed or paid stays as it is."""
    fund = queries.get_fund(call, fund_id)
    policy.may_manage(call.actor).require()
    fund.state = FUND.require(fund.state, "close")
    audit.record(call, "funds.close", "fund", fund.id, {"reason": reason})
    return fund


@use_case
def expire_fund(call: Call, fund_id: int) -> Fund:
    """Close a fund whose last day has passed and tell its managers: what is left may go to another, what is promised stays."""
    fund = queries.get_fund(call, fund_id)
    policy.may_manage(call.actor).require()
    target = FUND.require(fund.state, "expire")
    if fund.valid_to is None or fund.valid_to >= call.now.astimezone(CITY).date():
        raise Conflict("funds.still_valid")
    fund.state = target
    mails = mail.tell_managers(call, fund, "fund_ended")
    detail = {"valid_to": fund.valid_to.isoformat(), "available": fund.available, "mails": mails}
    audit.record(call, "funds.expire", "fund", fund.id, detail)
    return fund


@use_case
def remind_of_end(call: Call, fund_id: int) -> Fund:
    """Tell the managers once that an open fund's last day comes; a day that was moved is told anew."""
    fund = queries.get_fund(call, fund_id)
    policy.may_manage(call.actor).require()
    if fund.id not in queries.ending(call.now.astimezone(CITY).date()):
        raise Conflict("funds.end_told")
    fund.end_told = fund.valid_to
    mails = mail.tell_managers(call, fund, "fund_ends")
    audit.record(call, "funds.remind_of_end", "fund", fund.id, {"valid_to": str(fund.valid_to), "mails": mails})
    return fund
