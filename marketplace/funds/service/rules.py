"""Rules change in versions: a fund manager proposes one for a day, a different natural person approves exactly that."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds import effects, policy, queries
from marketplace.funds.models import Fund, FundRules
from marketplace.funds.service.checks import check_terms
from marketplace.funds.terms import FundTerms
from marketplace.funds.versions import as_it_would_be, begins_on, changes, columns, plain, restored, terms_of
from marketplace.funds.workflow import RULES, FundState
from marketplace.kernel.call import Call
from marketplace.kernel.days import require_year
from marketplace.kernel.errors import Conflict, Invalid, NotFound, Stale
from marketplace.web.filters import CITY

SUBJECT = "fund_rules"


@use_case
def propose_rules(call: Call, fund_id: int, terms: FundTerms, effective_on: date, why: str, version: int) -> FundRules:
    """Stand for new rules from a day on; nothing holds before a second person approved them.

    ``version`` is the fund's one that the author saw, an older one is Stale. Who proposed before and was not answered may write
    the proposal anew. Raises Invalid naming the field, Conflict ``funds.rules_pending`` while another person's version waits
    and ``funds.rules_same`` when nothing would change.
    """
    fund = _locked(call, fund_id)
    policy.may_manage(call.actor).require()
    if fund.version != version:
        raise Stale
    check_terms(terms, fund.id)
    require_year(effective_on, "effective_on")
    if effective_on < call.now.astimezone(CITY).date():
        raise Invalid("funds.effective_past", field="effective_on")
    founded = queries.in_force(fund.id) is not None
    if founded and not changes(fund, plain(terms)):
        raise Conflict("funds.rules_same")
    changed = {name: plain(terms)[name] for name in changes(fund, plain(terms))}
    if not founded and fund.state is FundState.DRAFT:
        for name, value in columns(terms).items():  # nobody counts on a draft's rules yet
            setattr(fund, name, value)
    row = stand_for(call, fund, terms, effective_on, why)
    detail = {"fund": fund.id, "number": row.number, "effective_on": effective_on.isoformat(), "changed": changed}
    audit.record(call, "funds.propose_rules", SUBJECT, row.id, detail)
    return row


@use_case
def approve_rules(call: Call, rules_id: int, seen: str) -> FundRules:
    """A different natural person approves exactly the version with fingerprint ``seen``; it holds from its day on.

    What it breaks is counted in the journal: both people could read it beforehand, and no match is approved against it.
    """
    row = queries.get_rules(call, rules_id)
    policy.may_contribute(call.actor).require()
    fund = _locked(call, row.fund_id)
    db.session.refresh(row)
    target = RULES.require(row.state, "approve")
    if seen != fingerprint(row):
        raise Conflict("approvals.changed")
    approvals.approve(call, SUBJECT, row.id, seen)
    check_terms(terms_of(row.rules), fund.id)
    row.state, row.decided_by, row.decided_at = target, call.actor.account, call.now
    today = call.now.astimezone(CITY).date()
    broken = len(effects.broken_by(as_it_would_be(fund, row.rules), begins_on(row)))
    if begins_on(row) <= today:
        _apply(call, fund, row)
    audit.record(
        call, "funds.approve_rules", SUBJECT, row.id, {"fund": fund.id, "number": row.number, "breaks": broken}
    )
    return row


@use_case
def reject_rules(call: Call, rules_id: int, reason: str) -> FundRules:
    """Refuse new rules, or take one's own proposal back, with words."""
    row = queries.get_rules(call, rules_id)
    policy.may_contribute(call.actor).require()
    row.state = RULES.require(row.state, "reject")
    row.reason, row.decided_by, row.decided_at = reason, call.actor.account, call.now
    audit.record(call, "funds.reject_rules", SUBJECT, row.id, {"fund": row.fund_id, "reason": reason})
    return row


@use_case
def apply_rules(call: Call, rules_id: int) -> FundRules:
    """The day of an approved version has come."""
    row = queries.get_rules(call, rules_id)
    policy.may_manage(call.actor).require()
    fund = _locked(call, row.fund_id)
    db.session.refresh(row)
    RULES.require(row.state, "apply")
    if begins_on(row) > call.now.astimezone(CITY).date():
        raise Conflict("funds.rules_early")
    _apply(call, fund, row)
    audit.record(call, "funds.apply_rules", SUBJECT, row.id, {"fund": fund.id, "number": row.number})
    return row


def stand_for(call: Call, fund: Fund, terms: FundTerms, effective_on: date, why: str) -> FundRules:
    """Write the fund's waiting version (a new one, or the caller's own anew) and let the caller's person stand for it."""
    row = queries.pending(fund.id)
    if row is not None and row.proposer is not None and row.proposer.person_id != call.actor.person:
        raise Conflict("funds.rules_pending", {"name": row.proposer.person.name})
    if row is None:
        last = db.session.scalar(select(func.max(FundRules.number)).where(FundRules.fund_id == fund.id)) or 0
        row = FundRules(fund_id=fund.id, number=last + 1)
        db.session.add(row)
    row.rules, row.effective_on, row.why = plain(terms), effective_on, why
    row.proposed_by, row.proposed_at = call.actor.account, call.now
    db.session.flush()
    if call.actor.person not in approvals.proposers_of(SUBJECT, row.id, fingerprint(row)):
        approvals.propose(call, SUBJECT, row.id, fingerprint(row))
    return row


def fingerprint(row: FundRules) -> str:
    """What both people stand for: the whole version, its day and its reason."""
    content = {
        "fund": row.fund_id,
        "number": row.number,
        "rules": row.rules,
        "effective_on": row.effective_on.isoformat(),
        "why": row.why,
    }
    return approvals.content_hash(content)


def _locked(call: Call, fund_id: int) -> Fund:
    """The fund with its row locked: approvals of matches that look at its rules come before or after, never between."""
    fund = queries.get_fund(call, fund_id)
    locked = select(Fund).where(Fund.id == fund.id).with_for_update(of=Fund).execution_options(populate_existing=True)
    found = db.session.scalar(locked)
    if found is None:
        raise NotFound("fund")
    return found


def _apply(call: Call, fund: Fund, row: FundRules) -> None:
    """Put a version in force in place of the one before, unless one with a later day already is."""
    present = queries.in_force(fund.id)
    later = present is not None and (begins_on(present), present.number) > (begins_on(row), row.number)
    if present is not None and not later:
        present.state = RULES.require(present.state, "replace")
        db.session.flush()  # the index allows one version in force, and rows are written in the order of their numbers
    row.state, row.applied_at = RULES.require(row.state, "apply"), call.now
    if later:
        row.state = RULES.require(row.state, "replace")
        return
    for name, value in restored(row.rules).items():
        setattr(fund, name, value)
