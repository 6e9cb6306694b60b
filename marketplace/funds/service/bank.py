"""A bank statement is compared with the ledger, and the comparison is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds import policy, queries
from marketplace.funds.bank_queries import comparison_of, statement_known
from marketplace.funds.models import BankStatement
from marketplace.funds.reconciliation import Difference
from marketplace.funds.terms import BankLine
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict


@use_case
def keep_bank_statement(
    call: Call, fund_id: int, lines: Sequence[BankLine], digest: str, file_name: str
) -> BankStatement:
    """Keep how a statement compares with the ledger at this moment; it moves no money. A file is kept once per fund."""
    fund = queries.get_fund(call, fund_id)
    policy.may_contribute(call.actor).require()
    if statement_known(fund.id, digest):
        raise Conflict("funds.bank_known")
    found = comparison_of(fund.id, lines)
    row = BankStatement(
        fund_id=fund.id,
        digest=digest,
        file_name=file_name[:200],
        first_on=found.first,
        last_on=found.last,
        lines=len(lines),
        matched=len(found.pairs),
        pairs=[list(pair) for pair in found.pairs],
        differences=[plain(each) for each in found.differences],
        account_id=call.actor.account,
        at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    detail = {"fund": fund.id, "lines": row.lines, "matched": row.matched, "differences": len(row.differences)}
    audit.record(call, "funds.keep_bank_statement", "bank_statement", row.id, detail)
    return row


def plain(each: Difference) -> dict[str, Any]:
    """Return a difference as the table keeps it and pages show it."""
    line, movement = each.line, each.movement
    return {
        "kind": each.kind.value,
        "line": None if line is None else [line.number, line.day.isoformat(), line.amount, line.text],
        "movement": None
        if movement is None
        else [movement.id, movement.day.isoformat(), movement.amount, movement.reference],
    }
