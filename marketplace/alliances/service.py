"""Asking to join an alliance, and deciding about it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.alliances import joining
from marketplace.alliances.models import AllianceMembership
from marketplace.alliances.queries import get_alliance
from marketplace.alliances.workflow import MEMBERSHIP, MembershipState
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.organisations.directory import owners_of
from marketplace.organisations.queries import get_organisation
from marketplace.outbox import service as outbox


@use_case
def request(call: Call, alliance_id: int, organisation_id: int) -> AllianceMembership:
    """Ask for an organisation's membership; after a refusal or an end one may ask again."""
    alliance = get_alliance(call, alliance_id)
    organisation = get_organisation(call, organisation_id)
    joining.may_request(call.actor, organisation).require()
    row = joining.find_membership(alliance.id, organisation.id)
    if row is None:
        row = AllianceMembership(
            alliance_id=alliance.id,
            organisation_id=organisation.id,
            state=MembershipState.REQUESTED,
            requested_at=call.now,
        )
        db.session.add(row)
    else:
        row.state = MEMBERSHIP.require(row.state, "request")
        row.requested_at, row.decided_at, row.reason = call.now, None, ""
    db.session.flush()
    _tell(call, _secretaries(alliance.id), row, "alliance_requested")
    audit.record(call, "alliances.request", "membership", row.id, _places(row))
    return row


@use_case
def admit(call: Call, membership_id: int) -> AllianceMembership:
    """Make the organisation a member. Only a verified one: the centre may have suspended it since it asked."""
    row = _decidable(call, membership_id)
    state = MEMBERSHIP.require(row.state, "admit")
    if not joining.is_verified(row.organisation):
        raise Conflict("alliances.not_verified")
    return _decide(call, row, state, "admit")


@use_case
def refuse(call: Call, membership_id: int, reason: str) -> AllianceMembership:
    """Refuse a request with words."""
    row = _decidable(call, membership_id)
    return _decide(call, row, MEMBERSHIP.require(row.state, "refuse"), "refuse", _given(reason))


@use_case
def end(call: Call, membership_id: int, reason: str) -> AllianceMembership:
    """End a membership with words; what the alliance shows its members is closed to the organisation at once."""
    row = _decidable(call, membership_id)
    return _decide(call, row, MEMBERSHIP.require(row.state, "end"), "end", _given(reason))


def _decidable(call: Call, membership_id: int) -> AllianceMembership:
    row = joining.get_membership(call, membership_id)
    joining.may_decide(call.actor, row).require()
    return row


def _decide(
    call: Call, row: AllianceMembership, state: MembershipState, event: str, reason: str = ""
) -> AllianceMembership:
    row.state, row.reason, row.decided_at = state, reason, call.now
    _tell(call, owners_of(row.organisation_id), row, "alliance_decided")
    audit.record(call, f"alliances.{event}", "membership", row.id, {**_places(row), "reason": reason})
    return row


def _places(row: AllianceMembership) -> dict[str, int]:
    return {"alliance": row.alliance_id, "organisation": row.organisation_id}


def _given(reason: str) -> str:
    text = reason.replace("\x00", "").strip()
    if not text:
        raise Invalid("alliances.reason_needed", field="reason")
    return text


def _secretaries(alliance_id: int) -> list[Account]:
    return list(
        db.session.scalars(
            select(Account)
            .join(AccountGrant, AccountGrant.account_id == Account.id)
            .where(
                AccountGrant.role == Role.ALLIANCE_SECRETARY,
                AccountGrant.alliance_id == alliance_id,
                AccountGrant.state == GrantState.ACTIVE,
                Account.state == AccountState.ACTIVE,
            )
        )
    )


def _tell(call: Call, accounts: Iterable[Account], row: AllianceMembership, template: str) -> None:
    values = {"name": row.organisation.name, "alliance": row.alliance.name, "alliance_id": row.alliance_id}
    for account in accounts:
        outbox.enqueue(call, account.email, template, values, account.locale)
