"""Criteria are fixed before the opening; after it the committee is put together and begins."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from marketplace.accounts.models import Account
from marketplace.accounts.workflow import AccountState
from marketplace.audit import service as audit
from marketplace.bids import openings
from marketplace.bids import queries as bids
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.evaluation import composing, concepts, policy, queries
from marketplace.evaluation.models import Criterion, Evaluation, Member
from marketplace.evaluation.terms import MOST_CRITERIA, STANDARD, WHOLE, CriterionTerms
from marketplace.evaluation.workflow import ACTIVE, EVALUATION, MEMBER, EvaluationState, MemberState
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.orders import queries as orders
from marketplace.orders.mail import tell
from marketplace.orders.models import Order
from marketplace.orders.procedures import rules_of
from marketplace.orders.workflow import EDITABLE, OrderState

OPEN = frozenset({OrderState.OPENED, OrderState.EVALUATING})
SEATING = OPEN | {OrderState.CONCEPTS}
"""States in which a committee is put together: in two stages it votes on the concepts first."""


@use_case
def fix_criteria(call: Call, order_id: int, criteria: Sequence[CriterionTerms]) -> Evaluation:
    """Say what counts and how much, until bids can come in; from then on bidders rely on it."""
    order = orders.get_order(call, order_id, lock=True)
    policy.may_fix_criteria(call.actor, order).require()
    if order.state not in EDITABLE | {OrderState.SCREENING, OrderState.PUBLISHED}:
        raise Conflict("evaluation.fixed")
    if not 1 <= len(criteria) <= MOST_CRITERIA or any(not c.name.strip() or c.weight <= 0 for c in criteria):
        raise Invalid("evaluation.criteria_incomplete", {"most": MOST_CRITERIA}, field="criteria")
    if sum(criterion.weight for criterion in criteria) != WHOLE:
        raise Invalid("evaluation.weights", field="criteria")
    row = queries.of_order(order) or _new(call, order)
    row.criteria.clear()
    db.session.flush()
    row.criteria = _rows(criteria)
    row.fixed_at = call.now
    detail = {"weights": [criterion.weight for criterion in criteria]}
    audit.record(call, "evaluation.fix_criteria", "order", order.id, detail)
    return row


@use_case
def appoint(call: Call, order_id: int, email: str, *, expert: bool) -> Member:
    """Invite a natural person to the committee, whom no interest ties to the enterprise or a bidder.

    Only after the opening (of concepts, in two stages): before it, a refusal would tell who has bid. Once a vote on concepts is
    complete nobody joins before the shortlist: whoever saw it could otherwise turn it.
    """
    order, row = _leading(call, order_id)
    if row is None:
        row = _new(call, order)
        row.criteria = _rows(STANDARD)
        db.session.flush()
    elif row.state is not EvaluationState.SETUP:
        raise Conflict("evaluation.begun")
    elif order.state is OrderState.CONCEPTS and concepts.is_complete(order, row):
        raise Conflict("evaluation.voted_all")
    account = db.session.scalar(select(Account).where(Account.email == email.strip().lower()))
    if account is None or account.state is not AccountState.ACTIVE:
        raise Invalid("evaluation.unknown_account", field="email")
    seats = select(Member).where(Member.evaluation_id == row.id, Member.person_id == account.person_id)
    if db.session.scalar(seats) is not None:
        raise Conflict("evaluation.seated")
    _require_disinterested(call, row, account.person_id)
    member = Member(
        evaluation_id=row.id,
        account_id=account.id,
        person_id=account.person_id,
        expert=expert,
        appointed_at=call.now,
    )
    db.session.add(member)
    db.session.flush()
    tell(call, [account], order, "evaluation_invited", evaluation_id=row.id)
    audit.record(call, "evaluation.appoint", "order", order.id, {"member": member.id, "expert": expert})
    return member


@use_case
def accept_seat(call: Call, evaluation_id: int) -> Member:
    """The member takes the seat and declares to have no interest in the outcome; what the site knows is checked again."""
    member = queries.get_seat(call, evaluation_id)
    _require_disinterested(call, member.evaluation, member.person_id)
    member.state = MEMBER.require(member.state, "accept")
    member.accepted_at = call.now
    audit.record(call, "evaluation.accept_seat", "order", member.evaluation.order_id, {"member": member.id})
    return member


@use_case
def decline_seat(call: Call, evaluation_id: int, reason: str) -> Member:
    """The member steps down, with the reason: an interest, or no time. A vote on concepts that was handed in goes on counting."""
    member = queries.get_seat(call, evaluation_id)
    _replace(member, reason)
    audit.record(call, "evaluation.decline_seat", "order", member.evaluation.order_id, {"member": member.id})
    return member


@use_case
def replace_member(call: Call, order_id: int, member_id: int, reason: str) -> Member:
    """The centre takes a member off the committee before the scores are handed in, with the reason on record."""
    order, row = _leading(call, order_id)
    member = next((each for each in row.members if each.id == member_id), None) if row else None
    if member is None:
        raise NotFound("member")
    if policy.vote_stays(member, order):
        raise Conflict("evaluation.voted_stays")
    _replace(member, reason)
    audit.record(call, "evaluation.replace_member", "order", order.id, {"member": member.id, "reason": member.reason})
    return member


@use_case
def begin_scoring(call: Call, order_id: int) -> Evaluation:
    """Scoring begins once the committee is what the procedure asks and every member has accepted."""
    order, row = _leading(call, order_id)
    if order.state not in OPEN:
        raise Conflict("evaluation.not_open")
    if row is None:
        raise Conflict("evaluation.too_small", {"least": max(1, rules_of(order).committee_min), "present": 0})
    members = [member for member in row.members if member.state in ACTIVE]
    if lacking := composing.problems(rules_of(order), len(members), sum(member.expert for member in members)):
        raise Conflict(lacking[0].code, lacking[0].values)
    if any(member.state is not MemberState.READY for member in members):
        raise Conflict("evaluation.not_accepted")
    if not queries.judged_bids(order):
        raise Conflict("evaluation.no_bids")
    for member in members:
        _require_disinterested(call, row, member.person_id)
    row.state = EVALUATION.require(row.state, "begin")
    row.begun_at = call.now
    tell(call, [member.account for member in members], order, "evaluation_begins", evaluation_id=row.id)
    audit.record(call, "evaluation.begin", "order", order.id, {"members": len(members)})
    return row


def _leading(call: Call, order_id: int) -> tuple[Order, Evaluation | None]:
    """Return an opened order, locked, and its evaluation, for somebody who may lead it."""
    order = orders.get_order(call, order_id, lock=True)
    policy.may_lead(call.actor, order).require()
    if order.state not in SEATING or bids.is_open(order, call.now) or openings.prices_wait(order):
        raise Conflict("evaluation.not_open")
    return order, queries.of_order(order, lock=True)


def _new(call: Call, order: Order) -> Evaluation:
    row = Evaluation(order_id=order.id, order=order, created_at=call.now, criteria=[], members=[])
    db.session.add(row)
    db.session.flush()
    return row


def _rows(criteria: Sequence[CriterionTerms]) -> list[Criterion]:
    return [
        Criterion(
            position=place, name=c.name.strip(), name_en=c.name_en.strip(), about=c.about.strip(), weight=c.weight
        )
        for place, c in enumerate(criteria)
    ]


def _replace(member: Member, reason: str) -> None:
    if not reason.strip():
        raise Invalid("evaluation.reason_needed", field="reason")
    if member.evaluation.state is EvaluationState.LOCKED:
        raise Conflict("evaluation.locked")
    member.state = MEMBER.require(member.state, "replace")
    member.reason = reason.strip()


def _require_disinterested(call: Call, row: Evaluation, person_id: int) -> None:
    """Nobody judges who leads, confirms or audits the evaluation, or whom an interest ties to a party."""
    if person_id in queries.overseers_of(row.order):
        raise Conflict("evaluation.oversees")
    if found := queries.conflicts_of(call, row, person_id):
        raise Conflict("evaluation.conflict", {"count": len(found)})
