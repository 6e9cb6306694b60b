"""A team drafts, submits, replaces and withdraws its bid, strictly before the deadline.

Nothing of the content goes into audit records, mail or messages: only ids and the commitment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.bids import consents, envelopes, openings, policy, preflight, queries, shortlists
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid, BidFile
from marketplace.bids.terms import MAX_DAYS, BidTerms
from marketplace.bids.workflow import BID, DRAFTED, BidState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.kernel.marks import require_read
from marketplace.orders import inviting
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_concepts, asks_shortlist
from marketplace.orders.workflow import AMENDABLE, OrderState
from marketplace.talent.models import Team

LATE = "bid.late"


@use_case
def start_bid(call: Call, order_id: int, team_id: int) -> Bid:
    """A team starts its one bid on an order; the draft is encrypted from the first moment."""
    order = orders.get_order(call, order_id, lock=True)
    team = db.session.get(Team, team_id)
    if team is None or not policy.acts_for(call.actor, team):
        raise NotFound("team")
    policy.may_draft(call.actor, order, team).require()
    _require_admitted(call, order, team)
    if asks_shortlist(order):
        raise Forbidden("bids.not_shortlisted")
    require_time(call, order)
    _require_bidding(order, AMENDABLE)
    if db.session.scalar(select(Bid.id).where(Bid.order_id == order.id, Bid.team_id == team.id)) is not None:
        raise Conflict("bids.already")
    bid = Bid(
        order_id=order.id,
        team_id=team.id,
        state=BidState.DRAFT,
        created_by=call.actor.account,
        created_at=call.now,
        changed_at=call.now,
    )
    db.session.add(bid)
    db.session.flush()
    envelopes.keep(bid, BidTerms())
    audit.record(call, "bids.start", "bid", bid.id)
    return bid


@use_case
def save_draft(call: Call, bid_id: int, terms: BidTerms, kept: str = "") -> Bid:
    """The team keeps what it has so far; a draft may lack anything. ``kept``: see ``submit_bid``."""
    bid, order = locked(call, bid_id)
    policy.may_draft(call.actor, order, bid.team).require()
    require_time(call, order)
    _require_bidding(order, AMENDABLE)
    if bid.state not in DRAFTED:
        raise Conflict("bids.counts_already")
    _require_read(bid, kept, terms)
    require_known(order, bid, terms)
    envelopes.keep(bid, terms)
    bid.changed_at = call.now
    audit.record(call, "bids.save", "bid", bid.id)
    return bid


def submit_bid(call: Call, bid_id: int, terms: BidTerms | None = None, seen: int | None = None, kept: str = "") -> Bid:
    """The team submits its bid, or replaces or confirms the submitted one; ``terms`` None = what was kept last.

    ``seen`` is the last change of the order that the sender's page knew. Raises Conflict ``bids.order_changed`` when there is
    a later one: nobody confirms what was not read. ``kept`` marks what the sender's page showed of the bid (``own_mark``):
    Conflict ``bids.saved_meanwhile`` when a colleague has saved it since. Raises Conflict ``bid.late`` from the deadline on
    (the attempt is recorded), Invalid ``bids.not_admissible`` when ``preflight`` finds what would disqualify it.
    """
    return _recording_late(call, bid_id, "submit", lambda: _submit(call, bid_id, terms, seen, kept))


def withdraw_bid(call: Call, bid_id: int) -> Bid:
    """The team takes its bid back before the deadline; the envelope is destroyed, the encrypted draft stays with the team."""
    return _recording_late(call, bid_id, "withdraw", lambda: _withdraw(call, bid_id))


@use_case
def _submit(call: Call, bid_id: int, terms: BidTerms | None, seen: int | None, kept: str) -> Bid:
    bid, order = locked(call, bid_id)
    policy.may_submit(call.actor, order, bid.team).require()
    _require_admitted(call, order, bid.team)
    require_time(call, order)
    BID.require(bid.state, "submit")
    if seen is not None and seen != orders.latest_change(order):
        raise Conflict("bids.order_changed")
    _require_read(bid, kept, terms)
    submit_content(call, order, bid, queries.own_content(bid).terms if terms is None else terms)
    audit.record(call, "bids.submit", "bid", bid.id, {"commitment": bid.commitment})
    return bid


@use_case
def _withdraw(call: Call, bid_id: int) -> Bid:
    bid, order = locked(call, bid_id)
    policy.may_draft(call.actor, order, bid.team).require()
    require_time(call, order)
    move(call, bid, "withdraw")
    envelopes.destroy(bid)
    audit.record(call, "bids.withdraw", "bid", bid.id)
    return bid


def submit_content(call: Call, order: Order, bid: Bid, terms: BidTerms) -> None:
    """Seal ``terms`` as what counts now, inside a use case that has locked the order and asked the policy."""
    _require_bidding(order, {OrderState.BIDDING})
    shortlists.require_asked(bid)
    require_known(order, bid, terms)
    findings = preflight.check(terms, queries.demand_of(order, bid.team_id), concept=asks_concepts(order))
    findings += preflight.unauthorised(consents.lacking(bid, order, terms))
    if out := preflight.disqualifying(findings):
        raise Invalid("bids.not_admissible", {"count": len(out)})
    envelopes.close(bid, order, terms)
    move(call, bid, "submit")


def _require_read(bid: Bid, kept: str, terms: BidTerms | None) -> None:
    """Nobody writes over what a colleague of the team has saved since, unread; ``terms`` None writes nothing new."""
    saved = queries.own_mark(bid)
    require_read(kept, saved, saved if terms is None else queries.bid_mark(terms), "bids.saved_meanwhile")


def _recording_late(call: Call, bid_id: int, attempt: str, act: Callable[[], Bid]) -> Bid:
    try:
        return act()
    except Conflict as refused:
        if refused.code == LATE:
            _record_late(call, bid_id, attempt)
        raise


@use_case
def _record_late(call: Call, bid_id: int, attempt: str) -> None:
    """Keep that somebody came after the deadline: the refusal itself changed nothing and left no trace."""
    bid = queries.get_own(call, bid_id)
    audit.record(call, "bids.refuse_late", "bid", bid.id, {"attempt": attempt})


def locked(call: Call, bid_id: int) -> tuple[Bid, Order]:
    """Return a bid of the caller and its order, both as they are under the lock of the order's row.

    The opening takes the same lock, so that a bid and the opening of its order never overlap.
    """
    order = orders.get_order(call, queries.get_own(call, bid_id).order_id, lock=True)
    return queries.get_own(call, bid_id), order


def _require_admitted(call: Call, order: Order, team: Team) -> None:
    """Refuse a team that was not chosen where the procedure lets chosen teams answer only."""
    if not inviting.admits(order, team, call.now):
        raise Forbidden("bids.not_invited")


def require_time(call: Call, order: Order) -> None:
    if not queries.is_open(order, call.now) or openings.is_requested(order):
        raise Conflict(LATE)


def _require_bidding(order: Order, states: Collection[OrderState]) -> None:
    if order.state not in states:
        raise Conflict("bids.not_open")


def require_known(order: Order, bid: Bid, terms: BidTerms) -> None:
    """Refuse teams and targets that the order does not know: they could not be opened."""
    answered = [answer.target for answer in terms.answers]
    if len(set(answered)) != len(answered) or set(answered) - {target.id for target in order.targets}:
        raise Invalid("bids.unknown_target", field="answers")
    allowed = {bid.team_id} | {team.id for team in queries.partner_teams(bid.team, order)}
    named = [load.team for load in terms.loads]
    if len(set(named)) != len(named) or set(named) - allowed:
        raise Invalid("bids.unknown_team", field="partners")
    if any(not 0 < load.person_days <= MAX_DAYS for load in terms.loads):
        raise Invalid("bids.days_out_of_range", {"most": MAX_DAYS}, field="own_days")
    kept = set(db.session.scalars(select(BidFile.id).where(BidFile.bid_id == bid.id)))
    if {attachment.file for attachment in terms.attachments} - kept:
        raise Invalid("bids.unknown_file", field="attachments")
