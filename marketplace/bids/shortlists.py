"""Reads of the concepts of an order in two stages, and of the shortlist that is made of them.

What this shows hangs on the concepts alone, never on what their teams did afterwards: whether a team on the shortlist writes its
full bid stays as secret as any bid.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.approvals import service as approvals
from marketplace.bids import policy
from marketplace.bids.models import Bid, ConceptPart, Shortlist
from marketplace.bids.sealing import Label, Sealed, commitment
from marketplace.bids.terms import BidTerms
from marketplace.bids.workflow import ShortlistState
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Forbidden, NotFound
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_shortlist, rules_of
from marketplace.orders.queries import served_alliances
from marketplace.orders.references import called
from marketplace.orders.workflow import OrderState
from marketplace.talent.models import Team
from marketplace.web.tasks import Task

SUBJECT = "shortlist"
"""The kind under which approvals keep who proposed and who confirmed a shortlist; the subject is the order."""


def concepts_of(order: Order) -> list[ConceptPart]:
    """Return the opened concepts by the number of their bid; callers ask ``policy.reads_concepts``."""
    query = select(ConceptPart).join(ConceptPart.bid).where(Bid.order_id == order.id).order_by(ConceptPart.bid_id)
    whole = joinedload(ConceptPart.bid).joinedload(Bid.team).joinedload(Team.organisation)
    return list(db.session.scalars(query.options(whole)))


def get_concept(call: Call, bid_id: int) -> ConceptPart:
    """Return one opened concept for its own team and for those who read concepts; raises NotFound otherwise."""
    part = db.session.get(ConceptPart, bid_id) if 0 < bid_id < 2**63 else None
    if part is None:
        raise NotFound("bid")
    if not (policy.acts_for(call.actor, part.bid.team) or policy.reads_concepts(call.actor, part.bid.order)):
        raise NotFound("bid")
    return part


def of_order(order: Order) -> Shortlist | None:
    """Return the shortlist that is proposed or confirmed."""
    return db.session.get(Shortlist, order.id)


def judged(bid: Bid) -> ConceptPart | None:
    """Return the concept of a bid with what was decided about it, None while nothing is: a proposal is no decision."""
    row = db.session.get(Shortlist, bid.order_id)
    return db.session.get(ConceptPart, bid.id) if row is not None and row.state is ShortlistState.CONFIRMED else None


def require_asked(bid: Bid) -> None:
    """Raise Forbidden where full bids are due and two people did not put this bid's concept on the shortlist.

    A concept that was taken back was never read: its row is still there, and must not come in as a full bid.
    """
    part = judged(bid)
    if asks_shortlist(bid.order) and not (part and part.chosen):
        raise Forbidden("bids.not_shortlisted")


def terms_of(part: ConceptPart) -> BidTerms:
    return BidTerms.from_json(part.content)


def is_unaltered(part: ConceptPart) -> bool:
    """Return whether the concept still says what was committed to before its deadline."""
    label = Label(part.bid_id, part.bid.order_id, part.bid.team_id)
    return commitment(label, Sealed(terms_of(part), part.salt, version=part.version)) == part.commitment


def fingerprint(order: Order, row: Shortlist) -> str:
    """Return the hash of what the two people stand for: who goes on, why, and the rule until when full bids may come.

    The rule is the proposed day or the procedure's days from the confirmation, whichever is later; once confirmed, ``row`` holds
    the day that followed from it.
    """
    chosen = [
        [part.bid_id, part.chosen, part.reason, *([part.departure] if part.departure else [])]
        for part in concepts_of(order)
    ]
    until = {"later_of": [row.deadline.isoformat(), {"days_from_confirmation": rules_of(order).full_days}]}
    return approvals.content_hash([order.id, until, chosen])


def proposers(order: Order, row: Shortlist) -> set[int]:
    """Return the natural persons who stand for the shortlist as it is proposed now."""
    return approvals.proposers_of(SUBJECT, order.id, fingerprint(order, row))


def waiting_for(call: Call) -> list[Task]:
    """Return the shortlists that the caller can propose or confirm: not those the same natural person stands for."""
    actor = call.actor
    if not actor.has(Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY):
        return []
    query = select(Order).where(Order.state == OrderState.CONCEPTS).order_by(Order.concepts_at, Order.id).limit(50)
    if not actor.has(Role.CENTRE_OFFICER):
        query = query.where(Order.alliance_id.in_(served_alliances(actor)))
    tasks = []
    for order in db.session.scalars(query):
        row = of_order(order)
        if row is not None and row.state is ShortlistState.PROPOSED and actor.person in proposers(order, row):
            continue
        verb = _l("Choose the concepts that go on") if row is None else _l("Confirm the shortlist")
        tasks.append(Task(verb, called(order), "bids.concepts", {"order_id": order.id}, None))
    return tasks
