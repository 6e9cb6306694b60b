"""A declared patent application comes into the register of patents, owned as the contract says. Inside the running use case."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_

from marketplace.contracts.models import Contract, Result
from marketplace.contracts.workflow import ResultKind
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import Invalid
from marketplace.kernel.money import BASIS
from marketplace.kernel.patents import application
from marketplace.orders.workflow import IpWish
from marketplace.patents import queries, records
from marketplace.patents.models import Patent
from marketplace.patents.terms import PatentTerms, ShareTerms
from marketplace.patents.workflow import PatentKind


def register(call: Call, contract: Contract, result: Result) -> Patent | None:
    """Put a numbered application into the register; None where there is nothing to register, or it is there already.

    Raises Invalid on ``number`` for a number that cannot be one, on ``on`` for a day to come.
    """
    field = contract.order.field
    if result.kind is not ResultKind.PATENT or not result.number or field is None:
        return None
    try:
        office, number = application(result.number)
    except Invalid as wrong:
        raise Invalid(wrong.code, wrong.values, field="number") from wrong
    if result.on > queries.today(call):
        raise Invalid("patents.future", field="on")
    if queries.number_taken(office, number):
        return None
    owners = owners_of(contract)
    terms = PatentTerms(
        number=result.number,
        kind=records.kind_of(number) if office == "CN" else PatentKind.INVENTION,
        title=result.title,
        field=field,
        filed_on=result.on,
        applicants=result.holder,
        owners=owners,
    )
    patent = records.new_patent(call, owners[0].organisation_id or contract.institution_id, terms, queries.today(call))
    db.session.add(patent)
    db.session.flush()
    db.session.add_all(records.first_events(call, patent))
    return patent


def owners_of(contract: Contract) -> tuple[ShareTerms, ...]:
    """Return who owns the results as agreed: one party, or both in equal parts (Civil Code 859, 860)."""
    wish = contract.order.ip_wish
    enterprise, institution = contract.enterprise, contract.institution
    if wish is IpWish.JOINT:
        first = ShareTerms(enterprise.name, BASIS // 2, enterprise.id)
        return first, ShareTerms(institution.name, BASIS - first.share, institution.id)
    owner = enterprise if wish is IpWish.ENTERPRISE else institution
    return (ShareTerms(owner.name, BASIS, owner.id),)


def registered(actor: Actor, results: Sequence[Result]) -> dict[int, Patent]:
    """Return the register's entry of each declared application (by the declaration's id) that the reader may see."""
    numbers = {row.id: pair for row in results if (pair := _number_of(row))}
    if not numbers:
        return {}
    either = or_(*((Patent.office == office) & (Patent.number == number) for office, number in numbers.values()))
    found = {(row.office, row.number): row for row in db.session.scalars(queries.visible_to(actor).where(either))}
    return {key: found[pair] for key, pair in numbers.items() if pair in found}


def _number_of(result: Result) -> tuple[str, str] | None:
    """(office, number); None for what is no numbered application, as in declarations from before numbers were checked."""
    try:
        return application(result.number) if result.kind is ResultKind.PATENT and result.number else None
    except Invalid:
        return None
