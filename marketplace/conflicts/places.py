"""Where people work or worked, as the site knows it: by the roles they hold here, and by the pages they keep of themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import GrantState
from marketplace.conflicts.found import counts
from marketplace.conflicts.workflow import LinkKind
from marketplace.db.base import db
from marketplace.organisations.models import Organisation
from marketplace.organisations.naming import folded
from marketplace.talent.models import Affiliation, Researcher
from marketplace.web.filters import CITY


@dataclass(frozen=True, slots=True)
class Place:
    """From when to when (None: still) somebody worked somewhere; ``evidence`` is the post that the person's page names."""

    since: date
    until: date | None
    evidence: str = ""

    def __or__(self, other: Place) -> Place:
        until = None if self.until is None or other.until is None else max(self.until, other.until)
        evidence = "；".join(dict.fromkeys(text for text in (self.evidence, other.evidence) if text))
        return Place(min(self.since, other.since), until, evidence)


@dataclass(frozen=True, slots=True)
class Places:
    """``known`` by (person, organisation of the site); ``named`` by (person, name of a place that is not on the site)."""

    known: dict[tuple[int, int], Place]
    named: dict[tuple[int, str], Place]


def places_of(persons: Collection[int], on: date) -> Places:
    """Return where ``persons`` work, and worked until not long before the day ``on``. Three statements, however many persons."""
    known, named = _by_roles(persons, on), dict[tuple[int, str], Place]()
    pages = _by_pages(persons, on)
    registered = _registered({name for _person, name, _place in pages})
    for person, name, place in pages:
        if folded(name) not in registered:
            key = (person, folded(name))
            place = replace(place, evidence=f"{name} · {place.evidence}")
            named[key] = named[key] | place if key in named else place
        for organisation in registered.get(folded(name), ()):
            pair = (person, organisation)
            known[pair] = known[pair] | place if pair in known else place
    return Places(known, named)


def _by_roles(persons: Collection[int], on: date) -> dict[tuple[int, int], Place]:
    rows = db.session.execute(
        select(Account.person_id, AccountGrant.organisation_id, AccountGrant.created_at, AccountGrant.ended_at)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            Account.person_id.in_(persons),
            AccountGrant.organisation_id.is_not(None),
            AccountGrant.state.in_([GrantState.ACTIVE, GrantState.ENDED]),
        )
    )
    found: dict[tuple[int, int], Place] = {}
    for person, organisation, began, ended in rows:
        place = Place(began.astimezone(CITY).date(), ended.astimezone(CITY).date() if ended else None)
        if organisation is None or not counts(LinkKind.AFFILIATION, place.until, on):
            continue
        key = (person, organisation)
        found[key] = found[key] | place if key in found else place
    return found


def _by_pages(persons: Collection[int], on: date) -> list[tuple[int, str, Place]]:
    rows = db.session.execute(
        select(Account.person_id, Affiliation)
        .join(Researcher, Researcher.account_id == Account.id)
        .join(Affiliation, Affiliation.researcher_id == Researcher.id)
        .where(Account.person_id.in_(persons), Affiliation.from_on <= on)
        .order_by(Affiliation.id)
    )
    return [
        (person, row.organisation, Place(row.from_on, row.until_on, row.post))
        for person, row in rows
        if counts(LinkKind.AFFILIATION, row.until_on, on)
    ]


def _registered(names: Collection[str]) -> dict[str, set[int]]:
    """The organisations of the site that bear one of these names, Chinese or English, by the folded name.

    All of them where several do: a namesake that registered first must not hide the one that stands on a side.
    """
    wanted = {folded(name) for name in names} - {""}
    if not wanted:
        return {}
    query = select(Organisation.id, Organisation.folded_name, Organisation.folded_name_en).where(
        or_(Organisation.folded_name.in_(wanted), Organisation.folded_name_en.in_(wanted))
    )
    found: dict[str, set[int]] = defaultdict(set)
    for key, *called in db.session.execute(query):
        for name in wanted.intersection(called):
            found[name].add(key)
    return found
