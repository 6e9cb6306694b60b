"""Reads of invitations and of the framework pool, and the rule who may answer where teams are chosen."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.db.base import db
from marketplace.kernel.call import UNIVERSITY, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders import ndas, policy
from marketplace.orders.models import Order, OrderInvitation, PoolPlace
from marketplace.orders.procedures import Procedure, rules_of
from marketplace.orders.references import called
from marketplace.orders.workflow import AMENDABLE, POOL_ALIVE, InvitationState, PoolState
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind, OrganisationState
from marketplace.talent.models import Team
from marketplace.web.tasks import Task


def admits(order: Order, team: Team, now: datetime) -> bool:
    """Return whether ``team`` may answer: everybody in an open procedure, else who is invited or in the framework pool."""
    if not rules_of(order).invited_only:
        return True
    if order.procedure is Procedure.FRAMEWORK:
        place = find_place(order.alliance_id, team.id)
        return place is not None and place.admits(now)
    found = find(order.id, team.id)
    return found is not None and found.state is InvitationState.INVITED


def find(order_id: int, team_id: int) -> OrderInvitation | None:
    """Return the invitation of a team to an order, in whatever state."""
    return db.session.scalar(
        select(OrderInvitation).where(OrderInvitation.order_id == order_id, OrderInvitation.team_id == team_id)
    )


def find_place(alliance_id: int, team_id: int) -> PoolPlace | None:
    """Return the team's place in the pool that is applied for or held."""
    return db.session.scalar(
        select(PoolPlace).where(
            PoolPlace.alliance_id == alliance_id, PoolPlace.team_id == team_id, PoolPlace.state.in_(POOL_ALIVE)
        )
    )


_WHOLE = (
    joinedload(OrderInvitation.team).joinedload(Team.organisation),
    joinedload(OrderInvitation.order).joinedload(Order.organisation),
)


def list_of_order(order: Order) -> list[OrderInvitation]:
    """Return who was invited; callers ask ``policy.reads_invitations``."""
    query = select(OrderInvitation).where(OrderInvitation.order_id == order.id).options(*_WHOLE)
    return list(db.session.scalars(query.order_by(OrderInvitation.id)))


def get_invitation(call: Call, invitation_id: int) -> OrderInvitation:
    """Return an invitation for its team, the enterprise or a screener; raises NotFound for everybody else."""
    if not 0 < invitation_id < 2**63:
        raise NotFound("invitation")
    query = select(OrderInvitation).where(OrderInvitation.id == invitation_id).options(*_WHOLE)
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None or not policy.may_see_invitation(call.actor, row):
        raise NotFound("invitation")
    return row


def of_actor(call: Call, order: Order) -> list[OrderInvitation]:
    """Return the invitations to ``order`` of teams that the caller acts for."""
    if not call.actor.has(*UNIVERSITY):
        return []
    teams = [team.id for team in ndas.teams_of(call.actor)]
    query = select(OrderInvitation).where(
        OrderInvitation.order_id == order.id,
        OrderInvitation.team_id.in_(teams),
        OrderInvitation.state == InvitationState.INVITED,
    )
    return list(db.session.scalars(query.options(*_WHOLE)))


def invitable_teams(order: Order) -> list[Team]:
    """Return the teams of verified universities and institutes that are not invited yet."""
    taken = select(OrderInvitation.team_id).where(
        OrderInvitation.order_id == order.id, OrderInvitation.state == InvitationState.INVITED
    )
    query = (
        select(Team)
        .join(Team.organisation)
        .where(
            Organisation.kind != OrganisationKind.ENTERPRISE,
            Organisation.state == OrganisationState.VERIFIED,
            Organisation.id != order.organisation_id,
            Team.id.not_in(taken),
        )
    )
    return list(db.session.scalars(query.options(contains_eager(Team.organisation)).order_by(Organisation.id, Team.id)))


def correspondents(team: Team) -> list[Account]:
    """Return the accounts of the team's lead and of its institution's owner."""
    lead = (AccountGrant.team_id == team.id) & (AccountGrant.role == Role.TEAM_LEAD)
    owner = (AccountGrant.organisation_id == team.organisation_id) & (AccountGrant.role == Role.UNIVERSITY_OWNER)
    query = (
        select(Account)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(lead | owner, AccountGrant.state == GrantState.ACTIVE, Account.state == AccountState.ACTIVE)
        .order_by(Account.id)
    )
    return list(db.session.scalars(query).unique())


def list_places(alliance_id: int) -> Select[PoolPlace]:
    """Return an alliance's pool, applications first, then by name."""
    query = select(PoolPlace).join(PoolPlace.team).where(PoolPlace.alliance_id == alliance_id)
    waiting = (PoolPlace.state != PoolState.APPLIED).asc()
    held = (PoolPlace.state != PoolState.ADMITTED).asc()
    whole = contains_eager(PoolPlace.team).joinedload(Team.organisation)
    return query.options(whole).order_by(waiting, held, Team.name, PoolPlace.id)


def list_admitted(alliance_id: int, now: datetime) -> Select[PoolPlace]:
    """Return who is in the pool, for everybody: applications and refusals are between team and secretary."""
    held = PoolPlace.state == PoolState.ADMITTED
    query = (
        select(PoolPlace)
        .join(PoolPlace.team)
        .where(PoolPlace.alliance_id == alliance_id, held, PoolPlace.expires_at > now)
    )
    whole = contains_eager(PoolPlace.team).joinedload(Team.organisation)
    return query.options(whole).order_by(Team.name, PoolPlace.id)


def waiting_for(call: Call) -> list[Task]:
    """Return the invitations that the caller's teams can still answer."""
    teams = [team.id for team in ndas.teams_of(call.actor)] if call.actor.has(*UNIVERSITY) else []
    if not teams:
        return []
    query = (
        select(OrderInvitation)
        .join(OrderInvitation.order)
        .where(
            OrderInvitation.team_id.in_(teams),
            OrderInvitation.state == InvitationState.INVITED,
            Order.state.in_(AMENDABLE),
            Order.bid_deadline > call.now,
        )
        .options(*_WHOLE)
    )
    return [
        Task(
            _l("Look at the order you are invited to"),
            called(row.order),
            "orders.show",
            {"order_id": row.order_id},
            row.order.bid_deadline,
        )
        for row in db.session.scalars(query.order_by(OrderInvitation.id))
    ]
