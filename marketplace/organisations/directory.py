"""Lists of organisations, of their people and of open invitations."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.passwords import token_digest
from marketplace.accounts.workflow import GrantState
from marketplace.db.base import Base, db
from marketplace.kernel.call import OWNERS, STAFF, Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.organisations.models import Invitation, Organisation
from marketplace.organisations.policy import DECIDERS
from marketplace.organisations.terms import Search
from marketplace.organisations.workflow import InvitationState, OrganisationState
from marketplace.web.filters import in_language
from marketplace.web.tasks import Task


def visible_to(actor: Actor) -> Select[Organisation]:
    """The same rule as ``policy.may_see``, as a query."""
    query = select(Organisation)
    if actor.is_system or actor.has(*STAFF):
        return query
    return query.where(
        or_(Organisation.state == OrganisationState.VERIFIED, Organisation.id.in_(sorted(actor.organisations)))
    )


def listing(actor: Actor, search: Search) -> Select[Organisation]:
    """Organisations that the actor may see and that fit the filters, by name."""
    query = visible_to(actor)
    if search.text:
        pattern = f"%{_escaped(search.text)}%"
        places = (Organisation.name, Organisation.name_en, Organisation.uscc)
        query = query.where(or_(*(place.ilike(pattern, escape="\\") for place in places)))
    if search.kind is not None:
        query = query.where(Organisation.kind == search.kind)
    if search.state is not None:
        query = query.where(Organisation.state == search.state)
    if search.region:
        query = query.where(Organisation.region == search.region)
    return query.order_by(Organisation.name, Organisation.id)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True, slots=True)
class Place:
    """An alliance in which the organisation is a member; the alliances room is above this one."""

    alliance_id: int
    name: str
    name_en: str
    since: datetime | None


def places_of(organisation_id: int) -> list[Place]:
    """Return the alliances an organisation is an active member of."""
    alliances = Base.metadata.tables["alliances"].c
    memberships = Base.metadata.tables["alliance_memberships"].c
    rows = db.session.execute(
        select(alliances.id, alliances.name, alliances.name_en, memberships.decided_at)
        .join_from(memberships.alliance_id.table, alliances.id.table, alliances.id == memberships.alliance_id)
        .where(memberships.organisation_id == organisation_id, memberships.state == "active")
        .order_by(alliances.id)
    )
    return [Place(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Member:
    """A person who acts for an organisation, with every role there."""

    account_id: int
    name: str
    email: str
    roles: tuple[Role, ...]
    since: datetime

    @property
    def is_owner(self) -> bool:
        return not OWNERS.isdisjoint(self.roles)


def grants_in(organisation_id: int) -> list[AccountGrant]:
    """Return the roles in force in an organisation, accounts and persons loaded."""
    return list(
        db.session.scalars(
            select(AccountGrant)
            .join(AccountGrant.account)
            .options(contains_eager(AccountGrant.account).joinedload(Account.person))
            .where(AccountGrant.organisation_id == organisation_id, AccountGrant.state == GrantState.ACTIVE)
            .order_by(AccountGrant.id)
        )
    )


def members_of(organisation_id: int) -> list[Member]:
    """Return who acts for an organisation, one line per account."""
    by_account: dict[int, list[AccountGrant]] = {}
    for grant in grants_in(organisation_id):
        by_account.setdefault(grant.account_id, []).append(grant)
    return [
        Member(key, held[0].account.person.name, held[0].account.email, tuple(g.role for g in held), held[0].created_at)
        for key, held in by_account.items()
    ]


def owners_of(organisation_id: int) -> list[Account]:
    return [grant.account for grant in grants_in(organisation_id) if grant.role in OWNERS]


def open_invitations(organisation_id: int, now: datetime) -> list[Invitation]:
    """Return invitations that can still be accepted."""
    return list(
        db.session.scalars(
            select(Invitation)
            .where(
                Invitation.organisation_id == organisation_id,
                Invitation.state == InvitationState.OPEN,
                Invitation.expires_at > now,
            )
            .order_by(Invitation.id)
        )
    )


def invitation_of(token: str) -> Invitation:
    """Return the invitation a mailed link stands for, whatever its state; NotFound for links nobody was sent."""
    row = db.session.scalar(
        select(Invitation)
        .options(joinedload(Invitation.organisation))
        .where(Invitation.token_digest == token_digest(token))
    )
    if row is None:
        raise NotFound("invitation")
    return row


def find_code(uscc: str) -> Organisation | None:
    return db.session.scalar(select(Organisation).where(Organisation.uscc == uscc))


def waiting_for(call: Call) -> list[Task]:
    """Registrations sent back to their owners; those that an officer or a secretary has to look at, the oldest first."""
    if owned := [g.organisation for g in call.actor.grants if g.role in OWNERS and g.organisation]:
        return _sent_back(owned)
    if not call.actor.has(*DECIDERS):
        return []
    rows = db.session.scalars(
        select(Organisation)
        .where(
            Organisation.state == OrganisationState.REGISTERED,
            Organisation.id.not_in(sorted(call.actor.organisations)),
        )
        .order_by(Organisation.registered_at, Organisation.id)
        .limit(20)
    )
    verb = _l("Verify an organisation")
    return [Task(verb, in_language(row), "organisations.show", {"organisation_id": row.id}) for row in rows]


def _sent_back(owned: Collection[int]) -> list[Task]:
    rows = db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(owned), Organisation.state == OrganisationState.REJECTED)
        .order_by(Organisation.id)
    )
    verb = _l("Correct the registration")
    return [Task(verb, in_language(row), "organisations.correct_form", {"organisation_id": row.id}) for row in rows]
