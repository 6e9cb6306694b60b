"""Reads of teams and capabilities."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.alliances.models import Alliance, AllianceMembership
from marketplace.alliances.queries import visible_clause
from marketplace.alliances.workflow import MembershipState
from marketplace.db.base import db
from marketplace.kernel.call import OWNERS, UNIVERSITY, Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.fields import Field
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind, OrganisationState
from marketplace.talent import policy
from marketplace.talent.models import Capability, Equipment, Evidence, Place, Programme, Researcher, Team
from marketplace.talent.terms import Search
from marketplace.talent.workflow import CapabilityState, PlaceState
from marketplace.web.tasks import Task

_LARGEST_ID = 2**63 - 1


def teams_visible_to(actor: Actor) -> Select[Team]:
    """The same rule as ``policy.may_see_team``, as a query; the organisation comes with each row."""
    query = select(Team).join(Team.organisation).options(contains_eager(Team.organisation))
    if actor.reads_everything:
        return query
    return query.where(or_(Organisation.state == OrganisationState.VERIFIED, _own_team(actor)))


def visible_to(actor: Actor) -> Select[Capability]:
    """The same rule as ``policy.may_see``, as a query; team and organisation come with each row."""
    query = (
        select(Capability)
        .join(Capability.team)
        .join(Team.organisation)
        .options(contains_eager(Capability.team).contains_eager(Team.organisation))
    )
    if actor.reads_everything:
        return query
    offered = (
        (Capability.state == CapabilityState.PUBLISHED)
        & (Organisation.state == OrganisationState.VERIFIED)
        & visible_clause(actor, Capability.alliance_id, Capability.visibility)
    )
    return query.where(or_(offered, _own_team(actor)))


def _own_team(actor: Actor) -> ColumnElement[bool]:
    own = Team.organisation_id.in_(actor.organisations) if actor.organisations else false()
    led = Team.id.in_(actor.teams) if actor.teams else false()
    return or_(own, led)


def get_team(call: Call, team_id: int) -> Team:
    """Raises NotFound for a team that is not there or not the actor's to see."""
    row = None
    if 0 < team_id <= _LARGEST_ID:
        row = db.session.scalar(teams_visible_to(call.actor).where(Team.id == team_id))
    if row is None:
        raise NotFound("team")
    return row


def get_capability(call: Call, capability_id: int) -> Capability:
    """The capability with its evidence; NotFound when it is not there or not the actor's to see."""
    row = None
    if 0 < capability_id <= _LARGEST_ID:
        query = visible_to(call.actor).where(Capability.id == capability_id)
        row = db.session.scalar(query.options(selectinload(Capability.evidence)))
    if row is None:
        raise NotFound("capability")
    return row


def directory(actor: Actor, search: Search) -> Select[Capability]:
    """Published capabilities that the actor may see and that fit the filters, newest first."""
    query = visible_to(actor).where(Capability.state == CapabilityState.PUBLISHED)
    if search.text:
        pattern = f"%{_escaped(search.text)}%"
        places = (Capability.title, Capability.title_en, Capability.summary, Team.name, Team.name_en)
        names = (*places, Organisation.name, Organisation.name_en)
        query = query.where(or_(*(place.ilike(pattern, escape="\\") for place in names)))
    if search.field is not None:
        query = query.where(Capability.field == search.field)
    if search.trl is not None:
        query = query.where(Capability.trl_from <= search.trl, Capability.trl_to >= search.trl)
    if search.kind is not None:
        query = query.where(Organisation.kind == OrganisationKind(search.kind))
    if search.alliance_id is not None:
        query = query.where(Capability.alliance_id == search.alliance_id)
    return query.order_by(Capability.published_at.desc(), Capability.id.desc())


def _escaped(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, "\\" + sign)
    return text


def alliances() -> Sequence[Alliance]:
    """Every alliance, for filters and choices."""
    return db.session.scalars(select(Alliance).order_by(Alliance.id)).all()


def evidence_counts(capability_ids: Collection[int]) -> dict[int, int]:
    """Return how many pieces of evidence each capability has."""
    rows = db.session.execute(
        select(Evidence.capability_id, func.count().label("pieces"))
        .where(Evidence.capability_id.in_(capability_ids))
        .group_by(Evidence.capability_id)
    )
    return {row.capability_id: row.pieces for row in rows}


def capabilities_of(actor: Actor, team_id: int) -> Sequence[Capability]:
    """A team's capabilities that the actor may see."""
    return db.session.scalars(visible_to(actor).where(Capability.team_id == team_id).order_by(Capability.id)).all()


def own_teams(actor: Actor) -> Sequence[Team]:
    """The teams of the actor's organisations, and those the actor leads, with every capability."""
    query = select(Team).where(_own_team(actor)).order_by(Team.organisation_id, Team.name)
    return db.session.scalars(query.options(joinedload(Team.organisation), selectinload(Team.capabilities))).all()


def own_universities(actor: Actor) -> Sequence[Organisation]:
    """The universities and institutes for which the actor may make teams."""
    owned = {g.organisation for g in actor.grants if g.role is Role.UNIVERSITY_OWNER and g.organisation is not None}
    return db.session.scalars(select(Organisation).where(Organisation.id.in_(owned)).order_by(Organisation.id)).all()


def members_of(organisation_id: int) -> Sequence[Account]:
    """The accounts that act for an organisation: any of them can lead a team."""
    return db.session.scalars(
        select(Account)
        .where(
            Account.state == AccountState.ACTIVE,
            Account.id.in_(
                select(AccountGrant.account_id).where(
                    AccountGrant.organisation_id == organisation_id,
                    AccountGrant.role.in_(UNIVERSITY),
                    AccountGrant.state == GrantState.ACTIVE,
                )
            ),
        )
        .order_by(Account.id)
    ).all()


def alliances_of(organisation_id: int) -> set[int]:
    """Return the ids of the alliances an organisation is an active member of."""
    m = AllianceMembership
    member = select(m.alliance_id).where(m.organisation_id == organisation_id, m.state == MembershipState.ACTIVE)
    return set(db.session.scalars(member))


def team_name_taken(organisation_id: int, name: str, except_id: int | None) -> bool:
    """Return whether another team of the organisation has that name."""
    others = select(Team.id).where(Team.organisation_id == organisation_id, Team.name == name)
    return any(found != except_id for found in db.session.scalars(others))


def lead_of(team_id: int) -> AccountGrant | None:
    """The grant of the account that leads a team now."""
    return db.session.scalar(
        select(AccountGrant)
        .where(
            AccountGrant.team_id == team_id,
            AccountGrant.role == Role.TEAM_LEAD,
            AccountGrant.state == GrantState.ACTIVE,
        )
        .options(joinedload(AccountGrant.account))
        .order_by(AccountGrant.id)
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Document:
    """Text that speaks for a team: a capability (kind "capability") or a piece of its evidence."""

    capability_id: int
    team_id: int
    text: str
    kind: str
    year: int | None


def capability_documents(actor: Actor) -> list[Document]:
    """Every published capability that the actor may see, and its evidence, as "title\\nbody" for the ranker."""
    query = visible_to(actor).where(Capability.state == CapabilityState.PUBLISHED).order_by(Capability.id)
    documents = []
    for row in db.session.scalars(query.options(selectinload(Capability.evidence))):
        title = f"{row.title} {row.title_en}".strip()
        year = row.published_at.year if row.published_at else None
        documents.append(Document(row.id, row.team_id, f"{title}\n{row.summary}", "capability", year))
        documents += [
            Document(row.id, row.team_id, f"{piece.title}\n{piece.body}", piece.kind.value, piece.year)
            for piece in row.evidence
        ]
    return documents


def equipment_of(team_id: int) -> Sequence[Equipment]:
    return db.session.scalars(select(Equipment).where(Equipment.team_id == team_id).order_by(Equipment.id)).all()


def find_own_researcher(actor: Actor) -> Researcher | None:
    if actor.account is None:
        return None
    return db.session.scalar(select(Researcher).where(Researcher.account_id == actor.account))


def researchers_visible_to(actor: Actor) -> Select[Researcher]:
    """The same rule as ``policy.may_see_researcher``."""
    query = select(Researcher).options(joinedload(Researcher.account))
    if actor.reads_everything:
        return query
    own = Researcher.account_id == actor.account if actor.account is not None else false()
    return query.where(false() if actor.is_visitor else or_(Researcher.listed.is_(True), own))


def get_researcher(call: Call, researcher_id: int) -> Researcher:
    row = None
    if 0 < researcher_id <= _LARGEST_ID:
        row = db.session.scalar(researchers_visible_to(call.actor).where(Researcher.id == researcher_id))
    if row is None:
        raise NotFound("researcher")
    return row


def list_researchers(actor: Actor, expert_in: Field | None = None) -> list[Researcher]:
    """At most 500 people, by name; with ``expert_in`` those who evaluate in that field."""
    rows = db.session.scalars(researchers_visible_to(actor).order_by(Researcher.id).limit(500)).all()
    return [row for row in rows if expert_in is None or expert_in.value in row.expert_fields]


def experts_in(field: Field | None) -> list[Researcher]:
    """The directory of experts: listed people with an active account who evaluate, in ``field`` where one is named.

    All of them, by number: a caller cuts only after it has looked at whom an interest ties.
    """
    query = (
        select(Researcher)
        .join(Researcher.account)
        .options(contains_eager(Researcher.account).joinedload(Account.person))
    )
    query = query.where(Researcher.listed.is_(True), Account.state == AccountState.ACTIVE).order_by(Researcher.id)
    rows = [row for row in db.session.scalars(query) if row.expert_fields]
    return [row for row in rows if field is None or field.value in row.expert_fields]


def is_listed_expert(account_id: int) -> bool:
    """Return whether an account stands in the directory of experts."""
    row = db.session.scalar(select(Researcher).where(Researcher.account_id == account_id, Researcher.listed.is_(True)))
    return row is not None and bool(row.expert_fields)


def programmes_visible_to(actor: Actor) -> Select[Programme]:
    """The same rule as ``policy.may_see_programme``."""
    query = select(Programme).options(joinedload(Programme.organisation))
    if actor.reads_everything:
        return query
    own = Programme.organisation_id.in_(actor.organisations) if actor.organisations else false()
    within = or_(Programme.alliance_id.is_(None), Programme.alliance_id.in_(actor.alliances))
    return query.where(false() if actor.is_visitor else or_(own, within))


def get_programme(call: Call, programme_id: int) -> Programme:
    row = None
    if 0 < programme_id <= _LARGEST_ID:
        row = db.session.scalar(programmes_visible_to(call.actor).where(Programme.id == programme_id))
    if row is None:
        raise NotFound("programme")
    return row


def list_programmes(actor: Actor) -> Sequence[Programme]:
    query = programmes_visible_to(actor).order_by(Programme.state.desc(), Programme.starts_on, Programme.id)
    return db.session.scalars(query.limit(200)).all()


def get_place(call: Call, place_id: int) -> Place:
    row = db.session.get(Place, place_id) if 0 < place_id <= _LARGEST_ID else None
    if row is None or not policy.may_see_place(call.actor, row):
        raise NotFound("place")
    return row


def own_place(actor: Actor, programme_id: int) -> Place | None:
    if actor.account is None:
        return None
    query = select(Place).where(Place.programme_id == programme_id, Place.account_id == actor.account)
    return db.session.scalar(query)


def places_of(programme_id: int) -> Sequence[Place]:
    query = select(Place).where(Place.programme_id == programme_id).options(joinedload(Place.account))
    return db.session.scalars(query.order_by(Place.asked_at, Place.id)).all()


def completed_places(account_id: int) -> Sequence[Place]:
    query = select(Place).where(Place.account_id == account_id, Place.state == PlaceState.COMPLETED)
    return db.session.scalars(query.options(joinedload(Place.programme)).order_by(Place.id)).all()


def teams_led(account_id: int) -> Sequence[Team]:
    """The teams that an account leads now."""
    led = select(AccountGrant.team_id).where(
        AccountGrant.account_id == account_id,
        AccountGrant.role == Role.TEAM_LEAD,
        AccountGrant.state == GrantState.ACTIVE,
    )
    return db.session.scalars(select(Team).where(Team.id.in_(led)).order_by(Team.id)).all()


def owned_organisations(actor: Actor) -> Sequence[Organisation]:
    """The organisations the actor may offer programmes for."""
    owned = {g.organisation for g in actor.grants if g.role in OWNERS and g.organisation is not None}
    return db.session.scalars(select(Organisation).where(Organisation.id.in_(owned)).order_by(Organisation.id)).all()


def waiting_for(call: Call) -> list[Task]:
    """Capabilities that somebody began and nobody published yet."""
    if not call.actor.has(*UNIVERSITY):
        return []
    rows = db.session.scalars(
        select(Capability)
        .join(Capability.team)
        .where(Capability.state == CapabilityState.DRAFT, _own_team(call.actor))
        .order_by(Capability.id)
        .limit(20)
    )
    return [
        Task(_l("Finish and publish a capability"), row.title, "talent.capability", {"capability_id": row.id})
        for row in rows
    ]
