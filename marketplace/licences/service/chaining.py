"""Sub-licences: given under a licence that allows it, never wider or longer than it, and ended with it."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.licences import policy, queries
from marketplace.licences.models import Licence, LicencePatent
from marketplace.licences.references import take_reference
from marketplace.licences.terms import OfferTerms
from marketplace.licences.workflow import LICENCE, FeeMode, LicenceKind, LicenceState
from marketplace.patents import queries as patents


@use_case
def sublicense(call: Call, licence_id: int, licensee: str, purpose: str) -> Licence:
    """Open a sub-licence of everything a licence covers, for the verified organisation of that name.

    Its conditions are offered and signed like those of any licence. Raises Invalid ``licences.unknown_licensee``,
    Conflict ``licences.not_running`` or ``licences.own``.
    """
    head = queries.get_licence(call, licence_id)
    policy.may_sublicense(call.actor, head).require()
    if head.state is not LicenceState.RUNNING:
        raise Conflict("licences.not_running")
    taker = patents.find_organisation(licensee)
    if taker is None:
        raise Invalid("licences.unknown_licensee", field="licensee")
    if taker.id in {head.licensee_id, head.licensor_id}:
        raise Conflict("licences.own")
    row = Licence(
        reference=take_reference(call),
        licensee_id=taker.id,
        licensor_id=head.licensee_id,
        rests_on_id=head.id,
        kind=LicenceKind.ORDINARY,
        fee_mode=FeeMode.LUMP,
        purpose=purpose,
        field_of_use=head.field_of_use,
        territory=head.territory,
        requested_at=call.now,
        parts=[LicencePatent(patent_id=part.patent_id, weight=part.weight) for part in head.parts],
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "licences.sublicense", "licence", row.id, {"rests_on": head.id, "licensee": taker.id})
    return row


def check_below(head: Licence, terms: OfferTerms) -> None:
    """Raise Invalid for conditions that give more than the licence they rest on."""
    if terms.kind is not LicenceKind.ORDINARY or terms.may_sublicense:
        raise Invalid("licences.sub_ordinary", field="kind")
    if head.starts_on is not None and terms.starts_on < head.starts_on:
        raise Invalid("licences.sub_start", {"day": head.starts_on}, field="starts_on")
    if head.ends_on is not None and terms.ends_on > head.ends_on:
        raise Invalid("licences.sub_term", {"day": head.ends_on}, field="ends_on")


def end_below(call: Call, head: Licence) -> list[Licence]:
    """End what rests on a licence that ended, inside the running use case: nobody can give what he has not."""
    query = select(Licence).where(Licence.rests_on_id == head.id, Licence.state == LicenceState.RUNNING)
    rows = list(db.session.scalars(query.order_by(Licence.id)))
    for row in rows:
        row.state, row.ended_at = LICENCE.require(row.state, "end"), call.now
        row.reason = f"所依据的许可 {head.reference} 已终止 / licence {head.reference}, which it rests on, has ended"
    return rows
