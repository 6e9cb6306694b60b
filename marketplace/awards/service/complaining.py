"""Objecting within the standstill, taking it back, and appealing."""

from __future__ import annotations

from datetime import datetime

from marketplace.audit import service as audit
from marketplace.awards import policy, queries
from marketplace.awards.days import end_of_calendar_day, end_of_working_day
from marketplace.awards.models import Award, Complaint
from marketplace.awards.service.announcing import CONFIRM_DAYS
from marketplace.awards.telling import tell_bidder, tell_enterprise, tell_officers
from marketplace.awards.terms import ComplaintTerms
from marketplace.awards.undoing import drop_finding
from marketplace.awards.workflow import COMPLAINT, AwardState, ComplaintState, Standing
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.orders.procedures import Procedure
from marketplace.storage import service as storage

ANSWER_DAYS = 3
"""Working days for the centre's answer; in the strict procedure calendar days, as the regulation has it."""
APPEAL_DAYS = 3
"""Working days in which a decision may be appealed; the award stands still so long."""
FEWEST_WORDS = 10
FILE_KINDS = ("pdf", "png", "jpg", "jpeg", "docx", "xlsx", "txt")


@use_case
def file_complaint(call: Call, award_id: int, terms: ComplaintTerms) -> Complaint:
    """Object to an award within its standstill; from this moment no contract begins until it is decided."""
    award = queries.get_noticed(call, award_id, lock=True)
    standing = _standing(call, award, terms)
    if not queries.takes_objections(call, award):
        raise Conflict("awards.too_late", {"when": award.standstill_ends_at})
    if len(terms.text.strip()) < FEWEST_WORDS:
        raise Invalid("awards.text_short", {"least": FEWEST_WORDS}, field="text")
    if queries.has_open_complaint(award.id, standing.organisation):
        raise Conflict("awards.one_open")
    row = Complaint(
        award=award,
        organisation_id=standing.organisation,
        bid_id=standing.bid,
        standing=Standing.MEMBER if standing.bid is None else Standing.BIDDER,
        ground=terms.ground,
        text=terms.text.strip(),
        file_id=storage.keep(call, terms.upload, FILE_KINDS).id if terms.upload else None,
        state=ComplaintState.FILED,
        filed_by=call.actor.account,
        filed_at=call.now,
        answer_due_at=answer_due(award, call),
    )
    db.session.add(row)
    db.session.flush()
    tell_officers(call, row, "complaint_filed")
    _tell_parties(call, award, "award_paused")
    audit.record(call, "awards.file_complaint", "complaint", row.id, _detail(row))
    return row


@use_case
def withdraw_complaint(call: Call, complaint_id: int) -> Complaint:
    """Whoever objected takes the objection back; the award goes on unless another one is open."""
    row = _own(call, complaint_id)
    row.state, row.decided_at = COMPLAINT.require(row.state, "withdraw"), call.now
    drop_finding(row.id)
    extend_confirmation(call, row.award)
    audit.record(call, "awards.withdraw_complaint", "complaint", row.id, _detail(row))
    return row


@use_case
def appeal(call: Call, complaint_id: int, text: str) -> Complaint:
    """Take a dismissed or inadmissible objection to a panel of two persons who had no part in the decision."""
    row = _own(call, complaint_id)
    target = COMPLAINT.require(row.state, "appeal")
    if row.appeal_until is None or call.now >= row.appeal_until:
        raise Conflict("awards.appeal_late", {"when": row.appeal_until})
    if row.award.state is not AwardState.STANDSTILL:
        raise Conflict("awards.appeal_over")
    if len(text.strip()) < FEWEST_WORDS:
        raise Invalid("awards.text_short", {"least": FEWEST_WORDS}, field="text")
    row.state, row.appeal_text, row.appealed_at = target, text.strip(), call.now
    row.answer_due_at = answer_due(row.award, call)
    tell_officers(call, row, "complaint_filed")
    audit.record(call, "awards.appeal", "complaint", row.id, _detail(row))
    return row


def answer_due(award: Award, call: Call) -> datetime:
    """By when the centre must have answered what came in now."""
    strict = award.order.procedure is Procedure.STRICT
    count = end_of_calendar_day if strict else end_of_working_day
    return count(call.now, ANSWER_DAYS)


def extend_confirmation(call: Call, award: Award) -> None:
    """Time lost to an objection is not the parties': they have the usual days from its end on."""
    if award.state is AwardState.STANDSTILL:
        award.confirm_by = max(award.confirm_by, end_of_working_day(call.now, CONFIRM_DAYS))


class _Standing:
    """In whose name somebody objects."""

    def __init__(self, organisation: int, bid: int | None = None) -> None:
        self.organisation, self.bid = organisation, bid


def _standing(call: Call, award: Award, terms: ComplaintTerms) -> _Standing:
    """Find the losing bid or the member organisation in whose name the caller objects; raises Forbidden without one."""
    if terms.bid_id is not None:
        bid = next((b for b in queries.losing_bids_of(call.actor, award) if b.id == terms.bid_id), None)
        policy.may_object(call.actor, queries.sides_of(award), bidder=bid is not None, member=False).require()
        if bid is None:
            raise Forbidden("awards.members_object")
        return _Standing(bid.team.organisation_id, bid.id)
    members = [row.id for row in queries.member_organisations(call.actor)]
    chosen = terms.organisation_id if terms.organisation_id in members else None
    member = chosen is not None
    policy.may_object(call.actor, queries.sides_of(award), bidder=False, member=member).require()
    if chosen is None:
        raise Forbidden("awards.members_object")
    return _Standing(chosen)


def _own(call: Call, complaint_id: int) -> Complaint:
    row = queries.get_complaint(call, complaint_id, lock=True)
    if not policy.is_objector(call.actor, queries.objector_of(row), queries.sides_of(row.award)):
        raise Forbidden("awards.not_yours")
    return row


def _tell_parties(call: Call, award: Award, template: str) -> None:
    tell_enterprise(call, award, template)
    tell_bidder(call, award, award.bid, template)


def _detail(row: Complaint) -> dict[str, object]:
    """The ground and the award; who objects and in which words stays with the objection."""
    return {"award": row.award_id, "ground": row.ground.value, "standing": row.standing.value}
