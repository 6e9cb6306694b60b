"""Confidentiality agreements: a team asks, its institution signs, the enterprise may decline or revoke, the clock ends them."""

from __future__ import annotations

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.orders import agreement, ndas, policy, queries
from marketplace.orders.mail import tell, tell_enterprise
from marketplace.orders.models import Nda
from marketplace.orders.workflow import NDA, NDA_ALIVE, NdaState
from marketplace.talent.models import Team


@use_case
def request_nda(call: Call, order_id: int, team_id: int) -> Nda:
    """A team asks for the confidential part of an order; the institution's signatory is told."""
    order = queries.get_order(call, order_id, lock=True)
    team = db.session.get(Team, team_id)
    if team is None or not policy.acts_for(call.actor, team.organisation_id, team.id):
        raise NotFound("team")
    policy.may_request_nda(call.actor, order, team).require()
    if not queries.is_open(order, call.now):
        raise Conflict("orders.nda_too_late")
    if not ndas.has_secret(order):
        raise Conflict("orders.no_secret")
    if ndas.find_alive(order.id, team.id) is not None:
        raise Conflict("orders.nda_already")
    nda = Nda(
        order_id=order.id,
        team_id=team.id,
        organisation_id=team.organisation_id,
        state=NdaState.REQUESTED,
        requested_by=call.actor.account,
        requested_at=call.now,
    )
    db.session.add(nda)
    db.session.flush()
    tell(call, ndas.signatories(team.organisation_id), order, "nda_requested", nda_id=nda.id)
    audit.record(call, "orders.request_nda", "nda", nda.id, {"order": order.id, "team": team.id})
    return nda


@use_case
def sign_nda(call: Call, nda_id: int, fingerprint: str) -> Nda:
    """The institution's signatory signs exactly the text that was shown; from this moment the team reads."""
    nda = ndas.get_nda(call, nda_id)
    policy.may_sign_nda(call.actor, nda).require()
    _move(call, nda, "sign")
    if fingerprint != agreement.fingerprint(nda.order, nda.team):
        raise Conflict("orders.nda_changed")
    nda.signed_by, nda.signatory, nda.signed_at = call.actor.account, call.actor.name, call.now
    nda.expires_at = call.now + agreement.ACCESS
    nda.digest = fingerprint
    tell(call, ndas.correspondents(nda), nda.order, "nda_signed", nda_id=nda.id)
    tell_enterprise(call, nda.order, "nda_given")
    audit.record(call, "orders.sign_nda", "nda", nda.id, {"digest": fingerprint})
    return nda


@use_case
def withdraw_nda(call: Call, nda_id: int) -> Nda:
    """The team takes its request back."""
    nda = ndas.get_nda(call, nda_id)
    policy.may_withdraw_nda(call.actor, nda).require()
    _move(call, nda, "withdraw")
    audit.record(call, "orders.withdraw_nda", "nda", nda.id)
    return nda


@use_case
def decline_nda(call: Call, nda_id: int, reason: str) -> Nda:
    """The enterprise declines a request, with words for the team."""
    return _end(call, nda_id, "decline", reason)


@use_case
def revoke_nda(call: Call, nda_id: int, reason: str) -> Nda:
    """The enterprise ends access early; pages that are open show nothing any more at the next click."""
    return _end(call, nda_id, "revoke", reason)


@use_case
def expire_nda(call: Call, nda_id: int) -> Nda:
    """The clock notes the end of a term; access itself ended to the second."""
    nda = db.session.get(Nda, nda_id, populate_existing=True)
    if nda is None or not call.actor.is_system:
        raise NotFound("nda")
    if nda.is_live(call.now):
        raise Conflict("orders.too_early")
    _move(call, nda, "expire")
    tell(call, ndas.correspondents(nda), nda.order, "nda_ended", nda_id=nda.id)
    audit.record(call, "orders.expire_nda", "nda", nda.id)
    return nda


def _end(call: Call, nda_id: int, event: str, reason: str) -> Nda:
    nda = ndas.get_nda(call, nda_id)
    policy.may_end_nda(call.actor, nda).require()
    _move(call, nda, event, reason)
    tell(call, ndas.correspondents(nda), nda.order, "nda_ended", nda_id=nda.id)
    audit.record(call, f"orders.{event}_nda", "nda", nda.id, {"reason": nda.reason})
    return nda


def _move(call: Call, nda: Nda, event: str, reason: str = "") -> None:
    target = NDA.require(nda.state, event)
    if any(t.event == event and t.needs_reason for t in NDA.transitions) and not reason.strip():
        raise Invalid("orders.reason_needed", field="reason")
    nda.state, nda.reason = target, reason.strip()
    if target not in NDA_ALIVE:
        nda.ended_at = call.now
