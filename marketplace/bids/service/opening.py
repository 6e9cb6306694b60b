"""The opening: an officer requests it, a different natural person confirms it, the opener does it."""

from __future__ import annotations

from nacl.public import PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.bids import keys, openings, policy, queries, sealing
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid, OpenedAnswer, OpenedBid, OpenedLoad
from marketplace.bids.preflight import MAX_MONTHS
from marketplace.bids.sealing import NotReadable, Sealed
from marketplace.bids.terms import MAX_DAYS, BidTerms
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.jobs import queue
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden
from marketplace.kernel.money import MAX_FEN
from marketplace.orders import queries as orders
from marketplace.orders.lifecycle import move as move_order
from marketplace.orders.mail import tell, tell_enterprise
from marketplace.orders.models import Order
from marketplace.orders.procedures import rules_of
from marketplace.orders.workflow import ORDER

JOB = "bids.open"


@use_case
def request_opening(call: Call, order_id: int) -> Order:
    """An officer asks, after the deadline, that the bids of an order be opened."""
    order = _due(call, order_id)
    policy.may_request_opening(call.actor, order).require()
    approvals.propose(call, openings.SUBJECT, order.id, openings.standing(order).fingerprint)
    audit.record(call, "bids.request_opening", "order", order.id)
    return order


@use_case
def confirm_opening(call: Call, order_id: int) -> Order:
    """A different natural person confirms; the opener then opens the bids in a job, because only it has the key."""
    order = _due(call, order_id)
    policy.may_open(call.actor, order).require()
    approvals.approve(call, openings.SUBJECT, order.id, openings.standing(order).fingerprint)
    queue.enqueue(call, JOB, order.id)
    audit.record(call, "bids.confirm_opening", "order", order.id)
    return order


def _due(call: Call, order_id: int) -> Order:
    """Return an order whose bids may be opened now, locked; raises Conflict before the deadline and after the opening."""
    order = orders.get_order(call, order_id, lock=True)
    ORDER.require(order.state, "open_bids")
    if queries.is_open(order, call.now):
        raise Conflict("bids.too_early")
    return order


@use_case
def open_bids(call: Call, order_id: int) -> Order:
    """The opener opens every submitted bid of an order that two people confirmed.

    A bid whose envelope was altered, swapped or replaced stays closed and is named in the record; drafts and bids that were not
    confirmed again lapse; with fewer valid bids than the order's procedure asks it is unsuccessful, and where too few came in
    at all none is read. Raises Conflict before the deadline, without confirmation, without the private key or with another
    one; then nothing changes and the order waits.
    """
    if not call.actor.is_system:
        raise Forbidden("hidden")
    order = _due(call, order_id)
    if not openings.standing(order).is_confirmed:
        raise Conflict("bids.not_confirmed")
    sealed = _bids(order, BidState.SUBMITTED)
    if len(sealed) < rules_of(order).min_bids:
        return _return_unread(call, order, sealed)
    key = keys.private_key()
    if not any(b.envelope and sealing.sealed_to(b.envelope, key.public_key) for b in sealed):
        raise Conflict("bids.wrong_key")
    closed = {}
    for bid in sealed:
        try:
            _open_one(call, order, bid, key)
        except NotReadable as error:
            bid.reason = closed[bid.id] = f"bids.{error.code}"
    lapsed = _lapse_unsubmitted(call, order)
    opened = [bid for bid in sealed if bid.state is BidState.OPENED]
    _conclude(call, order, opened)
    detail = {"opened": [b.id for b in opened], "closed": closed, "lapsed": lapsed}
    audit.record(call, "bids.open", "order", order.id, {**detail, "closed": {str(k): v for k, v in closed.items()}})
    return order


def _return_unread(call: Call, order: Order, sealed: list[Bid]) -> Order:
    """End an order that too few answered: nobody reads the bids, envelopes are destroyed, teams keep their encrypted copies."""
    for bid in sealed:
        move(call, bid, "lapse", "bids.too_few")
        bid.envelope = None
        tell(call, queries.correspondents(bid), order, "bid_returned", bid_id=bid.id)
    lapsed = _lapse_unsubmitted(call, order)
    _conclude(call, order, [])
    audit.record(call, "bids.open", "order", order.id, {"returned": [b.id for b in sealed], "lapsed": lapsed})
    return order


def _lapse_unsubmitted(call: Call, order: Order) -> list[int]:
    lapsed = _bids(order, BidState.DRAFT, BidState.NEEDS_RECONFIRM)
    for bid in lapsed:
        move(call, bid, "lapse", "bids.not_submitted")
    return [bid.id for bid in lapsed]


def _bids(order: Order, *states: BidState) -> list[Bid]:
    query = select(Bid).where(Bid.order_id == order.id, Bid.state.in_(states)).order_by(Bid.id)
    options = (joinedload(Bid.team), undefer(Bid.envelope), undefer(Bid.owner_copy))
    return list(db.session.scalars(query.options(*options).execution_options(populate_existing=True)))


def _open_one(call: Call, order: Order, bid: Bid, key: PrivateKey) -> None:
    """Move one bid's content into the opened tables and erase the bidder's encrypted copy."""
    found = sealing.unseal(bid.envelope or b"", queries.label_of(bid), bid.commitment, key)
    db.session.add(_content(order, bid, found))
    bid.owner_copy = None
    move(call, bid, "open")


def _content(order: Order, bid: Bid, found: Sealed) -> OpenedBid:
    """Return the rows of a content; raises NotReadable ``malformed`` for what no form of ours could have submitted."""
    terms = found.terms
    if terms.price is None or terms.start_on is None or terms.months is None:
        raise NotReadable("malformed")
    if not (0 < terms.price <= MAX_FEN and 1 <= terms.months <= MAX_MONTHS and _names_known_rows(order, terms)):
        raise NotReadable("malformed")
    return OpenedBid(
        bid_id=bid.id,
        plan=terms.plan,
        schedule=terms.schedule,
        price=terms.price,
        start_on=terms.start_on,
        months=terms.months,
        salt=found.salt,
        loads=[OpenedLoad(team_id=load.team, person_days=load.person_days) for load in terms.loads],
        answers=[OpenedAnswer(target_id=a.target, meets=a.meets, value=a.value, note=a.note) for a in terms.answers],
    )


def _names_known_rows(order: Order, terms: BidTerms) -> bool:
    """Whether loads and answers fit the tables: teams and targets that exist, each once, within the columns' limits."""
    teams, targets = [load.team for load in terms.loads], [answer.target for answer in terms.answers]
    if len(set(teams)) != len(teams) or len(set(targets)) != len(targets):
        return False
    if set(targets) - {target.id for target in order.targets} or set(teams) - set(queries.teams_named(teams)):
        return False
    if any(a.meets is None or len(a.value) > 40 or len(a.note) > 500 for a in terms.answers):
        return False
    return all(0 < load.person_days <= MAX_DAYS for load in terms.loads)


def _conclude(call: Call, order: Order, opened: list[Bid]) -> None:
    """Go on with enough valid bids; else the order fails, and bids that were read by then have lost for want of others."""
    order.opened_at = call.now  # an opening without a valid bid is an opening all the same
    enough = len(opened) >= rules_of(order).min_bids
    if enough:
        move_order(call, order, "open_bids")
    else:
        move_order(call, order, "fail", "orders.few_bids" if rules_of(order).min_bids > 1 else "orders.no_bids")
    tell_enterprise(call, order, "order_bids_opened" if enough else "order_without_bids")
    for bid in opened:
        if not enough:
            move(call, bid, "lose", "bids.too_few_valid")
        tell(call, queries.correspondents(bid), order, "bid_opened" if enough else "bid_without_choice", bid_id=bid.id)
