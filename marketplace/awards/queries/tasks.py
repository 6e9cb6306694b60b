"""What waits for whom about awards, and what the clock has to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.approvals.models import Endorsement
from marketplace.awards.freezing import frozen_clause
from marketplace.awards.models import Award, Complaint, Reversal
from marketplace.awards.policy import may_confirm_enterprise, may_confirm_team
from marketplace.awards.queries.approvals import desk
from marketplace.awards.queries.awards import list_awards, sides_of
from marketplace.awards.queries.complaints import list_complaints
from marketplace.awards.workflow import OPEN, AwardState, ComplaintState, ReversalState
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.orders.models import Order
from marketplace.orders.references import called
from marketplace.orders.workflow import AMENDABLE, OrderState
from marketplace.rounds.models import Proposal, Run
from marketplace.rounds.queries import visible_clause as round_visible
from marketplace.rounds.workflow import RUN, ProposalState
from marketplace.talent.models import Team
from marketplace.web.tasks import Task

MOST = 20
PUBLISH_WITHIN = timedelta(days=3)
_BOTH = Award.enterprise_confirmed_at.is_not(None) & Award.team_confirmed_at.is_not(None)


def due_for_contract(now: datetime) -> list[int]:
    """Awards whose standstill is over, that nobody objects to and both parties stand for."""
    ready = (Award.state == AwardState.STANDSTILL) & (Award.standstill_ends_at <= now) & _BOTH & ~frozen_clause(now)
    return list(db.session.scalars(select(Award.id).where(ready).order_by(Award.id)))


def due_for_lapse(now: datetime) -> list[int]:
    """Awards that a party did not confirm in time, unless an objection holds them up."""
    late = (Award.state == AwardState.STANDSTILL) & (Award.confirm_by <= now) & ~_BOTH & ~frozen_clause(now)
    return list(db.session.scalars(select(Award.id).where(late).order_by(Award.id)))


def waiting_for(call: Call) -> list[Task]:
    """Awards to publish or confirm, objections to handle, reversals that wait for a second person."""
    return [*_to_sign(call), *_to_publish(call), *_to_confirm(call), *_to_handle(call), *_to_approve(call)]


def _to_sign(call: Call) -> Iterator[Task]:
    """Fund managers read no round, so their way to a match that waits for them is the desk."""
    if call.actor.has(Role.FUND_MANAGER):
        for row in desk(call):
            if not row.why_not:
                subject = called(row.proposal.order)
                yield Task(_l("Approve a match"), subject, "awards.approvals")


def _to_publish(call: Call) -> Iterator[Task]:
    if not call.actor.has(Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY):
        return
    for row in db.session.scalars(_unpublished(call).limit(MOST)):
        if row.approved_at is not None and call.actor.serves(row.run.round.alliance_id):
            subject = called(row.order)
            yield Task(_l("Publish the award"), subject, "awards.to_announce", {}, row.approved_at + PUBLISH_WITHIN)


def _to_confirm(call: Call) -> Iterator[Task]:
    if not call.actor.organisations or call.actor.reads_everything:
        return
    query = list_awards(call.actor).where(Award.state == AwardState.STANDSTILL, Award.confirm_by > call.now)
    for row in db.session.scalars(query.limit(MOST)):
        sides = sides_of(row)
        ours = may_confirm_enterprise(call.actor, sides) and row.enterprise_confirmed_at is None
        theirs = may_confirm_team(call.actor, sides) and row.team_confirmed_at is None
        if ours or theirs:
            subject = called(row.order)
            yield Task(_l("Confirm the award"), subject, "awards.show", {"award_id": row.id}, row.confirm_by)


_VERBS = {
    ComplaintState.FILED: _l("Look at an objection"),
    ComplaintState.ACCEPTED: _l("Answer an objection"),
    ComplaintState.ANSWERED: _l("Decide on an objection as the second person"),
    ComplaintState.APPEALED: _l("Find about an appeal"),
    ComplaintState.REVIEWED: _l("Decide on an appeal as the second person"),
}
_FIRST = frozenset({ComplaintState.FILED, ComplaintState.ACCEPTED, ComplaintState.ANSWERED})


def _to_handle(call: Call) -> Iterator[Task]:
    if not call.actor.has(Role.CENTRE_OFFICER, Role.FUND_MANAGER):
        return
    mine = {*db.session.scalars(_own_findings(call))}
    states = OPEN if call.actor.has(Role.CENTRE_OFFICER) else OPEN - _FIRST
    for row in db.session.scalars(list_complaints(call.actor).where(Complaint.state.in_(states)).limit(MOST)).unique():
        if not any(finding.id in mine and finding.decided_at is None for finding in row.findings):
            subject = row.award.order.reference
            yield Task(_VERBS[row.state], subject, "awards.complaint", {"complaint_id": row.id}, row.answer_due_at)


def _own_findings(call: Call) -> Select[int]:
    return select(Endorsement.subject_id).where(
        Endorsement.subject_kind == "complaint_finding", Endorsement.person_id == call.actor.person
    )


def _to_approve(call: Call) -> Iterator[Task]:
    if not call.actor.has(Role.CENTRE_OFFICER):
        return
    own = (
        select(Endorsement.id)
        .where(
            Endorsement.subject_kind == "reversal",
            Endorsement.subject_id == Reversal.id,
            Endorsement.person_id == call.actor.person,
        )
        .exists()
    )
    query = select(Reversal).where(Reversal.state == ReversalState.PROPOSED, ~own).order_by(Reversal.id)
    for row in db.session.scalars(query.limit(MOST)):
        verb = _l("Decide on taking an award back as the second person")
        yield Task(verb, row.public_reason, "awards.reversal", {"reversal_id": row.id})


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A run with approved matches that are not public yet; ``releasable`` when the run as a whole may be announced."""

    run: Run
    proposals: list[Proposal]
    releasable: bool


def unpublished(call: Call) -> list[Unpublished]:
    """Return the approved and unpublished matches of the rounds the caller runs, by run."""
    rows = db.session.scalars(_unpublished(call)).all()
    by_run: dict[int, list[Proposal]] = {}
    for row in rows:
        if call.actor.serves(row.run.round.alliance_id):
            by_run.setdefault(row.run_id, []).append(row)
    return [Unpublished(p[0].run, p, RUN.allows(p[0].run.state, "release")) for p in by_run.values()]


def _unpublished(call: Call) -> Select[Proposal]:
    approved = (Proposal.state == ProposalState.APPROVED) & (Order.state == OrderState.APPROVED)
    return (
        select(Proposal)
        .join(Proposal.order)
        .join(Proposal.run)
        .join(Run.round)
        .where(approved, round_visible(call.actor))
        .options(
            contains_eager(Proposal.order).joinedload(Order.organisation),
            contains_eager(Proposal.run).contains_eager(Run.round),
            joinedload(Proposal.team).joinedload(Team.organisation),
        )
        .order_by(Proposal.run_id, Proposal.approved_at, Proposal.id)
    )


def invited_before(order: Order) -> Sequence[Proposal]:
    """Return the invitations to the order that ``order`` tenders again; their teams have not been told of it yet."""
    if order.retender_of is None:
        return []
    query = select(Proposal).where(Proposal.order_id == order.retender_of, Proposal.state == ProposalState.INVITED)
    return db.session.scalars(query.options(joinedload(Proposal.team)).order_by(Proposal.id)).all()


def retendered_with_invited() -> Sequence[int]:
    """Return published re-tenders whose invited teams wait to be told."""
    invited = select(Proposal.order_id).where(Proposal.state == ProposalState.INVITED)
    query = select(Order.id).where(Order.retender_of.in_(invited), Order.state.in_(AMENDABLE)).order_by(Order.id)
    return db.session.scalars(query).all()
