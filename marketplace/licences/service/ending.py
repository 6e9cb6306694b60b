"""A licence ends: with its term, by its licensee, or by its licensor's side, which may have become several owners."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.licences import policy, queries
from marketplace.licences.models import Licence
from marketplace.licences.service.agreeing import tell
from marketplace.licences.service.chaining import end_below
from marketplace.licences.workflow import LICENCE, LicenceState
from marketplace.patents import queries as patents

TERM_OVER = "期限届满 / the term is over"
"""Why a licence ended by itself: a record in both languages."""


@use_case
def end(call: Call, licence_id: int, reason: str) -> Licence:
    """The licensee gives a running licence up, or the licensor ends it because the contract was broken.

    Where the licensor's patents have come to several owners, the licence ends once each of them asked for it: a right that
    several have together is used together. Until then it runs.
    """
    row = queries.get_licence(call, licence_id)
    allowed = policy.may_end(call.actor, row)
    if allowed.reason in {"licences.irrevocable", "licences.handed_on", "licences.owner_outside"}:
        raise Conflict(allowed.reason)
    allowed.require()
    target = LICENCE.require(row.state, "end")
    if row.licensee_id not in call.actor.organisations and _others_must_ask(call, row, reason):
        audit.record(call, "licences.ask_end", "licence", row.id)
        return row
    _end(call, row, target, reason)
    return row


@use_case
def end_of_term(call: Call, licence_id: int) -> Licence:
    """A licence ends with its term, whether or not anybody says so. Raises Conflict before."""
    row = db.session.scalar(select(Licence).where(Licence.id == licence_id).with_for_update())
    if row is None or row.ends_on is None or row.ends_on >= patents.today(call):
        raise Conflict("licences.term_runs")
    _end(call, row, LICENCE.require(row.state, "end"), TERM_OVER)
    return row


def _others_must_ask(call: Call, row: Licence, reason: str) -> bool:
    """Note the wish of the caller's organisations, and tell the owners that have not asked; False when all have."""
    asked = queries.ends_asked(row)
    for owner in asked.keys() & call.actor.organisations:
        approvals.propose(call, "licence_end", row.id, queries.end_mark(row, owner), reason)
    missing = [owner for owner, done in queries.ends_asked(row).items() if not done and owner is not None]
    for owner in missing:
        tell(call, row, owner, "licence_end_asked")
    return bool(missing)


def _end(call: Call, row: Licence, target: LicenceState, reason: str) -> None:
    row.state, row.reason, row.ended_at = target, reason, call.now
    below = end_below(call, row)
    audit.record(call, "licences.end", "licence", row.id, {"sublicences": len(below)} if below else None)
