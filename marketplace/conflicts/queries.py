"""Reads of relations and overrides. A declaration is its declarer's and the centre's; everybody else finds nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Account, AccountGrant, Person
from marketplace.accounts.workflow import GrantState
from marketplace.approvals.models import Endorsement
from marketplace.conflicts import policy
from marketplace.conflicts.checks import (
    MAX_ID,
    find_link,
    found_between,
    side_of_actor,
    side_of_organisations,
    side_of_teams,
    uncovered,
    uncovered_of,
)
from marketplace.conflicts.found import Found, Side
from marketplace.conflicts.models import ConflictOverride, Relation
from marketplace.conflicts.workflow import COUNTING, EndKind, OverrideState, RelationState, Subject
from marketplace.db.base import db
from marketplace.kernel.call import OWNERS, Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.organisations.models import Organisation
from marketplace.web.tasks import Task

__all__ = [
    "Found",
    "Side",
    "find_link",
    "found_between",
    "side_of_actor",
    "side_of_organisations",
    "side_of_teams",
    "uncovered",
    "uncovered_of",
]

MOST_TASKS = 20
MOST_CANDIDATES = 20
OVERRIDE = "conflict_override"

_ENDS = (
    joinedload(Relation.person),
    joinedload(Relation.organisation),
    joinedload(Relation.other_person),
    joinedload(Relation.other_organisation),
    joinedload(Relation.declarer),
    joinedload(Relation.file),
)


def visible_to(actor: Actor) -> Select[Relation]:
    """The same rule as ``policy.may_see``."""
    query = select(Relation)
    if policy.may_read_all(actor):
        return query
    return query.where(Relation.declared_by == (actor.account or 0))


def get_relation(call: Call, relation_id: int) -> Relation:
    """Raises NotFound for missing and for invisible ones alike."""
    key = relation_id if 0 < relation_id <= MAX_ID else 0
    row = db.session.scalar(visible_to(call.actor).where(Relation.id == key).options(*_ENDS))
    if row is None:
        raise NotFound("relation")
    return row


def list_own(actor: Actor) -> Sequence[Relation]:
    """What the reader's own natural person declared, through any account, the newest first."""
    mine = select(Account.id).where(Account.person_id == (actor.person or 0))
    query = select(Relation).where(Relation.declared_by.in_(mine)).options(*_ENDS).order_by(Relation.id.desc())
    return db.session.scalars(query).all()


def list_all(actor: Actor, *, words: str = "", state: RelationState | None = None) -> Select[Relation]:
    """Every declaration, those that nobody has looked at first; ``words`` is part of a name on either end."""
    query = visible_to(actor).options(*_ENDS)
    if state is not None:
        query = query.where(Relation.state == state)
    if words:
        persons = select(Person.id).where(Person.name.icontains(words, autoescape=True))
        organisations = select(Organisation.id).where(Organisation.name.icontains(words, autoescape=True))
        query = query.where(
            or_(
                Relation.other_name.icontains(words, autoescape=True),
                Relation.person_id.in_(persons),
                Relation.other_person_id.in_(persons),
                Relation.organisation_id.in_(organisations),
                Relation.other_organisation_id.in_(organisations),
            )
        )
    return query.order_by(Relation.state != RelationState.DECLARED, Relation.id.desc())


def unidentified(side: Side | None = None) -> Sequence[Relation]:
    """Counting declarations whose other end nobody recognised; with ``side`` only those about somebody of that side."""
    query = select(Relation).where(
        Relation.state.in_(COUNTING),
        Relation.other_person_id.is_(None),
        Relation.other_organisation_id.is_(None),
    )
    if side is not None:
        near = or_(Relation.person_id.in_(side.persons), Relation.organisation_id.in_(side.organisations))
        query = query.where(near)
    return db.session.scalars(query.options(*_ENDS).order_by(Relation.id)).all()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody an unidentified name could mean; ``places`` are the organisations a person acts for."""

    id: int
    name: str
    places: tuple[str, ...] = ()


def candidates(relation: Relation) -> list[Candidate]:
    """Return who bears the name that a declaration gives, those at the named place first."""
    if relation.other_kind is EndKind.ORGANISATION:
        return _organisations_called(relation.other_name)
    found = persons_called(relation.other_name)
    return sorted(found, key=lambda each: (relation.other_at not in each.places, each.id))


def persons_called(name: str) -> list[Candidate]:
    rows = db.session.execute(
        select(Person.id, Person.name, Organisation.name)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(AccountGrant, and_(AccountGrant.account_id == Account.id, AccountGrant.state == GrantState.ACTIVE))
        .outerjoin(Organisation, Organisation.id == AccountGrant.organisation_id)
        .where(Person.name == name)
        .distinct()
        .order_by(Person.id)
        .limit(MOST_CANDIDATES * 4)
    )
    places: dict[int, list[str]] = {}
    for key, _name, place in rows:
        places.setdefault(key, []).extend([place] if place else [])
    return [Candidate(key, name, tuple(sorted(set(where)))) for key, where in places.items()][:MOST_CANDIDATES]


def _organisations_called(name: str) -> list[Candidate]:
    named = or_(Organisation.name.icontains(name, autoescape=True), Organisation.uscc == name.upper())
    query = select(Organisation.id, Organisation.name).where(named).order_by(Organisation.id).limit(MOST_CANDIDATES)
    return [Candidate(key, label) for key, label in db.session.execute(query)]


def find_organisation(name_or_code: str) -> Organisation | None:
    """Return the organisation of exactly this credit code or this registered name; None when unknown or not unique."""
    wanted = name_or_code.strip()
    query = select(Organisation).where(or_(Organisation.uscc == wanted.upper(), Organisation.name == wanted)).limit(2)
    rows = db.session.scalars(query).all()
    return rows[0] if len(rows) == 1 else None


@dataclass(frozen=True, slots=True)
class Double:
    """Two natural persons of one name in one organisation: perhaps one human being with two documents."""

    name: str
    organisation: str
    persons: int


def doubles() -> list[Double]:
    """Return where the site may hold one human being twice, so that no check would see the same person."""
    people = (
        select(Account.person_id, AccountGrant.organisation_id)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(AccountGrant.state == GrantState.ACTIVE, AccountGrant.organisation_id.is_not(None))
        .distinct()
        .subquery()
    )
    count = func.count(people.c.person_id)
    rows = db.session.execute(
        select(Person.name, Organisation.name, count)
        .join(people, people.c.person_id == Person.id)
        .join(Organisation, Organisation.id == people.c.organisation_id)
        .group_by(Person.name, Organisation.id, Organisation.name)
        .having(count > 1)
        .order_by(Person.name, Organisation.id)
    )
    return [Double(*row) for row in rows]


def owned_organisations(actor: Actor) -> Sequence[Organisation]:
    """The organisations for which the actor may declare."""
    ids = sorted({g.organisation for g in actor.grants if g.organisation is not None and g.role in OWNERS})
    return db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id)).all()


def get_override(call: Call, override_id: int) -> ConflictOverride:
    """Raises NotFound for missing ones, and for readers outside the centre."""
    key = override_id if 0 < override_id <= MAX_ID else 0
    row = db.session.get(ConflictOverride, key)
    if row is None or not policy.may_read_all(call.actor):
        raise NotFound("override")
    return row


def list_overrides() -> Select[ConflictOverride]:
    """Every override, those that wait for the second person first."""
    waiting = ConflictOverride.state != OverrideState.PROPOSED
    return (
        select(ConflictOverride)
        .options(joinedload(ConflictOverride.proposer), joinedload(ConflictOverride.decider))
        .order_by(waiting, ConflictOverride.id.desc())
    )


def overrides_of(subject_kind: Subject, subject_id: int, keys: Collection[str]) -> dict[str, ConflictOverride]:
    """Return the proposed and approved overrides of a subject by the link's key."""
    rows = db.session.scalars(
        select(ConflictOverride).where(
            ConflictOverride.subject_kind == subject_kind,
            ConflictOverride.subject_id == subject_id,
            ConflictOverride.key.in_(keys),
            ConflictOverride.state != OverrideState.REFUSED,
        )
    )
    return {row.key: row for row in rows}


def waiting_for(call: Call) -> list[Task]:
    """Declarations nobody has looked at, and overrides that wait for a second person other than this one."""
    if not call.actor.has(Role.CENTRE_OFFICER):
        return []
    tasks = []
    fresh = select(Relation).where(Relation.state == RelationState.DECLARED).options(*_ENDS).order_by(Relation.id)
    for row in db.session.scalars(fresh.limit(MOST_TASKS)):
        if call.actor.person not in row.person_ids:
            verb = _l("Look at a declared relation")
            tasks.append(Task(verb, row.other_name, "conflicts.show", {"relation_id": row.id}))
    mine = (
        select(Endorsement.id)
        .where(
            Endorsement.subject_kind == OVERRIDE,
            Endorsement.subject_id == ConflictOverride.id,
            Endorsement.person_id == call.actor.person,
        )
        .exists()
    )
    waiting = select(ConflictOverride).where(ConflictOverride.state == OverrideState.PROPOSED, ~mine)
    for override in db.session.scalars(waiting.order_by(ConflictOverride.id).limit(MOST_TASKS)):
        verb = _l("Decide on an override as the second person")
        subject = " – ".join(override.link["names"])
        tasks.append(Task(verb, subject, "conflicts.override", {"override_id": override.id}))
    return tasks
