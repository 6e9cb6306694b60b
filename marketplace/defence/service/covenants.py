"""Covenants: proposed for an alliance, put in force by a second person, joined and left by its members."""

from __future__ import annotations

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.defence import policy, promises, queries
from marketplace.defence.models import Covenant, CovenantMember, CovenantTransfer
from marketplace.defence.terms import CovenantTerms
from marketplace.defence.workflow import COVENANT, CovenantKind, CovenantState
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.pools import queries as pools


@use_case
def propose_covenant(call: Call, alliance_id: int, terms: CovenantTerms) -> Covenant:
    """Write a covenant for the members of an alliance."""
    policy.may_serve(call.actor, alliance_id).require()
    if terms.kind is CovenantKind.NON_ASSERTION and terms.field is None:
        raise Invalid("defence.covenant_field", field="field")
    row = Covenant(
        alliance_id=alliance_id,
        kind=terms.kind,
        title=terms.title,
        text=terms.text,
        field=terms.field,
        proposed_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    approvals.propose(call, "covenant", row.id, _print(row))
    audit.record(call, "defence.propose_covenant", "covenant", row.id, {"kind": row.kind})
    return row


@use_case
def enact(call: Call, covenant_id: int) -> Covenant:
    """A second person puts exactly this text in force: members may bind themselves from now on."""
    row = queries.get_covenant(call, covenant_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    row.state, row.in_force_at = COVENANT.require(row.state, "enact"), call.now
    approvals.approve(call, "covenant", row.id, _print(row))
    audit.record(call, "defence.enact", "covenant", row.id)
    return row


@use_case
def stop_covenant(call: Call, covenant_id: int, reason: str) -> Covenant:
    """Reject a proposed covenant, or end one that is in force, with words for everybody."""
    row = queries.get_covenant(call, covenant_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    event = "reject" if row.state is CovenantState.PROPOSED else "end"
    row.state, row.reason, row.ended_at = COVENANT.require(row.state, event), reason, call.now
    audit.record(call, "defence.stop_covenant", "covenant", row.id, {"event": event})
    return row


@use_case
def bind(call: Call, covenant_id: int, organisation_id: int) -> CovenantMember:
    """Bind one's organisation from this moment on. Who left may come back, bound anew: the time between stays unbound."""
    row = queries.get_covenant(call, covenant_id)
    policy.may_act_for(call.actor, organisation_id).require()
    if row.state is not CovenantState.IN_FORCE:
        raise Conflict("defence.covenant_not_in_force")
    if row.alliance_id not in {alliance.id for alliance in pools.alliances_of(organisation_id)}:
        raise Forbidden("defence.not_member")
    if any(each.organisation_id == organisation_id and each.left_at is None for each in row.members):
        raise Conflict("defence.bound")
    member = CovenantMember(organisation_id=organisation_id, bound_since=call.now)
    row.members.append(member)
    row.version += 1
    audit.record(call, "defence.bind", "covenant", row.id, {"organisation": organisation_id})
    return member


@use_case
def unbind(call: Call, covenant_id: int, organisation_id: int) -> CovenantMember:
    """Leave: patents held until now stay covered, later ones are not."""
    row = queries.get_covenant(call, covenant_id)
    policy.may_act_for(call.actor, organisation_id).require()
    bound = (each for each in row.members if each.organisation_id == organisation_id and each.left_at is None)
    member = next(bound, None)
    if member is None:
        raise Conflict("defence.not_bound")
    member.left_at = call.now
    row.version += 1
    audit.record(call, "defence.unbind", "covenant", row.id, {"organisation": organisation_id})
    return member


@use_case
def spring(call: Call, transfer_id: int, reason: str) -> CovenantTransfer:
    """Bring a covenant into effect for a transfer that waited: its buyer turned out to be one who only asserts."""
    row = queries.get_transfer(call, transfer_id, lock=True)
    policy.may_serve(call.actor, row.covenant.alliance_id).require()
    if row.sprung_at is not None:
        raise Conflict("defence.sprung")
    if not row.patent.is_public:
        raise Conflict("defence.undisclosed")
    row.asserts, row.reason = True, reason
    licensed = promises.take_effect(call, row)
    audit.record(call, "defence.spring", "covenant", row.covenant_id, {"patent": row.patent_id, "licensed": licensed})
    return row


def _print(row: Covenant) -> str:
    return approvals.content_hash({"kind": row.kind, "title": row.title, "text": row.text, "field": row.field})
