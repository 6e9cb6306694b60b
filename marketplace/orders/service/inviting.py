"""Teams are invited to orders, admitted to the framework pool, and hear of new orders in the fields they follow."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.kernel.fields import Field
from marketplace.orders import following, inviting, policy, queries
from marketplace.orders.mail import tell
from marketplace.orders.models import Digest, FollowedField, Order, OrderInvitation, PoolPlace
from marketplace.orders.workflow import INVITATION, POOL, Frequency, InvitationState, PoolState
from marketplace.organisations.workflow import OrganisationState
from marketplace.outbox import service as outbox
from marketplace.talent.models import Team

PLACE = timedelta(days=730)
"""How long a place in the framework pool lasts."""


@use_case
def invite_team(call: Call, order_id: int, team_id: int, why: str) -> OrderInvitation:
    """The enterprise or a screener asks one team to answer, with the reason; it hears by mail once the order is published."""
    order = queries.get_order(call, order_id, lock=True)
    policy.may_invite(call.actor, order).require()
    team = db.session.get(Team, team_id)
    if team is None or team.organisation.is_enterprise or team.organisation.state is not OrganisationState.VERIFIED:
        raise NotFound("team")
    if team.organisation_id == order.organisation_id:
        raise Conflict("orders.own_team")
    if call.actor.account is None:
        raise Forbidden("hidden")
    if not why.strip():
        raise Invalid("orders.reason_needed", field="why")
    row = inviting.find(order.id, team.id)
    if row is None:
        row = OrderInvitation(order_id=order.id, team_id=team.id, state=InvitationState.INVITED)
        db.session.add(row)
    else:
        row.state = INVITATION.require(row.state, "renew")
    row.why, row.invited_by, row.invited_at, row.decided_at = why.strip(), call.actor.account, call.now, None
    db.session.flush()
    if queries.is_open(order, call.now):
        tell(call, inviting.correspondents(team), order, "order_invited")
    audit.record(call, "orders.invite", "order_invitation", row.id, {"order": order.id, "team": team.id})
    return row


@use_case
def withdraw_invitation(call: Call, invitation_id: int) -> OrderInvitation:
    """Whoever may invite takes an invitation back; a bid that was sealed by then stays and counts."""
    row = inviting.get_invitation(call, invitation_id)
    policy.may_invite(call.actor, row.order).require()
    row.state, row.decided_at = INVITATION.require(row.state, "withdraw"), call.now
    audit.record(call, "orders.withdraw_invitation", "order_invitation", row.id)
    return row


@use_case
def decline_invitation(call: Call, invitation_id: int) -> OrderInvitation:
    """The team says that it will not answer."""
    row = inviting.get_invitation(call, invitation_id)
    if not policy.acts_for(call.actor, row.team.organisation_id, row.team_id):
        raise Forbidden("hidden")
    row.state, row.decided_at = INVITATION.require(row.state, "decline"), call.now
    audit.record(call, "orders.decline_invitation", "order_invitation", row.id)
    return row


def tell_invited(call: Call, order: Order) -> None:
    """Queue the mail to all invited teams of an order that was just published; for use inside its use case."""
    for row in inviting.list_of_order(order):
        if row.state is InvitationState.INVITED:
            tell(call, inviting.correspondents(row.team), order, "order_invited")


@use_case
def apply_to_pool(call: Call, alliance_id: int, team_id: int, statement: str) -> PoolPlace:
    """A team asks for a place in an alliance's framework pool and says what it stands for."""
    team = db.session.get(Team, team_id)
    if team is None or not policy.acts_for(call.actor, team.organisation_id, team.id):
        raise NotFound("team")
    policy.may_apply(call.actor, team).require()
    if db.session.get(Alliance, alliance_id) is None:
        raise NotFound("alliance")
    if not statement.strip():
        raise Invalid("orders.statement_needed", field="statement")
    if inviting.find_place(alliance_id, team.id) is not None:
        raise Conflict("orders.pool_already")
    row = PoolPlace(
        alliance_id=alliance_id,
        team_id=team.id,
        state=PoolState.APPLIED,
        statement=statement.strip(),
        applied_by=call.actor.account,
        applied_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "orders.apply_to_pool", "pool_place", row.id, {"team": team.id, "alliance": alliance_id})
    return row


@use_case
def decide_place(call: Call, place_id: int, event: str, reason: str = "") -> PoolPlace:
    """The alliance's secretary or an officer admits, refuses or ends a place; what takes something away needs words."""
    row = db.session.get(PoolPlace, place_id, populate_existing=True)
    if row is None or not policy.may_keep_pool(call.actor, row.alliance_id):
        raise NotFound("pool")
    row.state = POOL.require(row.state, event)
    if any(t.event == event and t.needs_reason for t in POOL.transitions) and not reason.strip():
        raise Invalid("orders.reason_needed", field="reason")
    row.reason, row.decided_at = reason.strip(), call.now
    if row.state is PoolState.ADMITTED:
        row.expires_at = call.now + PLACE
    audit.record(call, f"orders.pool_{event}", "pool_place", row.id, {"reason": row.reason})
    return row


@use_case
def follow_fields(call: Call, fields: Collection[Field], frequency: Frequency) -> None:
    """Somebody chooses the fields to hear about and how often; no field means no mail."""
    if call.actor.account is None:
        raise Forbidden("hidden")
    row = db.session.get(Digest, call.actor.account)
    if row is None and fields:
        row = Digest(account_id=call.actor.account, frequency=frequency, sent_at=call.now)
        db.session.add(row)
    if row is not None:
        row.frequency = frequency
        kept = {followed.field: followed for followed in row.fields}
        row.fields = [kept.get(field) or FollowedField(field=field) for field in sorted(set(fields))]
    audit.record(call, "orders.follow", "account", call.actor.account, {"fields": len(set(fields))})


@use_case
def send_digest(call: Call, account_id: int) -> None:
    """The clock tells one follower that there are new orders: a link to the board, no content and no number."""
    row, account = db.session.get(Digest, account_id, populate_existing=True), db.session.get(Account, account_id)
    if row is None or account is None or not call.actor.is_system:
        raise NotFound("account")
    if call.now < row.sent_at + following.EVERY[row.frequency]:
        raise Conflict("orders.too_early")
    if following.has_news(account, row, call.now):
        outbox.enqueue(call, account.email, "order_digest", {"account": account.id}, account.locale)
    row.sent_at = call.now
    audit.record(call, "orders.digest", "account", account.id)
