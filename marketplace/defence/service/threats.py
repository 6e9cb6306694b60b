"""Watches, and threats told in confidence."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.defence import policy, queries
from marketplace.defence.models import Threat, Watch
from marketplace.defence.terms import ThreatTerms, WatchTerms
from marketplace.defence.workflow import THREAT
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Forbidden, Invalid, NotFound


@use_case
def add_watch(call: Call, organisation_id: int, terms: WatchTerms) -> Watch:
    """Look out for patents that come in from now on."""
    policy.may_act_for(call.actor, organisation_id).require()
    if not (terms.words.strip() or terms.ipc.strip() or terms.applicant.strip()):
        raise Invalid("defence.watch_empty", field="words")
    row = Watch(
        organisation_id=organisation_id,
        name=terms.name,
        words=terms.words,
        ipc=terms.ipc,
        applicant=terms.applicant,
        created_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "defence.add_watch", "watch", row.id)
    return row


@use_case
def end_watch(call: Call, watch_id: int) -> None:
    """Look out no more."""
    row = db.session.scalar(select(Watch).where(Watch.id == watch_id)) if watch_id < 2**63 else None
    if row is None or row.ended_at is not None or not policy.may_act_for(call.actor, row.organisation_id):
        raise NotFound("watch")
    row.ended_at = call.now
    audit.record(call, "defence.end_watch", "watch", row.id)


@use_case
def report_threat(call: Call, organisation_id: int, terms: ThreatTerms) -> Threat:
    """Tell the alliance's staff, and nobody else, what is held against a member."""
    policy.may_act_for(call.actor, organisation_id).require()
    if terms.alliance_id not in call.actor.alliances:
        raise Forbidden("defence.not_member")
    row = Threat(
        organisation_id=organisation_id,
        alliance_id=terms.alliance_id,
        kind=terms.kind,
        asserted=terms.asserted,
        who=terms.who,
        text=terms.text,
        reported_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "defence.report", "threat", row.id)
    return row


@use_case
def close_threat(call: Call, threat_id: int, reason: str) -> Threat:
    """Lay a threat aside, with words for its reporter."""
    row = queries.get_threat(call, threat_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    row.state, row.reason, row.closed_at = THREAT.require(row.state, "close"), reason, call.now
    audit.record(call, "defence.close_threat", "threat", row.id)
    return row
