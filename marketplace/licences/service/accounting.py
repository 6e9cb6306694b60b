"""Quarterly statements: called for, filed, questioned by right of audit, accepted, and asked for again when late."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.licences import policy, queries, wishes
from marketplace.licences.models import Licence, RoyaltyStatement
from marketplace.licences.service.agreeing import tell
from marketplace.licences.workflow import STATEMENT, LicenceState, Side
from marketplace.patents import queries as patents


@use_case
def call_for_statement(call: Call, licence_id: int, period: str, due_on: date) -> RoyaltyStatement:
    """Ask a licensee for the statement of a quarter that is over."""
    licence = db.session.scalar(select(Licence).where(Licence.id == licence_id).with_for_update())
    ran = licence is not None and licence.state in {LicenceState.RUNNING, LicenceState.ENDED}
    if licence is None or not ran or not licence.has_royalty:
        raise Conflict("licences.not_running")
    row = RoyaltyStatement(licence_id=licence.id, period=period, due_on=due_on)
    db.session.add(row)
    db.session.flush()
    tell(call, licence, licence.licensee_id, "statement_due")
    audit.record(call, "licences.call_for_statement", "royalty_statement", row.id, {"period": period})
    return row


@use_case
def file_statement(call: Call, statement_id: int, sales: int) -> RoyaltyStatement:
    """The licensee says what was sold; the royalty follows from the licence's rate."""
    row = queries.get_statement(call, statement_id)
    policy.may_act_for(call.actor, row.licence, Side.LICENSEE).require()
    if not 0 <= sales <= money.MAX_FEN:
        raise Invalid("licences.amount", field="sales")
    row.state, row.filed_at = STATEMENT.require(row.state, "file"), call.now
    row.sales, row.royalty = sales, money.share(sales, row.licence.rate)
    audit.record(call, "licences.file_statement", "royalty_statement", row.id, {"period": row.period})
    return row


@use_case
def question_statement(call: Call, statement_id: int, reason: str) -> RoyaltyStatement:
    """The licensor uses its right of audit (Civil Code 846): the statement must be filed anew with the papers asked for."""
    row = queries.get_statement(call, statement_id)
    policy.may_act_for(call.actor, row.licence, Side.LICENSOR).require()
    row.state, row.reason = STATEMENT.require(row.state, "question"), reason
    tell(call, row.licence, row.licence.licensee_id, "statement_questioned")
    audit.record(call, "licences.question_statement", "royalty_statement", row.id, {"period": row.period})
    return row


@use_case
def accept_statement(call: Call, statement_id: int) -> RoyaltyStatement:
    """The licensor accepts the statement; of several owners each accepts it, and any of them alone may question it."""
    row = queries.get_statement(call, statement_id, hold=True)
    policy.may_act_for(call.actor, row.licence, Side.LICENSOR).require()
    target = STATEMENT.require(row.state, "accept")
    owners, all_did = wishes.say_accept(call, row)
    if all_did:
        row.state = target
    command = "licences.accept_statement" if all_did else "licences.accept_for_owner"
    audit.record(
        call, command, "royalty_statement", row.id, {"period": row.period} | ({"owners": owners} if owners else {})
    )
    return row


@use_case
def remind_statement(call: Call, statement_id: int) -> None:
    """Ask a licensee whose statement is late once more."""
    row = db.session.get_one(RoyaltyStatement, statement_id)
    row.reminded_on = patents.today(call)
    tell(call, row.licence, row.licence.licensee_id, "statement_late")
    audit.record(call, "licences.remind_statement", "royalty_statement", row.id, {"period": row.period})
