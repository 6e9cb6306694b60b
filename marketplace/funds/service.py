"""What happens to funds: rules are set, a fund opens and closes, and two people bring money in."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marketplace.alliances.models import Alliance
from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds import ledger, policy, queries
from marketplace.funds.models import Fund, FundContribution
from marketplace.funds.terms import ContributionTerms, FundTerms
from marketplace.funds.workflow import CONTRIBUTION, FUND, FundState, Movement
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, Stale

LARGEST_RATIO = 10**7
"""Basis points of own money that a fund may add: a thousandfold, the most the optimiser accepts."""

LARGEST_COST = 10**9
LONGEST_TERM = 360
LONGEST_DECISION = 730
LOSS_PARTIES = 4
"""Fund, bank, insurer and appraiser."""


@use_case
def create_fund(call: Call, terms: FundTerms) -> Fund:
    """Start a fund as a draft without money."""
    policy.may_manage(call.actor).require()
    _check(terms, None)
    fund = Fund(**_columns(terms), created_at=call.now)
    db.session.add(fund)
    db.session.flush()
    audit.record(call, "funds.create", "fund", fund.id, _plain(terms))
    return fund


@use_case
def change_rules(call: Call, fund_id: int, terms: FundTerms, version: int) -> Fund:
    """Give a fund that is not closed new rules; ``version`` is the one the author saw, an older one is Stale."""
    fund = queries.get_fund(call, fund_id)
    policy.may_manage(call.actor).require()
    if fund.state is FundState.CLOSED:
        raise Conflict("funds.closed")
    if fund.version != version:
        raise Stale
    _check(terms, fund.id)
    before = {name: getattr(fund, name) for name in _columns(terms)}
    for name, value in _columns(terms).items():
        setattr(fund, name, value)
    changed = {k: v for k, v in _plain(terms).items() if _as_json(before[k]) != v}
    audit.record(call, "funds.change_rules", "fund", fund.id, changed)
    return fund


@use_case
def open_fund(call: Call, fund_id: int) -> Fund:
    """Let rounds use the fund."""
    fund = queries.get_fund(call, fund_id)
    policy.may_manage(call.actor).require()
    fund.state = FUND.require(fund.state, "open")
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
def propose_contribution(call: Call, fund_id: int, terms: ContributionTerms) -> FundContribution:
    """Note money that somebody brings in; it counts once a different person has approved it."""
    fund = queries.get_fund(call, fund_id)
    policy.may_contribute(call.actor).require()
    if call.actor.account is None:
        raise Conflict("approvals.no_person")
    if not 0 < terms.amount <= money.MAX_FEN:
        raise Invalid("funds.amount", field="amount")
    row = FundContribution(
        fund_id=fund.id,
        amount=terms.amount,
        source=terms.source,
        proposed_by=call.actor.account,
        proposed_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    approvals.propose(call, "contribution", row.id, _fingerprint(row))
    audit.record(call, "funds.propose_contribution", "contribution", row.id, {"fund": fund.id, "amount": row.amount})
    return row


@use_case
def approve_contribution(call: Call, contribution_id: int) -> FundContribution:
    """The second person agrees: the money is in the fund in the same transaction."""
    row = queries.get_contribution(call, contribution_id)
    policy.may_contribute(call.actor).require()
    _decide(call, row, "approve")
    approvals.approve(call, "contribution", row.id, _fingerprint(row))
    ledger.move(
        call,
        row.fund_id,
        Movement.CONTRIBUTE,
        row.amount,
        key=f"contribution:{row.id}",
        subject_kind="contribution",
        subject_id=row.id,
        memo=row.source,
    )
    audit.record(
        call, "funds.approve_contribution", "contribution", row.id, {"fund": row.fund_id, "amount": row.amount}
    )
    return row


@use_case
def reject_contribution(call: Call, contribution_id: int, reason: str) -> FundContribution:
    """Refuse the money, or take one's own proposal back, with words."""
    row = queries.get_contribution(call, contribution_id)
    policy.may_contribute(call.actor).require()
    _decide(call, row, "reject", reason)
    audit.record(call, "funds.reject_contribution", "contribution", row.id, {"fund": row.fund_id, "reason": reason})
    return row


def _decide(call: Call, row: FundContribution, event: str, reason: str = "") -> None:
    row.state = CONTRIBUTION.require(row.state, event)
    row.reason = reason
    row.decided_by, row.decided_at = call.actor.account, call.now


def _fingerprint(row: FundContribution) -> str:
    return approvals.content_hash({"fund": row.fund_id, "amount": row.amount, "source": row.source})


def _check(terms: FundTerms, fund_id: int | None) -> None:
    """Raise Invalid for rules that contradict each other or name what does not exist."""
    if queries.code_taken(terms.code, fund_id):
        raise Invalid("funds.code_taken", {"code": terms.code}, field="code")
    if terms.alliance_id is not None and db.session.get(Alliance, terms.alliance_id) is None:
        raise Invalid("funds.no_alliance", field="alliance_id")
    if terms.share_max is not None and not 0 <= terms.share_max <= money.BASIS:
        raise Invalid("funds.share", field="share_max")
    if terms.match_max is not None and not 0 <= terms.match_max <= LARGEST_RATIO:
        raise Invalid("funds.match", field="match_max")
    if not 0 <= terms.cost <= LARGEST_COST:
        raise Invalid("funds.cost", field="cost")
    if terms.amount_max is not None and terms.amount_max < terms.amount_min:
        raise Invalid("funds.amounts", field="amount_max")
    if terms.rate is not None and not 0 <= terms.rate <= money.BASIS:
        raise Invalid("funds.rate", field="rate")
    if (terms.rate is None) != (terms.term_months is None):
        raise Invalid("funds.loan_terms", field="term_months" if terms.term_months is None else "rate")
    if terms.term_months is not None and not 1 <= terms.term_months <= LONGEST_TERM:
        raise Invalid("funds.term", {"most": LONGEST_TERM}, field="term_months")
    if terms.decision_days is not None and not 0 <= terms.decision_days <= LONGEST_DECISION:
        raise Invalid("funds.decision_days", {"most": LONGEST_DECISION}, field="decision_days")
    if terms.loss_split and (len(terms.loss_split) > LOSS_PARTIES or sum(terms.loss_split) != 100):
        raise Invalid("funds.loss_split", field="loss_split")
    if terms.valid_from and terms.valid_to and terms.valid_to < terms.valid_from:
        raise Invalid("funds.validity", field="valid_to")


def _columns(terms: FundTerms) -> dict[str, Any]:
    lists = {name: list(getattr(terms, name)) for name in ("fields", "sizes", "regions", "loss_split")}
    return {**asdict(terms), **lists}


def _plain(terms: FundTerms) -> dict[str, Any]:
    return {name: _as_json(value) for name, value in _columns(terms).items()}


def _as_json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
