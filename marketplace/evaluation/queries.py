"""Reads of evaluations. Scores of others and names of members go through ``policy`` first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import GrantState
from marketplace.bids import proof, shortlists
from marketplace.bids import queries as bids_queries
from marketplace.bids.models import Bid
from marketplace.bids.terms import BidTerms
from marketplace.bids.workflow import READABLE, BidState
from marketplace.conflicts.queries import Found, Side, found_between, side_of_organisations, side_of_teams, uncovered
from marketplace.conflicts.workflow import Subject
from marketplace.db.base import db
from marketplace.evaluation import policy
from marketplace.evaluation.flags import Entry
from marketplace.evaluation.models import Evaluation, Exclusion, Member, Remark, Result, Score
from marketplace.evaluation.workflow import ACTIVE, EvaluationState, ExclusionState, MemberState
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders.models import Order
from marketplace.orders.procedures import RULES
from marketplace.orders.queries import MAX_ID, served_alliances
from marketplace.orders.references import called
from marketplace.orders.workflow import OrderState
from marketplace.web.filters import CITY
from marketplace.web.tasks import Task

JUDGED = frozenset({BidState.TECHNICAL, BidState.OPENED})
"""Bids that a committee scores: opened, admitted and not decided yet."""

_WHOLE = (
    selectinload(Evaluation.criteria),
    selectinload(Evaluation.members).joinedload(Member.account),
    joinedload(Evaluation.order).joinedload(Order.organisation),
    joinedload(Evaluation.order).selectinload(Order.targets),
)


def of_order(order: Order, *, lock: bool = False) -> Evaluation | None:
    """Return the evaluation of an order with criteria and members, None before anybody began one."""
    query = select(Evaluation).where(Evaluation.order_id == order.id).options(*_WHOLE)
    if lock:
        query = query.with_for_update(of=Evaluation)
    return db.session.scalar(query.execution_options(populate_existing=True))


def is_judged() -> ColumnElement[bool]:
    """True for orders whose procedure asks for no committee, or whose committee's scores are locked."""
    asking = sorted(procedure for procedure, rules in RULES.items() if rules.committee_min > 1)
    locked = select(Evaluation.order_id).where(Evaluation.state == EvaluationState.LOCKED)
    return or_(Order.procedure.not_in(asking), Order.id.in_(locked))


def get_seat(call: Call, evaluation_id: int) -> Member:
    """Return the caller's own active seat on a committee; raises NotFound for everybody else."""
    if not 0 < evaluation_id <= MAX_ID or call.actor.person is None:
        raise NotFound("evaluation")
    query = select(Member).where(
        Member.evaluation_id == evaluation_id, Member.person_id == call.actor.person, Member.state.in_(ACTIVE)
    )
    options = joinedload(Member.evaluation).options(*_WHOLE)
    row = db.session.scalar(query.options(options).execution_options(populate_existing=True))
    if row is None:
        raise NotFound("evaluation")
    return row


def list_seats(actor: Actor) -> Select[Member]:
    """Return the actor's seats, the newest first."""
    query = select(Member).where(Member.person_id == (actor.person or 0), Member.state.in_(ACTIVE))
    return query.options(joinedload(Member.evaluation).options(*_WHOLE)).order_by(Member.id.desc())


def judged_bids(order: Order) -> list[Bid]:
    """Return the bids to score, in the order of their numbers, with their content."""
    query = select(Bid).where(Bid.order_id == order.id, Bid.state.in_(JUDGED)).order_by(Bid.id)
    options = (joinedload(Bid.team), selectinload(Bid.content), joinedload(Bid.technical))
    return list(db.session.scalars(query.options(*options)).unique())


def terms_of(bid: Bid) -> BidTerms:
    """Return what was opened of a bid: the technical part where the prices are still sealed."""
    content = bids_queries.content_of(bid)
    if content is not None:
        return proof.terms_of(content)
    return proof.technical_of(bid.technical).terms if bid.technical else BidTerms()


Sheets = dict[int, dict[int, dict[int, int]]]
"""Points by bid, member and criterion."""


def sheets_of(members: Collection[Member]) -> Sheets:
    """Return the points that ``members`` gave; callers ask ``policy`` for whose they may read."""
    found: Sheets = defaultdict(lambda: defaultdict(dict))
    keys = [member.id for member in members]
    for row in db.session.scalars(select(Score).where(Score.member_id.in_(keys))):
        found[row.bid_id][row.member_id][row.criterion_id] = row.points
    return found


def remarks_of(members: Collection[Member]) -> dict[tuple[int, int], str]:
    """Return what ``members`` wrote, by (bid, member)."""
    rows = db.session.scalars(select(Remark).where(Remark.member_id.in_([member.id for member in members])))
    return {(row.bid_id, row.member_id): row.text for row in rows}


def results_of(evaluation: Evaluation) -> list[Result]:
    """Return the locked results, the best first."""
    query = (
        select(Result).where(Result.evaluation_id == evaluation.id).options(joinedload(Result.bid).joinedload(Bid.team))
    )
    return list(db.session.scalars(query.order_by(Result.rank, Result.bid_id)))


def qualities(bid_ids: Collection[int]) -> dict[int, int]:
    """Return the locked quality (0 to 1000) of those bids that a committee has judged: what a round takes for QUALITY."""
    rows = db.session.execute(select(Result.bid_id, Result.quality).where(Result.bid_id.in_(list(bid_ids))))
    return {row.bid_id: row.quality for row in rows}


def side_of_order(order: Order) -> Side:
    """Everybody who has an interest in the outcome: the enterprise, and the teams of every opened bid with their partners.

    In two stages also the teams of opened concepts that were not passed over.
    """
    bids = db.session.scalars(
        select(Bid).where(Bid.order_id == order.id, Bid.state.in_(READABLE)).options(joinedload(Bid.technical))
    )
    teams = {load.team for bid in bids.unique() for load in terms_of(bid).loads} | set(
        db.session.scalars(select(Bid.team_id).where(Bid.order_id == order.id, Bid.state.in_(READABLE)))
    )
    # A concept was opened too; whether its team writes a full bid must not show, so every one that was not passed over counts.
    for part in shortlists.concepts_of(order) if order.concepts_at is not None else []:
        if part.chosen is not False:
            teams |= {part.bid.team_id, *(load.team for load in shortlists.terms_of(part).loads)}
    return side_of_organisations([order.organisation_id]) | side_of_teams(sorted(teams))


def conflicts_of(call: Call, evaluation: Evaluation, person_id: int) -> list[Found]:
    """Return the links between a person and the parties that no approved override of this evaluation covers."""
    day = call.now.astimezone(CITY).date()
    found = found_between(Side(frozenset({person_id})), side_of_order(evaluation.order), day)
    return uncovered(found, Subject.EVALUATION, evaluation.id)


def overseers_of(order: Order) -> set[int]:
    """Return the natural persons who lead, confirm or audit an order's evaluation, by whichever account: they judge no bid.

    These are the officers of the centre, the secretaries of the order's alliance, and the auditors.
    """
    secretary = and_(AccountGrant.role == Role.ALLIANCE_SECRETARY, AccountGrant.alliance_id == order.alliance_id)
    held = or_(AccountGrant.role.in_((Role.CENTRE_OFFICER, Role.AUDITOR)), secretary)
    query = select(Account.person_id).join(AccountGrant, AccountGrant.account_id == Account.id)
    return set(db.session.scalars(query.where(held, AccountGrant.state == GrantState.ACTIVE)))


def entries_of(bids: Sequence[Bid]) -> list[Entry]:
    """Return opened bids as ``flags`` reads them."""
    return [
        Entry(
            bid.id,
            bid.content.price if bid.content else None,
            bid.state is BidState.DISQUALIFIED,
            bid.state is BidState.WON,
            bid.submitted_at,
        )
        for bid in bids
    ]


def exclusions_of(order: Order) -> dict[int, Exclusion]:
    """Return what was said about excluding bids of an order, by bid."""
    query = select(Exclusion).join(Bid, Bid.id == Exclusion.bid_id).where(Bid.order_id == order.id)
    return {row.bid_id: row for row in db.session.scalars(query)}


def waiting_for(call: Call) -> list[Task]:
    """Return the committees where the caller has something to do, and the evaluations that wait for their leaders."""
    tasks = []
    verbs = {MemberState.INVITED: _l("Accept the seat on a committee"), MemberState.READY: _l("Score the bids")}
    for seat in db.session.scalars(list_seats(call.actor).where(Member.state.in_(list(verbs))).limit(30)):
        order = seat.evaluation.order
        if policy.may_vote(call.actor, seat, seat.evaluation):
            values = {"evaluation_id": seat.evaluation_id}
            tasks.append(Task(_l("Vote on the concepts"), called(order), "evaluation.vote", values))
            continue
        if seat.state is MemberState.READY and seat.evaluation.state is not EvaluationState.SCORING:
            continue
        values = {"evaluation_id": seat.evaluation_id}
        tasks.append(Task(verbs[seat.state], called(order), "evaluation.seat", values))
    return [*tasks, *_for_leaders(call)]


def _for_leaders(call: Call) -> list[Task]:
    if not call.actor.has(Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY):
        return []
    query = (
        select(Evaluation)
        .join(Evaluation.order)
        .where(Evaluation.state == EvaluationState.SCORING, Order.state.in_([OrderState.OPENED, OrderState.EVALUATING]))
    )
    if not call.actor.has(Role.CENTRE_OFFICER):
        query = query.where(Order.alliance_id.in_(served_alliances(call.actor)))
    tasks = []
    for row in db.session.scalars(query.options(*_WHOLE).order_by(Evaluation.id).limit(30)):
        active = [member.state for member in row.members if member.state in ACTIVE]
        if active and set(active) == {MemberState.DONE}:
            subject = called(row.order)
            tasks.append(Task(_l("Lock the scores"), subject, "evaluation.show", {"order_id": row.order_id}))
    waiting = (
        select(Exclusion)
        .join(Exclusion.bid)
        .join(Bid.order)
        .where(Exclusion.state == ExclusionState.PROPOSED)
        .options(joinedload(Exclusion.bid).joinedload(Bid.order))
    )
    for exclusion in db.session.scalars(waiting.order_by(Exclusion.bid_id).limit(30)):
        order = exclusion.bid.order
        if call.actor.serves(order.alliance_id):
            verb = _l("Decide on the exclusion of a bid")
            tasks.append(Task(verb, called(order), "evaluation.show", {"order_id": order.id}))
    return tasks
