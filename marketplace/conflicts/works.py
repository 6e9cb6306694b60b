"""Who made something together: papers, projects and standards on people's own pages, and inventors of registered patents.

A paper is the same when its DOI is, or its title in the same year; a person is an inventor by the ORCID iD that the register
holds, or by the name together with a place of work at one of the patent's owners. Only published patents are evidence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from marketplace.accounts.models import Account, Person
from marketplace.approvals.service import content_hash
from marketplace.conflicts.found import Found, Side, counts
from marketplace.conflicts.places import Places
from marketplace.conflicts.terms import End
from marketplace.conflicts.workflow import EndKind, LinkKind
from marketplace.db.base import db
from marketplace.organisations.naming import folded
from marketplace.patents.models import Patent, PatentShare
from marketplace.talent.models import Researcher, Work

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"'<>，。；）]+", re.IGNORECASE)
SHORTEST_TITLE = 8
"""A shorter title is no evidence that two people mean the same work."""
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Made:
    """Something that a person made, and between which days."""

    person: int
    text: str
    since: date
    until: date


def co_authors(left: Side, right: Side, on: date) -> list[Found]:
    """Return the pairs whose own pages name the same work of the last years, with the works as evidence."""
    rows = db.session.execute(
        select(Account.person_id, Work)
        .join(Researcher, Researcher.account_id == Account.id)
        .join(Work, Work.researcher_id == Researcher.id)
        .where(Account.person_id.in_(left.persons | right.persons))
        .order_by(Work.year.desc(), Work.id)
    )
    shared: dict[str, list[Made]] = defaultdict(list)
    for person, work in rows:
        text = f"{work.title} ({work.year})" + (f" {work.reference}" if work.reference else "")
        made = Made(person, text, date(work.year, 1, 1), date(work.year, 12, 31))
        for mark in marks(work.title, work.year, work.reference):
            shared[mark].append(made)
    return _links(LinkKind.CO_AUTHORS, shared, left, right, on)


def marks(title: str, year: int, reference: str) -> Iterator[str]:
    """Yield what tells a work apart: its DOI or other number, and its title with the year."""
    doi = _DOI.search(reference)
    number = folded(re.sub(r"[\W_]+", "", reference))
    if doi:
        yield f"doi {doi.group().rstrip('.,;)').lower()}"
    elif len(number) >= SHORTEST_TITLE and any(sign.isdigit() for sign in number):
        yield f"number {number}"
    name = folded(re.sub(r"[\W_]+", "", title))
    if len(name) >= SHORTEST_TITLE:
        yield f"title {year} {name}"


def joint_inventors(left: Side, right: Side, places: Places, on: date) -> list[Found]:
    """Return the pairs that are inventors or owners in person of the same published patent, with the patents as evidence."""
    persons = left.persons | right.persons
    orcids, names = _known_as(persons)
    employers: dict[int, set[int]] = defaultdict(set)
    for person, organisation in places.known:
        employers[person].add(organisation)
    query = (
        select(PatentShare, Patent)
        .join(Patent, Patent.id == PatentShare.patent_id)
        .where(
            Patent.disclosed_on.is_not(None),
            PatentShare.organisation_id.is_(None),
            or_(PatentShare.orcid.in_(orcids), PatentShare.name.in_(names)),
        )
        .order_by(Patent.filed_on.desc(), Patent.id, PatentShare.id)
    )
    rows = db.session.execute(query).all() if orcids or names else []
    owners = _owners({patent.id: patent.owner_id for _share, patent in rows})
    shared: dict[str, list[Made]] = defaultdict(list)
    for share, patent in rows:
        people = [orcids[share.orcid]] if share.orcid in orcids else []
        if not share.orcid:
            people = [person for person in names.get(share.name, ()) if employers[person] & owners[patent.id]]
        for person in people:
            text = f"{patent.office} {patent.full_number} {patent.title}"
            shared[f"patent {patent.id}"].append(Made(person, text, patent.filed_on, patent.filed_on))
    return _links(LinkKind.JOINT_INVENTORS, shared, left, right, on)


def _known_as(persons: Collection[int]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Persons by ORCID iD and by name; a name may be borne by several."""
    rows = db.session.execute(
        select(Person.id, Person.name, Researcher.orcid)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(Researcher, Researcher.account_id == Account.id)
        .where(Person.id.in_(persons))
        .order_by(Person.id)
    )
    orcids: dict[str, int] = {}
    names: dict[str, list[int]] = defaultdict(list)
    for person, name, orcid in rows:
        if orcid:
            orcids[orcid] = person
        if person not in names[name]:
            names[name].append(person)
    return orcids, dict(names)


def _owners(patents: dict[int, int]) -> dict[int, set[int]]:
    """The organisations that own or look after each patent."""
    found = {patent: {owner} for patent, owner in patents.items()}
    rows = db.session.execute(
        select(PatentShare.patent_id, PatentShare.organisation_id).where(
            PatentShare.patent_id.in_(patents), PatentShare.organisation_id.is_not(None)
        )
    )
    for patent, organisation in rows:
        if organisation is not None:
            found[patent].add(organisation)
    return found


def _links(kind: LinkKind, shared: dict[str, list[Made]], left: Side, right: Side, on: date) -> list[Found]:
    """One link for each pair across the sides that made something of the last years together."""
    together: dict[tuple[int, int], dict[str, Made]] = defaultdict(dict)
    for makers in shared.values():
        for one in makers:
            for other in makers if one.person in left.persons else ():
                if other.person in right.persons and other.person != one.person and counts(kind, one.until, on):
                    together[one.person, other.person].setdefault(min(one.text, other.text), one)
    return [
        Found(
            kind,
            End(EndKind.PERSON, one),
            End(EndKind.PERSON, other),
            "",
            "",
            evidence=_shown(sorted(made)),
            since=min(each.since for each in made.values()),
            until=max(each.until for each in made.values()),
            whole=content_hash(sorted(made)) if len(made) > MOST_SHOWN else "",
        )
        for (one, other), made in together.items()
    ]


def _shown(made: list[str]) -> str:
    """The first works, and how many more there are: an override covers every one of them, shown or not."""
    more = len(made) - MOST_SHOWN
    return "；".join([*made[:MOST_SHOWN], *([f"… +{more}"] if more > 0 else [])])
