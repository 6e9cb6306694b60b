"""Open licences: declared after every bar was checked, taken by notice, withdrawn without touching those taken."""

from __future__ import annotations

from datetime import date

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.licences import bars, policy, queries
from marketplace.licences.models import Licence, LicencePatent, OpenLicence
from marketplace.licences.references import take_reference
from marketplace.licences.terms import OpenTerms
from marketplace.licences.workflow import LICENCE, OPEN_LICENCE, FeeMode, LicenceKind, LicenceState, OpenState
from marketplace.patents import queries as patents
from marketplace.patents.models import Patent
from marketplace.patents.workflow import SharePart


def bars_of(patent: Patent, terms: OpenTerms, today: date) -> list[bars.Bar]:
    """Return what stands in the way of declaring these terms for this patent."""
    exclusive = bool(queries.running_on([patent.id], queries.EXCLUSIVE))
    owners = len(patents.shares_on(patent, SharePart.OWNER, today))
    return bars.found(patent, terms, exclusive, owners, today)


@use_case
def declare_open(call: Call, patent_id: int, terms: OpenTerms) -> OpenLicence:
    """Offer a patent to everybody on the same terms."""
    patent = patents.get_patent(call, patent_id)
    policy.may_declare(call.actor, patent).require()
    if queries.open_of(patent.id) is not None:
        raise Conflict("licences.open_already")
    for bar in bars_of(patent, terms, patents.today(call)):
        raise Invalid(bar.code)
    row = OpenLicence(
        patent_id=patent.id,
        fee_mode=terms.fee_mode,
        lump=terms.lump,
        rate=terms.rate,
        ends_on=terms.ends_on,
        evaluation_report=terms.evaluation_report,
        other=terms.other,
        declared_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "licences.declare_open", "open_licence", row.id, {"patent": patent.id})
    return row


@use_case
def take_open(call: Call, open_id: int, licensee_id: int) -> Licence:
    """Take an open licence by written notice: who notifies and pays is licensed (Patent Law 51)."""
    policy.may_ask(call.actor, licensee_id).require()
    offered = queries.get_open(open_id)
    if offered.state is not OpenState.DECLARED or offered.ends_on < patents.today(call):
        raise Conflict("licences.open_over")
    if offered.patent.owner_id == licensee_id:
        raise Conflict("licences.own")
    if queries.running_on([offered.patent_id], queries.EXCLUSIVE):
        raise Conflict("licences.exclusive_runs")
    if offered.patent_id in queries.held_by(licensee_id):
        raise Conflict("licences.held_already")
    state = LICENCE.require(LICENCE.require(LicenceState.REQUESTED, "offer"), "start")
    row = Licence(
        reference=take_reference(call),
        licensee_id=licensee_id,
        licensor_id=offered.patent.owner_id,
        kind=LicenceKind.OPEN,
        fee_mode=offered.fee_mode,
        lump=offered.lump if offered.fee_mode is FeeMode.LUMP else 0,
        rate=offered.rate,
        starts_on=patents.today(call),
        ends_on=offered.ends_on,
        state=state,
        requested_at=call.now,
        started_at=call.now,
        parts=[LicencePatent(patent_id=offered.patent_id, weight=1)],
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "licences.take_open", "licence", row.id, {"open": offered.id, "licensee": licensee_id})
    return row


@use_case
def withdraw_open(call: Call, open_id: int) -> OpenLicence:
    """End the offer; licences that were taken stay (Patent Law 50)."""
    row = queries.get_open(open_id)
    policy.may_withdraw(call.actor, row).require()
    row.state, row.withdrawn_at = OPEN_LICENCE.require(row.state, "withdraw"), call.now
    audit.record(call, "licences.withdraw_open", "open_licence", row.id)
    return row
