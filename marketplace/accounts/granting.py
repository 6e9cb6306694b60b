"""Roles of staff: one administrator proposes, a different natural person approves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from marketplace.accounts import policy, queries, service
from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import GRANT, AccountState, GrantState
from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import STAFF, Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid

KIND = "grant"


@use_case
def found(call: Call, *, name: str, email: str, identity_number: str, password: str) -> Account:
    """Open the account of a first administrator, for the operator of the server only.

    Raises Conflict ``accounts.founded`` once two people administer or are to: then roles take two of them.
    """
    if not call.actor.is_system:
        raise Forbidden("role_needed")
    if len(queries.administrators()) >= queries.FEWEST_ADMINISTRATORS:
        raise Conflict("accounts.founded")
    account = service.open_account(call, name=name, identity_number=identity_number, email=email, password=password)
    grant = service.add_grant(call, account, Role.ADMINISTRATOR)
    audit.record(call, "accounts.found", KIND, grant.id, content(grant))
    return account


@use_case
def propose_grant(call: Call, email: str, role: Role, reason: str, alliance_id: int | None = None) -> AccountGrant:
    """Propose a staff role for somebody else's account; it gives no rights yet.

    Raises Invalid on ``email``, ``role`` or ``alliance_id``, Conflict ``accounts.role_held``.
    """
    policy.may_administer(call.actor).require()
    account = queries.find_account(email)
    if account is None or account.state is not AccountState.ACTIVE:
        raise Invalid("accounts.no_such_account", field="email")
    policy.may_decide(call.actor, account).require()
    _check(role, alliance_id)
    _refuse_twice(account, role, alliance_id)
    grant = AccountGrant(
        account_id=account.id,
        role=role,
        alliance_id=alliance_id,
        state=GrantState.PROPOSED,
        reason=reason,
        created_at=call.now,
    )
    db.session.add(grant)
    db.session.flush()
    approvals.propose(call, KIND, grant.id, fingerprint(grant))
    audit.record(call, "accounts.propose_grant", KIND, grant.id, content(grant))
    return grant


@use_case
def approve_grant(call: Call, grant_id: int) -> None:
    """Put a proposed role into force, as a second natural person who does not gain by it."""
    grant = _decidable(call, grant_id)
    grant.state = GRANT.require(grant.state, "approve")
    approvals.approve(call, KIND, grant.id, fingerprint(grant))
    audit.record(call, "accounts.approve_grant", KIND, grant.id, content(grant))


@use_case
def reject_grant(call: Call, grant_id: int, reason: str) -> None:
    """Refuse a proposed role; its proposer may do so too."""
    grant = _decidable(call, grant_id)
    grant.state, grant.ended_at = GRANT.require(grant.state, "reject"), call.now
    audit.record(call, "accounts.reject_grant", KIND, grant.id, {**content(grant), "refused_because": reason})


@use_case
def end_grant(call: Call, grant_id: int) -> None:
    """Take a staff role away; its rights end with the next request. Two administrators always remain."""
    grant = _decidable(call, grant_id)
    if grant.role not in STAFF:
        raise Invalid("accounts.staff_roles_only")
    grant.state, grant.ended_at = GRANT.require(grant.state, "end"), call.now
    db.session.flush()
    if (
        grant.role is Role.ADMINISTRATOR
        and len(queries.administrators(AccountState.ACTIVE)) < queries.FEWEST_ADMINISTRATORS
    ):
        raise Conflict("accounts.last_administrator")
    audit.record(call, "accounts.end_grant", KIND, grant.id, content(grant))


def content(grant: AccountGrant) -> dict[str, Any]:
    """Return what two people stand for: whom, which role and where."""
    return {
        "account": grant.account_id,
        "role": str(grant.role),
        "alliance": grant.alliance_id,
        "reason": grant.reason,
    }


def fingerprint(grant: AccountGrant) -> str:
    return approvals.content_hash(content(grant))


def _check(role: Role, alliance_id: int | None) -> None:
    if role not in STAFF:
        raise Invalid("accounts.staff_roles_only", field="role")
    known = alliance_id in {number for number, _ in queries.alliance_names()}
    if (role is Role.ALLIANCE_SECRETARY) is not known or (alliance_id is not None and not known):
        raise Invalid("accounts.alliance_needed", field="alliance_id")


def _refuse_twice(account: Account, role: Role, alliance_id: int | None) -> None:
    held = db.session.scalar(
        select(AccountGrant.id).where(
            AccountGrant.account_id == account.id,
            AccountGrant.role == role,
            AccountGrant.alliance_id.is_not_distinct_from(alliance_id),
            AccountGrant.state.in_([GrantState.PROPOSED, GrantState.ACTIVE]),
        )
    )
    if held is not None:
        raise Conflict("accounts.role_held", field="role")


def _decidable(call: Call, grant_id: int) -> AccountGrant:
    policy.may_administer(call.actor).require()
    grant = queries.get_grant(call, grant_id)
    db.session.refresh(grant, with_for_update=True)  # two administrators deciding at once decide one after the other
    policy.may_decide(call.actor, grant.account).require()
    return grant
