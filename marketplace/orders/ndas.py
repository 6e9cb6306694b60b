"""Reads of confidentiality agreements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.db.base import db
from marketplace.kernel.call import UNIVERSITY, Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders import policy
from marketplace.orders.models import ConfidentialPart, Nda, Order, OrderAttachment
from marketplace.orders.workflow import NDA_ALIVE, NdaState
from marketplace.talent.models import Team

_WIDE = frozenset({Role.UNIVERSITY_MEMBER, Role.UNIVERSITY_OWNER})


def signed_for(actor: Actor, order: Order) -> list[Nda]:
    """Return the signed agreements on ``order`` of teams that ``actor`` acts for; whether they are live is for the policy."""
    if not actor.has(*UNIVERSITY):
        return []
    query = select(Nda).where(Nda.order_id == order.id, Nda.state == NdaState.SIGNED, _of_actor(actor))
    return list(db.session.scalars(query))


def _of_actor(actor: Actor) -> ColumnElement[bool]:
    wide = sorted({g.organisation for g in actor.grants if g.organisation is not None and g.role in _WIDE})
    led = sorted({g.team for g in actor.grants if g.team is not None and g.role is Role.TEAM_LEAD})
    return or_(Nda.organisation_id.in_(wide), Nda.team_id.in_(led)) if wide or led else false()


_WHOLE = (
    joinedload(Nda.team),
    joinedload(Nda.organisation),
    joinedload(Nda.order).joinedload(Order.organisation),
)


def get_nda(call: Call, nda_id: int) -> Nda:
    """Return an agreement with order, team and institution; raises NotFound for missing and for invisible ones alike."""
    if not 0 < nda_id < 2**63:
        raise NotFound("nda")
    query = select(Nda).where(Nda.id == nda_id).options(*_WHOLE).execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is None or not policy.may_see_nda(call.actor, row):
        raise NotFound("nda")
    return row


def list_of_order(order: Order) -> Select[Nda]:
    """Return everybody who asked for the confidential part, the latest first; callers ask ``policy.reads_ndas``."""
    return select(Nda).where(Nda.order_id == order.id).options(*_WHOLE).order_by(Nda.requested_at.desc(), Nda.id.desc())


def list_own(actor: Actor) -> Select[Nda]:
    """Return the agreements of the actor's teams, those that wait for a signature first."""
    waiting = (Nda.state != NdaState.REQUESTED).asc()
    return (
        select(Nda).where(_of_actor(actor)).options(*_WHOLE).order_by(waiting, Nda.requested_at.desc(), Nda.id.desc())
    )


def alive_for(actor: Actor, order: Order) -> list[Nda]:
    """Return what the actor's teams have asked for or signed on ``order``."""
    query = select(Nda).where(Nda.order_id == order.id, Nda.state.in_(NDA_ALIVE), _of_actor(actor))
    return list(db.session.scalars(query.options(*_WHOLE).order_by(Nda.id)))


def teams_of(actor: Actor) -> list[Team]:
    """Return the teams of universities and institutes that the actor acts for."""
    wide = sorted({g.organisation for g in actor.grants if g.organisation is not None and g.role in _WIDE})
    led = sorted({g.team for g in actor.grants if g.team is not None and g.role is Role.TEAM_LEAD})
    query = select(Team).join(Team.organisation).where(or_(Team.organisation_id.in_(wide), Team.id.in_(led)))
    return list(db.session.scalars(query.options(contains_eager(Team.organisation)).order_by(Team.id)))


def find_alive(order_id: int, team_id: int) -> Nda | None:
    """Return the one agreement of a team on an order that is asked for or signed."""
    return db.session.scalar(
        select(Nda).where(Nda.order_id == order_id, Nda.team_id == team_id, Nda.state.in_(NDA_ALIVE))
    )


def due_to_expire(now: datetime) -> list[int]:
    """Return the ids of the signed agreements whose term is over."""
    query = select(Nda.id).where(Nda.state == NdaState.SIGNED, Nda.expires_at <= now).order_by(Nda.id)
    return list(db.session.scalars(query))


def has_secret(order: Order) -> bool:
    """Return whether ``order`` has anything that only an agreement opens: that there is something is public."""
    part = select(ConfidentialPart.order_id).where(ConfidentialPart.order_id == order.id, ConfidentialPart.text != "")
    file = select(OrderAttachment.order_id).where(
        OrderAttachment.order_id == order.id, OrderAttachment.confidential.is_(True)
    )
    return db.session.scalar(part.union_all(file).limit(1)) is not None


def signatories(organisation_id: int) -> list[Account]:
    """Return the accounts of those who may sign for an institution."""
    return _accounts(AccountGrant.organisation_id == organisation_id, AccountGrant.role == Role.UNIVERSITY_OWNER)


def correspondents(nda: Nda) -> list[Account]:
    """Return the accounts that act for the team: never leads of its sister teams."""
    wide = (AccountGrant.organisation_id == nda.organisation_id) & AccountGrant.role.in_(sorted(_WIDE))
    lead = (AccountGrant.team_id == nda.team_id) & (AccountGrant.role == Role.TEAM_LEAD)
    return _accounts(or_(wide, lead))


def _accounts(*conditions: ColumnElement[bool]) -> list[Account]:
    query = (
        select(Account)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(*conditions, AccountGrant.state == GrantState.ACTIVE, Account.state == AccountState.ACTIVE)
        .order_by(Account.id)
    )
    return list(db.session.scalars(query).unique())


def waiting_to_sign(actor: Actor) -> list[Nda]:
    """Return what waits for the actor's signature."""
    institutions = sorted(
        {g.organisation for g in actor.grants if g.organisation is not None and g.role is Role.UNIVERSITY_OWNER}
    )
    if not institutions:
        return []
    query = select(Nda).where(Nda.state == NdaState.REQUESTED, Nda.organisation_id.in_(institutions))
    return list(db.session.scalars(query.options(*_WHOLE).order_by(Nda.id)))
