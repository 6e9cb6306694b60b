"""Both parties' word, and what follows from it: the contract, or the next alternative."""

from __future__ import annotations

from marketplace.audit import service as audit
from marketplace.awards import policy, queries
from marketplace.awards.freezing import is_frozen
from marketplace.awards.models import Award
from marketplace.awards.telling import tell_bidder, tell_enterprise
from marketplace.awards.undoing import undo
from marketplace.awards.workflow import AWARD, Party
from marketplace.db.transaction import use_case
from marketplace.jobs import queue
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.orders import lifecycle as order_lifecycle

MOVE_UP_JOB = "awards.move_up"
LAPSED = "未在期限内确认成交结果 / the award was not confirmed in time"
DECLINED = "一方放弃成交 / one party declined the award"
"""Kept with the order and the notice as they stand: records in both languages, not texts of the site."""


@use_case
def confirm(call: Call, award_id: int, party: Party) -> Award:
    """An owner gives a party's word for the award; both words and a quiet standstill lead to the contract."""
    award = queries.get_award(call, award_id, lock=True)
    _may_speak(call, award, party)
    AWARD.require(award.state, "start_contract")
    if call.now >= award.confirm_by:
        raise Conflict("awards.confirm_over")
    if _word(award, party) is not None:
        raise Conflict("awards.confirmed_already")
    if party is Party.ENTERPRISE:
        award.enterprise_confirmed_at, award.enterprise_confirmed_by = call.now, call.actor.account
    else:
        award.team_confirmed_at, award.team_confirmed_by = call.now, call.actor.account
    audit.record(call, "awards.confirm", "award", award.id, {"order": award.order_id, "party": party.value})
    return award


@use_case
def decline(call: Call, award_id: int, party: Party, reason: str) -> Award:
    """An owner says that a party will not conclude the contract: all is given back, and the next alternative moves up.

    A declining team's bid is out.
    """
    award = queries.get_award(call, award_id, lock=True)
    _may_speak(call, award, party)
    if not reason.strip():
        raise Invalid("awards.reason_needed", field="reason")
    undo(call, award, "decline", reason.strip(), DECLINED, exclude_winner=party is Party.TEAM)
    queue.enqueue(call, MOVE_UP_JOB, award.id)
    audit.record(call, "awards.decline", "award", award.id, {"order": award.order_id, "party": party.value})
    return award


@use_case
def lapse(call: Call, award_id: int) -> Award:
    """By rule: who did not confirm in time gives the award up; if the team kept silent, its bid is out."""
    if not call.actor.is_system:
        raise Forbidden("awards.staff_only")
    award = queries.get_award(call, award_id, lock=True)
    if call.now < award.confirm_by or award.confirmed or is_frozen(award.id, call.now):
        raise Conflict("awards.not_due")
    undo(call, award, "lapse", LAPSED, LAPSED, exclude_winner=award.team_confirmed_at is None)
    audit.record(call, "awards.lapse", "award", award.id, {"order": award.order_id})
    return award


@use_case
def start_contract(call: Call, award_id: int) -> Award:
    """After a standstill without an open objection, and with both parties' word, the contract may be drawn up."""
    award = queries.get_award(call, award_id, lock=True)
    policy.may_start(call.actor, award.proposal.run.round.alliance_id).require()
    target = AWARD.require(award.state, "start_contract")
    require_startable(call, award)
    order_lifecycle.move(call, award.order, "start_contract")
    award.state, award.started_at = target, call.now
    tell_enterprise(call, award, "award_contracting")
    tell_bidder(call, award, award.bid, "award_contracting")
    audit.record(call, "awards.start_contract", "award", award.id, {"order": award.order_id})
    return award


def require_startable(call: Call, award: Award) -> None:
    """Raise Conflict saying what a contract still waits for."""
    if call.now < award.standstill_ends_at:
        raise Conflict("awards.standstill")
    if is_frozen(award.id, call.now):
        raise Conflict("awards.frozen")
    if not award.confirmed:
        raise Conflict("awards.unconfirmed")


def _may_speak(call: Call, award: Award, party: Party) -> None:
    sides = queries.sides_of(award)
    if party is Party.ENTERPRISE:
        policy.may_confirm_enterprise(call.actor, sides).require()
    else:
        policy.may_confirm_team(call.actor, sides).require()


def _word(award: Award, party: Party) -> object:
    return award.enterprise_confirmed_at if party is Party.ENTERPRISE else award.team_confirmed_at
