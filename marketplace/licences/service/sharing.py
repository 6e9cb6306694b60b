"""Royalties come in and are divided: each by two natural persons, each simulated before it is booked."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.licences import income, journal, policy, queries
from marketplace.licences.income import Line
from marketplace.licences.models import Distribution, Licence, RoyaltyReceipt
from marketplace.licences.workflow import DISTRIBUTION, RECEIPT, Account, LicenceState, MoneyState
from marketplace.patents import queries as patents


@use_case
def propose_receipt(call: Call, licence_id: int, amount: int, paper: str) -> RoyaltyReceipt:
    """Note money that a licensee paid; it counts once a different person has approved it."""
    licence = queries.get_licence(call, licence_id)
    policy.may_book(call.actor).require()
    if licence.state not in {LicenceState.RUNNING, LicenceState.ENDED}:
        raise Conflict("licences.not_running")
    if licence.rests_on_id is not None:
        raise Conflict("licences.sub_money")
    if call.actor.account is None:
        raise Conflict("approvals.no_person")
    if not 0 < amount <= money.MAX_FEN:
        raise Invalid("licences.amount", field="amount")
    _require_new_paper(licence, paper)
    row = RoyaltyReceipt(
        licence_id=licence.id, amount=amount, paper=paper, proposed_by=call.actor.account, proposed_at=call.now
    )
    db.session.add(row)
    db.session.flush()
    approvals.propose(call, "royalty_receipt", row.id, _receipt_mark(row))
    audit.record(call, "licences.propose_receipt", "royalty_receipt", row.id, {"licence": licence.id, "amount": amount})
    return row


def _require_new_paper(licence: Licence, paper: str) -> None:
    """Refuse a paper that counts for the licence already, however width, case and spaces are written: a form sent twice."""
    counts = select(RoyaltyReceipt.paper).where(
        RoyaltyReceipt.licence_id == licence.id, RoyaltyReceipt.state != MoneyState.REJECTED
    )
    if _number(paper) in map(_number, db.session.scalars(counts)):
        raise Invalid("licences.paper_used", {"paper": paper}, field="paper")


def _number(paper: str) -> str:
    return "".join(unicodedata.normalize("NFKC", paper).casefold().split())


@use_case
def approve_receipt(call: Call, receipt_id: int) -> RoyaltyReceipt:
    """The second person agrees: the money is in the journal in the same transaction."""
    row = queries.get_receipt(call, receipt_id)
    policy.may_book(call.actor).require()
    row.state, row.decided_at = RECEIPT.require(row.state, "approve"), call.now
    approvals.approve(call, "royalty_receipt", row.id, _receipt_mark(row))
    journal.receive(call, row.licence_id, row.amount, key=f"receipt:{row.id}")
    audit.record(call, "licences.approve_receipt", "royalty_receipt", row.id, {"amount": row.amount})
    return row


@use_case
def reject_receipt(call: Call, receipt_id: int, reason: str) -> RoyaltyReceipt:
    """Refuse the money, or take one's own proposal back, with words."""
    row = queries.get_receipt(call, receipt_id)
    policy.may_book(call.actor).require()
    row.state, row.reason, row.decided_at = RECEIPT.require(row.state, "reject"), reason, call.now
    audit.record(call, "licences.reject_receipt", "royalty_receipt", row.id)
    return row


def simulate(licence: Licence, amount: int, call: Call) -> list[Line]:
    """Return how ``amount`` fen would be divided today: nothing is written."""
    fee = licence.rules.pool_fee if licence.rules is not None else 0
    return income.divide(amount, fee, queries.parts_of(licence, patents.today(call)))


@use_case
def propose_distribution(call: Call, licence_id: int) -> Distribution:
    """Stand for the division of everything a licence holds, exactly as simulated."""
    licence = queries.get_licence(call, licence_id)
    policy.may_book(call.actor).require()
    if call.actor.account is None:
        raise Conflict("approvals.no_person")
    amount = journal.held(licence.id)
    if amount <= 0:
        raise Conflict("licences.nothing_held")
    lines = _plain(simulate(licence, amount, call))
    row = Distribution(
        licence_id=licence.id, amount=amount, lines=lines, proposed_by=call.actor.account, proposed_at=call.now
    )
    db.session.add(row)
    db.session.flush()
    approvals.propose(call, "distribution", row.id, _mark(row, lines))
    audit.record(
        call, "licences.propose_distribution", "distribution", row.id, {"licence": licence.id, "amount": amount}
    )
    return row


@use_case
def approve_distribution(call: Call, distribution_id: int) -> Distribution:
    """The second person agrees: the division is worked out anew, must equal what was proposed, and is booked."""
    row = queries.get_distribution(call, distribution_id)
    policy.may_book(call.actor).require()
    row.state, row.decided_at = DISTRIBUTION.require(row.state, "approve"), call.now
    lines = simulate(queries.get_licence(call, row.licence_id), row.amount, call)
    approvals.approve(call, "distribution", row.id, _mark(row, _plain(lines)))
    journal.distribute(call, row.licence_id, lines, key=f"distribution:{row.id}")
    audit.record(call, "licences.approve_distribution", "distribution", row.id, {"amount": row.amount})
    return row


@use_case
def reject_distribution(call: Call, distribution_id: int, reason: str) -> Distribution:
    """Drop a proposed division, with words."""
    row = queries.get_distribution(call, distribution_id)
    policy.may_book(call.actor).require()
    row.state, row.reason, row.decided_at = DISTRIBUTION.require(row.state, "reject"), reason, call.now
    audit.record(call, "licences.reject_distribution", "distribution", row.id)
    return row


def _plain(lines: list[Line]) -> list[dict[str, Any]]:
    return [asdict(line) for line in lines]


def lines_of(row: Distribution) -> list[Line]:
    """Return the stored division."""
    return [Line(**{**line, "account": Account(line["account"])}) for line in row.lines]


def _mark(row: Distribution, lines: list[dict[str, Any]]) -> str:
    return approvals.content_hash({"licence": row.licence_id, "amount": row.amount, "lines": lines})


def _receipt_mark(row: RoyaltyReceipt) -> str:
    return approvals.content_hash({"licence": row.licence_id, "amount": row.amount, "paper": row.paper})
