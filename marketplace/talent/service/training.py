"""Joint training: programmes with a number of places, and who gets them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import CursorResult, update

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.talent import policy, queries
from marketplace.talent.models import Place, Programme
from marketplace.talent.terms import ProgrammeTerms
from marketplace.talent.workflow import PLACE, PROGRAMME, PlaceState, ProgrammeState

MOST_PLACES = 1_000


@use_case
def offer_programme(call: Call, organisation_id: int, terms: ProgrammeTerms) -> Programme:
    """Offer a course, a placement or mentoring to people of other organisations."""
    policy.may_offer(call.actor, organisation_id).require()
    if terms.ends_on < terms.starts_on:
        raise Invalid("talent.days", field="ends_on")
    if not 1 <= terms.places <= MOST_PLACES:
        raise Invalid("talent.places", {"most": MOST_PLACES}, field="places")
    if terms.alliance_id is not None and terms.alliance_id not in queries.alliances_of(organisation_id):
        raise Invalid("talent.other_alliance", field="alliance_id")
    row = Programme(organisation_id=organisation_id, created_at=call.now, **asdict(terms))
    db.session.add(row)
    db.session.flush()
    audit.record(call, "talent.offer_programme", "programme", row.id, {"places": row.places})
    return row


@use_case
def close_programme(call: Call, programme_id: int, reason: str) -> Programme:
    """Take no more people; places that were given stay."""
    row = queries.get_programme(call, programme_id)
    policy.may_offer(call.actor, row.organisation_id).require()
    row.state, row.reason = PROGRAMME.require(row.state, "close"), reason
    audit.record(call, "talent.close_programme", "programme", row.id)
    return row


@use_case
def ask_place(call: Call, programme_id: int) -> Place:
    """Ask for a place for oneself."""
    row = queries.get_programme(call, programme_id)
    if call.actor.account is None:
        raise Forbidden("approvals.no_person")
    if row.state is not ProgrammeState.OPEN:
        raise Conflict("talent.programme_closed")
    if queries.own_place(call.actor, row.id) is not None:
        raise Conflict("talent.asked")
    place = Place(programme_id=row.id, account_id=call.actor.account, asked_at=call.now)
    db.session.add(place)
    db.session.flush()
    audit.record(call, "talent.ask_place", "programme", row.id, {"place": place.id})
    return place


@use_case
def decide_place(call: Call, place_id: int, event: str) -> Place:
    """Give, refuse or complete a place (``event``). The last place is given once, whoever races for it."""
    place = queries.get_place(call, place_id)
    policy.may_offer(call.actor, place.programme.organisation_id).require()
    if event == "leave":
        raise NotFound("place")
    place.state, place.decided_at = PLACE.require(place.state, event), call.now
    if event == "give":
        _take(place, 1)
    audit.record(call, "talent.decide_place", "programme", place.programme_id, {"place": place.id, "event": event})
    return place


@use_case
def leave_place(call: Call, place_id: int) -> Place:
    """Give one's own place or request back."""
    place = queries.get_place(call, place_id)
    if place.account_id != call.actor.account:
        raise NotFound("place")
    given = place.state is PlaceState.GIVEN
    place.state, place.decided_at = PLACE.require(place.state, "leave"), call.now
    if given:
        _take(place, -1)
    audit.record(call, "talent.leave_place", "programme", place.programme_id, {"place": place.id})
    return place


def _take(place: Place, count: int) -> None:
    """The condition is in the UPDATE itself, so that two decisions cannot both give the last place."""
    p = Programme
    change = update(p).where(p.id == place.programme_id, p.taken + count <= p.places).values(taken=p.taken + count)
    done = db.session.execute(change.execution_options(synchronize_session=False))
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise Conflict("talent.no_place_left")
    db.session.expire(place.programme)
