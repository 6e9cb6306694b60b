"""Objections: in full for whoever objected and for the centre; the parties learn that there is one and how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from marketplace.accounts.models import Account
from marketplace.alliances.models import AllianceMembership
from marketplace.alliances.workflow import MembershipState
from marketplace.approvals.models import Endorsement
from marketplace.awards.models import Award, Complaint, ComplaintFinding
from marketplace.awards.policy import APPEAL_ROLES, Objector
from marketplace.awards.queries.awards import parties_of, visible_clause
from marketplace.awards.workflow import OPEN, AwardState, ComplaintState, Instance
from marketplace.bids.models import Bid, OpenedBid, OpenedLoad
from marketplace.bids.queries import owned_clause
from marketplace.bids.workflow import BidState
from marketplace.conflicts import queries as conflicts
from marketplace.conflicts.found import Found, Side
from marketplace.conflicts.workflow import Subject
from marketplace.db.base import db
from marketplace.kernel.call import OWNERS, Actor, Call
from marketplace.kernel.errors import NotFound
from marketplace.orders.models import Order
from marketplace.orders.queries import MAX_ID
from marketplace.organisations.models import Organisation
from marketplace.rounds.models import Proposal, Run
from marketplace.talent.models import Team
from marketplace.web.filters import CITY

PANEL_STATES = (ComplaintState.APPEALED, ComplaintState.REVIEWED, ComplaintState.DECIDED)
_LOSER = aliased(Bid)


def _rows() -> Select[Complaint]:
    return (
        select(Complaint)
        .join(Complaint.award)
        .join(Award.order)
        .join(Award.team)
        .join(Account, Account.id == Complaint.filed_by)
        .outerjoin(_LOSER, _LOSER.id == Complaint.bid_id)
    )


def _objected(actor: Actor) -> ColumnElement[bool]:
    """The same rule as ``policy.is_objector``."""
    if actor.person is None:
        return false()
    owned = sorted({g.organisation for g in actor.grants if g.organisation is not None and g.role in OWNERS})
    return or_(
        Account.person_id == actor.person,
        _LOSER.team_id.in_(sorted(actor.teams)),
        and_(Complaint.organisation_id.in_(owned), Complaint.organisation_id != Team.organisation_id),
    )


def read_clause(actor: Actor) -> ColumnElement[bool]:
    """The same rule as ``policy.reads_complaint``."""
    return true() if actor.reads_everything else _objected(actor)


def known_clause(actor: Actor) -> ColumnElement[bool]:
    """The same rule as ``policy.knows_of_complaint``."""
    return or_(read_clause(actor), visible_clause(actor))


_WHOLE = (
    contains_eager(Complaint.award).contains_eager(Award.order).joinedload(Order.organisation),
    contains_eager(Complaint.award).contains_eager(Award.team).joinedload(Team.organisation),
    contains_eager(Complaint.award).joinedload(Award.proposal).joinedload(Proposal.run).joinedload(Run.round),
    contains_eager(Complaint.award)
    .joinedload(Award.bid)
    .joinedload(Bid.content)
    .selectinload(OpenedBid.loads)
    .joinedload(OpenedLoad.team),
    contains_eager(Complaint.award).joinedload(Award.bid).joinedload(Bid.team),
    joinedload(Complaint.organisation),
    joinedload(Complaint.bid).joinedload(Bid.team),
    joinedload(Complaint.file),
    joinedload(Complaint.filer),
    selectinload(Complaint.findings).joinedload(ComplaintFinding.proposer),
    selectinload(Complaint.findings).joinedload(ComplaintFinding.decider),
)


def get_complaint(call: Call, complaint_id: int, *, lock: bool = False) -> Complaint:
    """Return an objection to whoever may know of it; what of it a page may say is in ``reading``."""
    return _one(_rows().where(known_clause(call.actor)), complaint_id, lock=lock)


def get_for_panel(call: Call, complaint_id: int, *, lock: bool = False) -> Complaint:
    """The same, and appeals to those who may sit on their panel."""
    known = known_clause(call.actor)
    if call.actor.has(*APPEAL_ROLES):
        known = or_(known, Complaint.state.in_(PANEL_STATES))
    return _one(_rows().where(known), complaint_id, lock=lock)


def _one(query: Select[Complaint], complaint_id: int, *, lock: bool) -> Complaint:
    key = complaint_id if 0 < complaint_id <= MAX_ID else 0
    query = query.where(Complaint.id == key)
    if lock:
        order_id = db.session.scalar(query.with_only_columns(Award.order_id))
        db.session.execute(select(Order.id).where(Order.id == order_id).with_for_update())
        db.session.execute(select(Complaint.id).where(Complaint.id == key).with_for_update())
    row = db.session.scalar(query.options(*_WHOLE).execution_options(populate_existing=True))
    if row is None:
        raise NotFound("complaint")
    return row


def list_complaints(actor: Actor) -> Select[Complaint]:
    """The objections the reader reads in full, undecided ones first by their deadline; appeals for their panel as well."""
    readable = read_clause(actor)
    if actor.has(*APPEAL_ROLES):
        readable = or_(readable, Complaint.state.in_(PANEL_STATES))
    decided = Complaint.state.not_in(OPEN)
    return _rows().where(readable).options(*_WHOLE).order_by(decided, Complaint.answer_due_at, Complaint.id)


def complaints_of(actor: Actor, award: Award) -> Sequence[Complaint]:
    """The objections to one award that the reader may know of."""
    query = _rows().where(Complaint.award_id == award.id, known_clause(actor))
    return db.session.scalars(query.options(*_WHOLE).order_by(Complaint.id)).unique().all()


def takes_objections(call: Call, award: Award) -> bool:
    """Whether an award may still be objected to."""
    return award.state is AwardState.STANDSTILL and call.now < award.standstill_ends_at


def takes_appeals(call: Call, complaint: Complaint) -> bool:
    """Whether the days in which a decision may be appealed still run."""
    live = complaint.award.state is AwardState.STANDSTILL
    return live and complaint.appeal_until is not None and call.now < complaint.appeal_until


def has_open_complaint(award_id: int, organisation_id: int) -> bool:
    query = select(Complaint.id).where(
        Complaint.award_id == award_id, Complaint.organisation_id == organisation_id, Complaint.state.in_(OPEN)
    )
    return db.session.scalar(query.limit(1)) is not None


def losing_bids_of(actor: Actor, award: Award) -> Sequence[Bid]:
    """The actor's own bids on the order that were opened and did not win, as concepts or in full."""
    return db.session.scalars(
        select(Bid)
        .join(Bid.team)
        .where(
            owned_clause(actor),
            Bid.order_id == award.order_id,
            Bid.id != award.bid_id,
            or_(Bid.opened_at.is_not(None), Bid.state == BidState.PASSED_OVER),
            Bid.state.in_([BidState.LOST, BidState.DISQUALIFIED, BidState.PASSED_OVER]),
        )
        .options(contains_eager(Bid.team))
        .order_by(Bid.id)
    ).all()


def member_organisations(actor: Actor) -> Sequence[Organisation]:
    """The actor's organisations that belong to an alliance: in whose name a notice may be objected to."""
    members = select(AllianceMembership.organisation_id).where(AllianceMembership.state == MembershipState.ACTIVE)
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(sorted(actor.organisations)), Organisation.id.in_(members))
        .order_by(Organisation.id)
    ).all()


def objector_of(complaint: Complaint) -> Objector:
    team = complaint.bid.team_id if complaint.bid else None
    return Objector(complaint.filer.person_id, complaint.organisation_id, team)


def concerned_in(complaint: Complaint) -> frozenset[int]:
    """The organisations with an interest in the decision: both parties and whoever objected."""
    return parties_of(complaint.award) | {complaint.organisation_id}


def links_of_decider(call: Call, complaint: Complaint) -> list[Found]:
    """The caller's own links to a party or to whoever objected that nobody decided to pass over for this objection."""
    award, filer = complaint.award, Side(frozenset({complaint.filer.person_id}), frozenset({complaint.organisation_id}))
    teams = {award.team_id} | ({complaint.bid.team_id} if complaint.bid else set())
    others = conflicts.side_of_organisations([award.order.organisation_id]) | conflicts.side_of_teams(sorted(teams))
    found = conflicts.found_between(
        conflicts.side_of_actor(call.actor), others | filer, call.now.astimezone(CITY).date()
    )
    return conflicts.uncovered(found, Subject.COMPLAINT, complaint.id)


def took_part_in(complaint: Complaint) -> frozenset[int]:
    """The natural persons who stood for the award or for the first decision: none of them sits on the appeal's panel."""
    first = [finding.id for finding in complaint.findings if finding.instance is Instance.FIRST]
    persons = db.session.scalars(
        select(Endorsement.person_id).where(
            or_(
                and_(Endorsement.subject_kind == "proposal", Endorsement.subject_id == complaint.award.proposal_id),
                and_(Endorsement.subject_kind == "complaint_finding", Endorsement.subject_id.in_(first)),
            )
        )
    )
    handler = db.session.scalars(select(Account.person_id).where(Account.id == (complaint.handled_by or 0)))
    deciders = [f.decided_by for f in complaint.findings if f.instance is Instance.FIRST and f.decided_by]
    returned = db.session.scalars(select(Account.person_id).where(Account.id.in_(deciders)))
    return frozenset(persons) | frozenset(handler) | frozenset(returned)
