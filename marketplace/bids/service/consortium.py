"""The lead asks, each member's institution answers for its own team's part: only then can the bid be submitted."""

from __future__ import annotations

from flask import current_app

from marketplace.audit import service as audit
from marketplace.bids import consents, policy, queries, sealing
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid, BidConsent
from marketplace.bids.service.bidding import locked, require_known, require_time
from marketplace.bids.terms import BidTerms, Load
from marketplace.bids.workflow import CONSENT, BidState, ConsentState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.orders import queries as orders
from marketplace.orders.mail import tell
from marketplace.orders.models import Order


@use_case
def ask_partners(call: Call, bid_id: int) -> Bid:
    """The lead asks the institutions of all members who have not authorised their present part, and recalls former members.

    An owner who asks for a team of the own institution authorises it at once.
    """
    bid, order = locked(call, bid_id)
    policy.may_draft(call.actor, order, bid.team).require()
    require_time(call, order)
    terms = queries.own_content(bid).terms
    require_known(order, bid, terms)
    members = {load.team: load for load in consents.partners(bid, terms)}
    if not members:
        raise Invalid("bids.no_partners")
    known = consents.of_bid(bid)
    for team_id in sorted(set(known) - set(members)):
        if CONSENT.allows(known[team_id].state, "recall"):
            known[team_id].state = CONSENT.require(known[team_id].state, "recall")
    asked = [load for team, load in sorted(members.items()) if not _is_standing(known.get(team), order, load, terms)]
    for load in asked:
        _ask(call, bid, order, known.get(load.team), load, consents.part_of(order, load, terms))
    audit.record(call, "bids.ask_partners", "bid", bid.id, {"teams": [load.team for load in asked]})
    return bid


def _is_standing(consent: BidConsent | None, order: Order, load: Load, terms: BidTerms) -> bool:
    if consent is None or consent.state not in {ConsentState.ASKED, ConsentState.GIVEN}:
        return False
    return consents.covers(consent, consents.part_of(order, load, terms))


def _ask(call: Call, bid: Bid, order: Order, row: BidConsent | None, load: Load, part: dict[str, object]) -> None:
    part = consents.salted(part)
    if row is None:
        row = BidConsent(bid_id=bid.id, team_id=load.team, state=ConsentState.ASKED)
        db.session.add(row)
    row.state = CONSENT.require(row.state, "ask")
    row.part = sealing.keep_part(part, current_app.extensions["config"].secret_key)
    row.digest, row.reason = sealing.digest_of(part), ""
    row.asked_at, row.decided_at, row.decided_by = call.now, None, None
    team = queries.teams_named([load.team])[load.team]
    if call.actor.has_for(team.organisation_id, Role.UNIVERSITY_OWNER):
        row.state = CONSENT.require(row.state, "give")
        row.decided_at, row.decided_by = call.now, call.actor.account
        return
    values = {"bid_id": bid.id, "team_id": load.team}
    tell(call, queries.owners_of(team.organisation_id), order, "bid_part_asked", **values)


@use_case
def give_consent(call: Call, bid_id: int, team_id: int, digest: str) -> BidConsent:
    """An owner of the member's institution authorises exactly the part that was read (``digest``)."""
    row = _decided(call, bid_id, team_id, "give")
    if row.digest != digest:
        raise Conflict("bids.part_changed")
    audit.record(call, "bids.give_consent", "bid", bid_id, {"team": team_id, "digest": row.digest})
    return row


@use_case
def refuse_consent(call: Call, bid_id: int, team_id: int, reason: str) -> BidConsent:
    """An owner of the member's institution refuses, with words that the lead reads."""
    row = _decided(call, bid_id, team_id, "refuse", reason)
    audit.record(call, "bids.refuse_consent", "bid", bid_id, {"team": team_id})
    return row


@use_case
def take_consent_back(call: Call, bid_id: int, team_id: int, reason: str) -> BidConsent:
    """The institution takes its word back before the deadline: a submitted bid must then be changed and confirmed again."""
    row = _decided(call, bid_id, team_id, "take_back", reason)
    if row.bid.state is BidState.SUBMITTED:
        move(call, row.bid, "ask_reconfirm")
    tell(call, queries.correspondents(row.bid), row.bid.order, "bid_part_withdrawn", bid_id=bid_id)
    audit.record(call, "bids.take_consent_back", "bid", bid_id, {"team": team_id})
    return row


def _decided(call: Call, bid_id: int, team_id: int, event: str, reason: str = "") -> BidConsent:
    """Move one consent under the lock of its order, as an owner of the member's institution, before the deadline."""
    order = orders.get_order(call, consents.get(call, bid_id, team_id).bid.order_id, lock=True)
    row = consents.get(call, bid_id, team_id)
    policy.may_authorise(call.actor, row.team).require()
    require_time(call, order)
    row.state = CONSENT.require(row.state, event)
    if event != "give" and not reason.strip():
        raise Invalid("bids.reason_needed", field="reason")
    row.reason = reason.strip()
    row.decided_at, row.decided_by = call.now, call.actor.account
    return row
