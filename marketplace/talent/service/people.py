"""What a person writes about itself: a page, affiliations with dates, works."""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Forbidden, Invalid, NotFound
from marketplace.kernel.patents import patent_reference
from marketplace.talent import queries
from marketplace.talent.models import Affiliation, Researcher, Work
from marketplace.talent.orcid import orcid
from marketplace.talent.service.teams import FIRST_YEAR
from marketplace.talent.terms import AffiliationTerms, ResearcherTerms, WorkTerms
from marketplace.talent.workflow import WorkKind


@use_case
def write_profile(call: Call, terms: ResearcherTerms) -> Researcher:
    """Write one's own page. An ORCID iD is checked by its digit and belongs to one page."""
    if call.actor.account is None:
        raise Forbidden("approvals.no_person")
    number = orcid(terms.orcid) if terms.orcid.strip() else None
    row = queries.find_own_researcher(call.actor)
    taken = select(Researcher.account_id).where(Researcher.orcid == number)
    if number is not None and db.session.scalar(taken) not in {None, call.actor.account}:
        raise Invalid("talent.orcid_taken", {"number": number}, field="orcid")
    if row is None:
        row = Researcher(account_id=call.actor.account, created_at=call.now)
        db.session.add(row)
    row.name_en, row.introduction, row.listed, row.orcid = terms.name_en, terms.introduction, terms.listed, number
    row.expert_fields = [field.value for field in terms.expert_fields]
    db.session.flush()
    audit.record(call, "talent.write_profile", "researcher", row.id, {"listed": row.listed})
    return row


@use_case
def add_affiliation(call: Call, terms: AffiliationTerms) -> Affiliation:
    """Say where one works or worked, and when."""
    row = _own(call)
    if terms.until_on is not None and terms.until_on < terms.from_on:
        raise Invalid("talent.days", field="until_on")
    affiliation = Affiliation(researcher_id=row.id, **asdict(terms))
    db.session.add(affiliation)
    db.session.flush()
    audit.record(call, "talent.add_affiliation", "researcher", row.id, {"affiliation": affiliation.id})
    return affiliation


@use_case
def remove_affiliation(call: Call, affiliation_id: int) -> None:
    row = _own(call)
    _remove(next((each for each in row.affiliations if each.id == affiliation_id), None))
    audit.record(call, "talent.remove_affiliation", "researcher", row.id, {"affiliation": affiliation_id})


@use_case
def add_work(call: Call, terms: WorkTerms) -> Work:
    """Name a work of one's own; a Chinese patent number must have the right check digit."""
    row = _own(call)
    if not FIRST_YEAR <= terms.year <= call.now.year:
        raise Invalid("talent.year", {"first": FIRST_YEAR, "last": call.now.year}, field="year")
    if terms.kind is WorkKind.PATENT:
        terms = replace(terms, reference=patent_reference(terms.reference))
    work = Work(researcher_id=row.id, **asdict(terms))
    db.session.add(work)
    db.session.flush()
    audit.record(call, "talent.add_work", "researcher", row.id, {"work": work.id, "kind": work.kind})
    return work


@use_case
def remove_work(call: Call, work_id: int) -> None:
    row = _own(call)
    _remove(next((each for each in row.works if each.id == work_id), None))
    audit.record(call, "talent.remove_work", "researcher", row.id, {"work": work_id})


def _own(call: Call) -> Researcher:
    row = queries.find_own_researcher(call.actor)
    if row is None:
        raise NotFound("researcher")
    return row


def _remove(row: Affiliation | Work | None) -> None:
    if row is None:
        raise NotFound("row")
    db.session.delete(row)
