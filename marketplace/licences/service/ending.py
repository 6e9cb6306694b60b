"""A licence ends: with its term, by its licensee, or by its licensor's side, which may have become several owners."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.licences import due, policy, queries, wishes
from marketplace.licences.models import Licence
from marketplace.licences.service.agreeing import tell
from marketplace.licences.service.chaining import end_below
from marketplace.licences.workflow import LICENCE, LicenceState, Side
from marketplace.patents import queries as patents

TERM_OVER = "期限届满 / the term is over"
"""Why a licence ended by itself: a record in both languages."""


@use_case
def end(call: Call, licence_id: int, reason: str) -> Licence:
    """The licensee gives a running licence up, or the licensor ends it because the contract was broken.

    Where the licensor's patents have come to several owners, the licence ends once each of them asked for it: a right that
    several have together is used together. Until then it runs.
    """
    row = queries.get_licence(call, licence_id, hold=True)
    allowed = policy.may_end(call.actor, row)
    if allowed.reason in {"licences.irrevocable", "licences.handed_on", "licences.owner_outside"}:
        raise Conflict(allowed.reason)
    allowed.require()
    target = LICENCE.require(row.state, "end")
    if not policy.gives_up(call.actor, row):
        asking, missing = wishes.say_end(call, row, reason)
        if missing:
            for owner in missing if asking else ():
                tell(call, row, owner, "licence_end_asked")
            audit.record(call, "licences.ask_end", "licence", row.id, {"owners": asking})
            return row
    _end(call, row, target, reason)
    return row


@use_case
def let_run(call: Call, licence_id: int) -> Licence:
    """An owner that asked for the end of a licence lets it run after all. Raises Conflict ``licences.not_asked``."""
    row = queries.get_licence(call, licence_id, hold=True)
    policy.may_act_for(call.actor, row, Side.LICENSOR).require()
    gone = wishes.take_end_back(call, row) if row.state is LicenceState.RUNNING else []
    if not gone:
        raise Conflict("licences.not_asked")
    audit.record(call, "licences.let_run", "licence", row.id, {"owners": gone})
    return row


@use_case
def end_of_term(call: Call, licence_id: int) -> Licence:
    """A licence ends with its term, whether or not anybody says so. Raises Conflict before, and where it runs no more."""
    row = db.session.scalar(select(Licence).where(Licence.id == licence_id).with_for_update())
    if row is None or row.ends_on is None or row.ends_on >= patents.today(call):
        raise Conflict("licences.term_runs")
    _end(call, row, LICENCE.require(row.state, "end"), TERM_OVER)
    return row


@use_case
def remind_of_term(call: Call, licence_id: int) -> None:
    """Tell both sides of a licence once that its term ends soon."""
    row = db.session.get_one(Licence, licence_id)
    for organisation_id in sorted({row.licensee_id} | policy.owners(row)):
        tell(call, row, organisation_id, "licence_ends")
    audit.record(call, due.REMINDED, "licence", row.id)


def _end(call: Call, row: Licence, target: LicenceState, reason: str) -> None:
    row.state, row.reason, row.ended_at = target, reason, call.now
    below = end_below(call, row)
    told = {one.licensee_id for one in (row, *below)} | policy.owners(row)
    for organisation_id in sorted(told - call.actor.organisations):
        tell(call, row, organisation_id, "licence_ended")
    audit.record(call, "licences.end", "licence", row.id, {"sublicences": len(below)} if below else None)
