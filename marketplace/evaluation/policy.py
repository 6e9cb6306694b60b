"""Who sets criteria, appoints, scores, locks and excludes; who reads what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.evaluation.workflow import ACTIVE, EvaluationState, MemberState
from marketplace.kernel.call import ENTERPRISE, Actor, Role
from marketplace.kernel.policy import YES, Decision, allow_if, no
from marketplace.orders.workflow import OrderState

if TYPE_CHECKING:
    from marketplace.evaluation.models import Evaluation, Member
    from marketplace.orders.models import Order


def may_fix_criteria(actor: Actor, order: Order) -> Decision:
    """The ordering enterprise or the centre says what counts, before anybody can have bid in vain."""
    if actor.has_for(order.organisation_id, *ENTERPRISE) or actor.serves(order.alliance_id):
        return YES
    return no("hidden")


def may_lead(actor: Actor, order: Order) -> Decision:
    """Officers and the alliance's secretary appoint, begin and lock; nobody of the enterprise."""
    if not actor.serves(order.alliance_id):
        return no("hidden")
    return allow_if(order.organisation_id not in actor.organisations, "evaluation.own_order")


def may_exclude(actor: Actor, order: Order) -> Decision:
    return may_lead(actor, order)


def may_read_committee(actor: Actor, order: Order) -> Decision:
    """Who sits on a committee is known to the centre alone until the award (Bidding Law, article 37)."""
    return allow_if(actor.serves(order.alliance_id) or actor.has(Role.AUDITOR) or actor.is_system, "hidden")


def is_member(actor: Actor, member: Member) -> bool:
    return actor.person is not None and member.person_id == actor.person and member.state in ACTIVE


def may_score(actor: Actor, member: Member, evaluation: Evaluation) -> Decision:
    """A member scores while scoring lasts and until the own scores are handed in."""
    if not is_member(actor, member):
        return no("not_found")
    if evaluation.state is not EvaluationState.SCORING:
        return no("evaluation.not_scoring")
    return allow_if(member.state is MemberState.READY, "evaluation.handed_in")


def may_vote(actor: Actor, member: Member, evaluation: Evaluation) -> Decision:
    """A member who has accepted votes once on the concepts, while they are being chosen from."""
    if not is_member(actor, member):
        return no("not_found")
    if evaluation.order.state is not OrderState.CONCEPTS or member.state is not MemberState.READY:
        return no("evaluation.no_vote")
    return allow_if(member.voted_at is None, "evaluation.voted")


def vote_stays(member: Member, order: Order) -> bool:
    """A member who has voted stays until the shortlist is made: the centre cannot turn a vote by taking members off."""
    return member.voted_at is not None and order.state is OrderState.CONCEPTS


def may_see_votes(member: Member) -> Decision:
    """Others' votes are seen by those who have handed in their own."""
    return allow_if(member.voted_at is not None, "evaluation.own_first")


def may_see_others(member: Member) -> Decision:
    """Others' scores are seen by those who cannot change their own any more."""
    return allow_if(member.state is MemberState.DONE, "evaluation.own_first")


def may_read_result(actor: Actor, order: Order, state: EvaluationState) -> Decision:
    """Once locked: the centre, the auditor and the ordering enterprise; each bidder reads the own result elsewhere."""
    if state is not EvaluationState.LOCKED:
        return no("hidden")
    own = actor.has_for(order.organisation_id, *ENTERPRISE)
    return allow_if(own or actor.reads_everything or actor.serves(order.alliance_id), "hidden")
