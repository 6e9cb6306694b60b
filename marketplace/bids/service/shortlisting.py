"""Between two stages: which concepts go on. One person proposes with a reason for each, a different natural person confirms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.bids import policy, queries, recommending, shortlists
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid, Shortlist
from marketplace.bids.terms import Choice
from marketplace.bids.workflow import SHORTLIST, ShortlistState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.orders import queries as orders
from marketplace.orders.lifecycle import move as move_order
from marketplace.orders.mail import tell, tell_enterprise
from marketplace.orders.models import Order
from marketplace.orders.procedures import rules_of
from marketplace.orders.workflow import ORDER
from marketplace.web.filters import CITY


@use_case
def propose_shortlist(call: Call, order_id: int, choices: Sequence[Choice], deadline: datetime) -> Shortlist:
    """Name the concepts that go on and those that do not, each with its reason, and until when full bids may come.

    Proposed again it replaces what was proposed before. Raises Conflict before the committee has voted, and Invalid for a concept
    left out or without a reason, for a departure from the vote that is not explained, for a shortlist of fewer than the bids that
    the procedure asks, and for a deadline that leaves too little time.
    """
    order = _choosing(call, order_id)
    if queries.list_closed(order):
        raise Conflict("bids.closed_first")
    concepts = {part.bid_id: part for part in shortlists.concepts_of(order)}
    if sorted(choice.bid for choice in choices) != sorted(concepts):
        raise Invalid("bids.choices_incomplete", field="choices")
    if any(not choice.reason.strip() for choice in choices):
        raise Invalid("bids.choice_reason", field="choices")
    choices = recommending.require_recommended(order, choices)
    least = rules_of(order).min_bids
    if sum(choice.chosen for choice in choices) < least:
        raise Invalid("bids.shortlist_small", {"least": least}, field="choices")
    _require_time_enough(call, order, deadline)
    row = shortlists.of_order(order)
    if row is None:
        row = Shortlist(order_id=order.id, state=ShortlistState.PROPOSED, deadline=deadline, proposed_at=call.now)
        db.session.add(row)
    row.state = SHORTLIST.require(row.state, "propose")
    row.deadline, row.proposed_at = deadline, call.now
    for choice in choices:
        part = concepts[choice.bid]
        part.chosen, part.reason, part.departure = choice.chosen, choice.reason.strip(), choice.departure.strip()
    db.session.flush()
    approvals.propose(call, shortlists.SUBJECT, order.id, shortlists.fingerprint(order, row))
    audit.record(call, "bids.propose_shortlist", "order", order.id, _detail(choices, deadline))
    return row


@use_case
def confirm_shortlist(call: Call, order_id: int) -> Order:
    """A different natural person confirms: chosen concepts become drafts of full bids, the others are told why not.

    The deadline follows from the rule that both stand for: the proposed day, or the procedure's days from now if that is later.
    """
    order = _choosing(call, order_id)
    row = shortlists.of_order(order)
    if row is None:
        raise Conflict("bids.no_shortlist")
    approvals.approve(call, shortlists.SUBJECT, order.id, shortlists.fingerprint(order, row))
    deadline = _full_deadline(call, order, row.deadline)
    row.state = SHORTLIST.require(row.state, "confirm")
    row.decided_at, row.deadline = call.now, deadline
    concepts = shortlists.concepts_of(order)
    choices = [Choice(part.bid_id, bool(part.chosen), part.reason, part.departure) for part in concepts]
    choices = recommending.require_recommended(order, choices)
    for part in concepts:
        bid = part.bid
        if part.chosen:
            _go_on(call, bid)
        else:
            move(call, bid, "pass_over", part.reason)
            bid.owner_copy = None
        tell(
            call,
            queries.correspondents(bid),
            order,
            "bid_shortlisted" if part.chosen else "bid_passed_over",
            bid_id=bid.id,
        )
    order.bid_deadline = deadline
    move_order(call, order, "ask_full_bids")
    tell_enterprise(call, order, "order_full_bids")
    audit.record(call, "bids.confirm_shortlist", "order", order.id, _detail(choices, deadline))
    return order


def _go_on(call: Call, bid: Bid) -> None:
    """Let the concept be the draft of the full bid; what it committed to stays with the concept that was read."""
    move(call, bid, "shortlist")
    bid.envelope, bid.commitment, bid.submitted_at = None, "", None


def _choosing(call: Call, order_id: int) -> Order:
    """Return an order whose concepts were opened, locked, for somebody who may choose."""
    order = orders.get_order(call, order_id, lock=True)
    policy.may_shortlist(call.actor, order).require()
    ORDER.require(order.state, "ask_full_bids")
    return order


def _require_time_enough(call: Call, order: Order, deadline: datetime) -> None:
    days = rules_of(order).full_days
    if deadline < call.now + timedelta(days=days):
        raise Invalid("bids.full_days", {"days": days}, field="deadline")
    _require_before_delivery(order, deadline)


def _full_deadline(call: Call, order: Order, proposed: datetime) -> datetime:
    least = call.now + timedelta(days=rules_of(order).full_days)
    if proposed >= least:
        return proposed
    moved = least.replace(second=0, microsecond=0) + timedelta(minutes=1)
    _require_before_delivery(order, moved)
    return moved


def _require_before_delivery(order: Order, deadline: datetime) -> None:
    if order.delivery_on is not None and deadline.astimezone(CITY).date() >= order.delivery_on:
        raise Invalid("orders.deadline_after_delivery", field="deadline")


def _detail(choices: Sequence[Choice], deadline: datetime) -> dict[str, object]:
    return {
        "chosen": sorted(choice.bid for choice in choices if choice.chosen),
        "passed_over": sorted(choice.bid for choice in choices if not choice.chosen),
        "departures": sorted(choice.bid for choice in choices if choice.departure.strip()),
        "deadline": deadline.isoformat(),
    }
