"""Reads about the opening of bids: which orders are due, who stood for it, what exactly was confirmed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Person
from marketplace.approvals import service as approvals
from marketplace.approvals.models import Endorsement, Step
from marketplace.bids.models import Bid, OpeningRecord, OrderKey
from marketplace.bids.workflow import BidState, Part
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_concepts
from marketplace.orders.queries import served_alliances
from marketplace.orders.references import called
from marketplace.orders.workflow import AMENDABLE, OrderState
from marketplace.web.tasks import Task

SUBJECT = "opening"
"""The kind under which approvals keep who requested and who confirmed an opening; the subject is the order."""
PRICES = "price_opening"
"""The same for the amounts, where they lie in envelopes of their own."""
CONCEPTS = "concept_opening"
"""The same for the concepts, where a procedure has two stages."""
KIND = {Part.CONCEPT: CONCEPTS, Part.CONTENT: SUBJECT, Part.PRICE: PRICES}


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stood for the opening of exactly the bids that lie sealed now.

    ``fingerprint`` is the hash of order, deadline and the commitments of the submitted bids: a bid that appears, vanishes or
    changes after the request makes another hash, which voids the request.
    """

    fingerprint: str
    requested: Endorsement | None
    confirmed: Endorsement | None

    @property
    def is_confirmed(self) -> bool:
        """True when two distinct natural persons stood for exactly this opening."""
        if self.requested is None or self.confirmed is None:
            return False
        return self.requested.person_id != self.confirmed.person_id


def part_due(order: Order) -> Part:
    """Return what is opened at the order's deadline: concepts in the first of two stages, else the bids."""
    return Part.CONCEPT if asks_concepts(order) else Part.CONTENT


def standings(orders: Sequence[Order], part: Part | None = None) -> dict[int, Standing]:
    """Return for each order who requested and who confirmed the opening of its bids as they lie now: two statements.

    ``part`` None is what each order's deadline opens.
    """
    keys, kinds = [order.id for order in orders], {order.id: KIND[part or part_due(order)] for order in orders}
    commitments: dict[int, list[str]] = defaultdict(list)
    state = BidState.TECHNICAL if part is Part.PRICE else BidState.SUBMITTED
    sealed = select(Bid.order_id, Bid.commitment, Bid.price_commitment)
    sealed = sealed.where(Bid.order_id.in_(keys), Bid.state == state)
    for order_id, content, price in db.session.execute(sealed):
        commitments[order_id].append(f"{content}:{price}" if price else content)
    endorsed: dict[int, list[Endorsement]] = defaultdict(list)
    mine = Endorsement.subject_kind.in_(sorted(set(kinds.values())))
    rows = select(Endorsement).where(mine, Endorsement.subject_id.in_(keys)).order_by(Endorsement.id)
    for row in db.session.scalars(rows):
        if row.subject_kind == kinds[row.subject_id]:
            endorsed[row.subject_id].append(row)
    return {order.id: _standing(order, commitments[order.id], endorsed[order.id]) for order in orders}


def standing(order: Order, part: Part | None = None) -> Standing:
    """Return who stood for the opening of one order."""
    return standings([order], part)[order.id]


def _standing(order: Order, commitments: list[str], endorsed: list[Endorsement]) -> Standing:
    deadline = order.bid_deadline.isoformat() if order.bid_deadline else None
    fingerprint = approvals.content_hash([order.id, deadline, sorted(commitments)])
    rows = [row for row in endorsed if row.content_hash == fingerprint]
    return Standing(
        fingerprint,
        next((row for row in rows if row.step is Step.PROPOSED), None),
        next((row for row in rows if row.step is Step.APPROVED), None),
    )


def prices_wait(order: Order) -> bool:
    """True once the technical scores are locked and before the amounts were opened."""
    return db.session.scalar(_released().where(Order.id == order.id)) is not None


def _released() -> Select[Order]:
    """Orders whose price key was released and not used yet."""
    done = select(OpeningRecord.order_id).where(
        OpeningRecord.order_id == OrderKey.order_id, OpeningRecord.part == Part.PRICE
    )
    return (
        select(Order)
        .join(OrderKey, and_(OrderKey.order_id == Order.id, OrderKey.part == Part.PRICE))
        .where(OrderKey.released_at.is_not(None), Order.state == OrderState.OPENED, ~done.exists())
    )


def is_requested(order: Order) -> bool:
    """True once somebody, after the deadline, asked for the opening: from then on nothing of the bids may change.

    A request that arrived before the deadline can wait long for the order's lock; if the opening was asked for meanwhile, it
    comes too late. Ask this under the lock.
    """
    mine = Endorsement.subject_kind == KIND[part_due(order)]
    query = select(Endorsement.id).where(mine, Endorsement.subject_id == order.id)
    return db.session.scalar(query.limit(1)) is not None


def people(order: Order, part: Part = Part.CONTENT) -> list[tuple[Endorsement, str]]:
    """Return who ever stood for an opening of this order, oldest first, with the person's name."""
    query = (
        select(Endorsement, Person.name)
        .join(Person, Person.id == Endorsement.person_id)
        .where(Endorsement.subject_kind == KIND[part], Endorsement.subject_id == order.id)
        .order_by(Endorsement.id)
    )
    return [(endorsement, name) for endorsement, name in db.session.execute(query)]


def list_due(actor: Actor, now: datetime) -> Select[Order]:
    """Return the orders whose deadline has passed and whose bids lie sealed, the longest waiting first."""
    return _served(actor, select(Order).where(Order.state == OrderState.BIDDING, Order.bid_deadline <= now))


def list_prices_due(actor: Actor) -> Select[Order]:
    """Return the orders whose technical scores are locked and whose amounts lie sealed."""
    return _served(actor, _released())


def _served(actor: Actor, query: Select[Order]) -> Select[Order]:
    if not actor.has(Role.CENTRE_OFFICER):
        query = query.where(Order.alliance_id.in_(served_alliances(actor)))
    return query.options(joinedload(Order.organisation), joinedload(Order.alliance)).order_by(
        Order.bid_deadline, Order.id
    )


def confirmed_orders(now: datetime) -> list[int]:
    """Return the ids of the orders that the opener may open now."""
    query = select(Order).where(Order.state == OrderState.BIDDING, Order.bid_deadline <= now).order_by(Order.id)
    return [key for key, found in standings(list(db.session.scalars(query))).items() if found.is_confirmed]


def confirmed_prices() -> list[int]:
    """Return the ids of the orders whose amounts the opener may open now."""
    rows = list(db.session.scalars(_released().order_by(Order.id)))
    return [key for key, found in standings(rows, Part.PRICE).items() if found.is_confirmed]


def unproven(actor: Actor) -> list[tuple[Order, OrderKey]]:
    """Return the openings still to come whose private key failed its last probe."""
    query = select(Order, OrderKey).join(OrderKey, OrderKey.order_id == Order.id)
    query = query.where(OrderKey.failed_at.is_not(None), Order.state.in_(AMENDABLE))
    if not actor.has(Role.CENTRE_OFFICER):
        query = query.where(Order.alliance_id.in_(served_alliances(actor)))
    return [(order, key) for order, key in db.session.execute(query.order_by(Order.bid_deadline, Order.id).limit(20))]


def waiting_for(call: Call) -> list[Task]:
    """Return the openings the caller can request or confirm: not those the same natural person already stood for."""
    if not call.actor.has(Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY):
        return []
    due = list(db.session.scalars(list_due(call.actor, call.now)))
    tasks = list(_next_steps(call, due))
    tasks += _next_steps(call, list(db.session.scalars(list_prices_due(call.actor))), Part.PRICE)
    for order, _key in unproven(call.actor):
        verb = _l("See to the opening's key: it did not open its probe")
        subject = called(order)
        tasks.append(Task(verb, subject, "bids.opening", {"order_id": order.id}, order.bid_deadline))
    return tasks


def _next_steps(call: Call, orders: Sequence[Order], part: Part | None = None) -> Iterator[Task]:
    known = standings(orders, part)
    for order in orders:
        now, (request, confirm) = known[order.id], _VERBS[part or part_due(order)]
        if now.requested is None and call.actor.has(Role.CENTRE_OFFICER):
            verb = request
        elif now.requested is not None and now.confirmed is None and now.requested.person_id != call.actor.person:
            verb = confirm
        else:
            continue
        subject = called(order)
        yield Task(verb, subject, "bids.opening", {"order_id": order.id}, order.bid_deadline)


_VERBS = {
    Part.CONCEPT: (_l("Request the opening of the concepts"), _l("Confirm the opening of the concepts")),
    Part.CONTENT: (_l("Request the opening of the bids"), _l("Confirm the opening of the bids")),
    Part.PRICE: (_l("Request the opening of the prices"), _l("Confirm the opening of the prices")),
}
