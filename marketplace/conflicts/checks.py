"""The check itself: which links hold between two sides on a day. Later rooms call ``found_between`` and ``uncovered``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from marketplace.accounts.models import Account, AccountGrant, Person
from marketplace.accounts.workflow import GrantState
from marketplace.approvals.service import content_hash
from marketplace.conflicts import works
from marketplace.conflicts.found import Found, Side, counts, ends_in
from marketplace.conflicts.models import ConflictOverride, Relation
from marketplace.conflicts.places import Place, Places, places_of
from marketplace.conflicts.terms import End
from marketplace.conflicts.workflow import COUNTING, EndKind, LinkKind, OverrideState, RelationState, Subject
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from marketplace.organisations.models import Organisation
from marketplace.talent.models import Team

_P, _O = EndKind.PERSON, EndKind.ORGANISATION
MAX_ID = 2**63 - 1


def found_between(left: Side, right: Side, on: date) -> list[Found]:
    """Return every link between the two sides that counts on the day ``on``, declared and derived, in a fixed order.

    Derived are: the same person or organisation, places of work (roles here and people's own pages), works that two pages both
    name, and inventors of one published patent.

    A fixed number of statements, whatever the size of the sides. Whom a declaration names only in words is not found: see
    ``queries.unidentified``.
    """
    places = places_of(left.persons | right.persons, on)
    links = [
        *_same(left, right),
        *_declared(left, right, on),
        *_affiliations(left, right, places),
        *works.co_authors(left, right, on),
        *works.joint_inventors(left, right, places, on),
    ]
    names = _names(end for link in links for end in (link.left, link.right, link.through) if end is not None)
    named = [_named(link, names) for link in links]
    return sorted({link.key: link for link in named}.values(), key=lambda link: (link.kind.value, link.key))


def uncovered(found: Collection[Found], subject_kind: Subject, subject_id: int) -> list[Found]:
    """Return the links that no approved override of this subject covers exactly as they are now."""
    return uncovered_of({subject_id: found}, subject_kind)[subject_id]


def uncovered_of(found: Mapping[int, Collection[Found]], subject_kind: Subject) -> dict[int, list[Found]]:
    """The same for many subjects of one kind, by their ids, in one statement."""
    rows = db.session.execute(
        select(ConflictOverride.subject_id, ConflictOverride.key, ConflictOverride.link_hash).where(
            ConflictOverride.subject_kind == subject_kind,
            ConflictOverride.subject_id.in_(found),
            ConflictOverride.key.in_({link.key for links in found.values() for link in links}),
            ConflictOverride.state == OverrideState.APPROVED,
        )
    )
    covered = {(row.subject_id, row.key, row.link_hash) for row in rows}
    return {
        subject_id: [link for link in links if (subject_id, link.key, content_hash(link.content)) not in covered]
        for subject_id, links in found.items()
    }


def find_link(key: str, on: date) -> Found | None:
    """Return the link that ``key`` names as it is on the day ``on``, None when it does not hold (any more)."""
    ends = _ends_of_relation(key) if key.startswith("relation-") else ends_in(key)
    if len(ends) < 2 or any(end.id > MAX_ID for end in ends):
        return None
    found = found_between(Side.of(ends[0]), Side.of(ends[1]), on)
    return next((link for link in found if link.key == key), None)


def side_of_organisations(ids: Collection[int]) -> Side:
    """The organisations and every natural person who acts for one of them now, through any account."""
    return Side(_acting(AccountGrant.organisation_id.in_(ids)), frozenset(ids))


def side_of_teams(team_ids: Collection[int]) -> Side:
    """The teams' leads, the owners of their institutions, and the institutions; not the leads of sister teams."""
    organisations = frozenset(db.session.scalars(select(Team.organisation_id).where(Team.id.in_(team_ids))))
    leads = AccountGrant.team_id.in_(team_ids)
    owners = and_(AccountGrant.organisation_id.in_(organisations), AccountGrant.role == Role.UNIVERSITY_OWNER)
    return Side(_acting(or_(leads, owners)), organisations)


def side_of_actor(actor: Actor) -> Side:
    """The natural person alone: where that person works is found by ``found_between`` itself."""
    return Side(frozenset() if actor.person is None else frozenset({actor.person}))


def _acting(clause: ColumnElement[bool]) -> frozenset[int]:
    query = select(Account.person_id).join(AccountGrant, AccountGrant.account_id == Account.id)
    return frozenset(db.session.scalars(query.where(clause, AccountGrant.state == GrantState.ACTIVE).distinct()))


def _same(left: Side, right: Side) -> list[Found]:
    """The same human being, or the same organisation, on both sides."""
    return [
        *(_bare(LinkKind.SAME_PERSON, End(_P, key), End(_P, key)) for key in left.persons & right.persons),
        *(_bare(LinkKind.SAME_ORGANISATION, End(_O, k), End(_O, k)) for k in left.organisations & right.organisations),
    ]


def _declared(left: Side, right: Side, on: date) -> list[Found]:
    query = select(Relation).where(
        Relation.state.in_(COUNTING),
        or_(and_(_near_in(left), _other_in(right)), and_(_near_in(right), _other_in(left))),
    )
    found = []
    for row in db.session.scalars(query.order_by(Relation.id)):
        other, kind = row.other, LinkKind(row.kind.value)
        if other is None or not counts(kind, row.until, on):
            continue
        straight = left.holds(row.near) and right.holds(other)
        ends = (row.near, other) if straight else (other, row.near)
        found.append(
            Found(
                kind,
                *ends,
                "",
                "",
                evidence=row.evidence,
                since=row.since,
                until=row.until,
                relation_id=row.id,
                confirmed=row.state is RelationState.CONFIRMED,
            )
        )
    return found


def _near_in(side: Side) -> ColumnElement[bool]:
    return or_(Relation.person_id.in_(side.persons), Relation.organisation_id.in_(side.organisations))


def _other_in(side: Side) -> ColumnElement[bool]:
    return or_(Relation.other_person_id.in_(side.persons), Relation.other_organisation_id.in_(side.organisations))


def _affiliations(left: Side, right: Side, places: Places) -> list[Found]:
    """Who works or worked for an organisation of the other side, and who share a place of work that is on neither side."""
    known = places.known
    found = [
        *(_affiliation(p, o, known, flip=False) for p in left.persons for o in right.organisations if (p, o) in known),
        *(_affiliation(p, o, known, flip=True) for p in right.persons for o in left.organisations if (p, o) in known),
    ]
    sides = left.organisations | right.organisations
    members: dict[int | str, set[int]] = defaultdict(set)
    for person, organisation in known:
        if organisation not in sides:
            members[organisation].add(person)
    for person, name in places.named:
        members[name].add(person)
    named: dict[tuple[int, int], set[str]] = defaultdict(set)
    for place, people in members.items():
        for one in people & left.persons:
            for other in (people & right.persons) - {one}:
                if isinstance(place, int):
                    found.append(_bare(LinkKind.COLLEAGUES, End(_P, one), End(_P, other), End(_O, place)))
                else:
                    named[one, other] |= {places.named[person, place].evidence for person in (one, other)}
    return [*found, *(_shared_workplace(one, other, texts) for (one, other), texts in named.items())]


def _affiliation(person: int, organisation: int, known: dict[tuple[int, int], Place], *, flip: bool) -> Found:
    place = known[person, organisation]
    ends = (End(_P, person), End(_O, organisation))
    left, right = ends[::-1] if flip else ends
    kind = LinkKind.AFFILIATION
    return Found(kind, left, right, "", "", evidence=place.evidence, since=place.since, until=place.until)


def _shared_workplace(one: int, other: int, texts: Collection[str]) -> Found:
    """By the names of all places off the site that both people's own pages give: two people have one such link."""
    kind, evidence = LinkKind.SHARED_WORKPLACE, "；".join(sorted(texts))
    return Found(kind, End(_P, one), End(_P, other), "", "", evidence=evidence)


def _ends_of_relation(key: str) -> list[End]:
    number = key.removeprefix("relation-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return []
    row = db.session.get(Relation, int(number))
    return [] if row is None or row.other is None else [row.near, row.other]


def _bare(kind: LinkKind, left: End, right: End, through: End | None = None) -> Found:
    return Found(kind, left, right, "", "", through=through)


def _named(link: Found, names: dict[End, str]) -> Found:
    return replace(
        link,
        left_name=names.get(link.left, ""),
        right_name=names.get(link.right, ""),
        through_name=names.get(link.through, "") if link.through else "",
    )


def _names(ends: Iterable[End]) -> dict[End, str]:
    wanted = set(ends)
    persons = [end.id for end in wanted if end.kind is _P]
    organisations = [end.id for end in wanted if end.kind is _O]
    names = {}
    for key, name in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(persons))):
        names[End(_P, key)] = name
    rows = select(Organisation.id, Organisation.name).where(Organisation.id.in_(organisations))
    for key, name in db.session.execute(rows):
        names[End(_O, key)] = name
    return names
