"""What a party reads of a decision: the enterprise about its order, a bidder about its bid, and nothing about anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.bids.models import Bid
from marketplace.bids.queries import owned_clause
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import NotFound
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds import policy
from marketplace.rounds.keys import bid_key, order_key, row_of
from marketplace.rounds.models import FundingOption, FundingPart, Proposal, RoundBid, Run, Study, Unmatched
from marketplace.rounds.queries import sound
from marketplace.rounds.workflow import (
    HAS_RESULT,
    ChangeKind,
    LossReason,
    ProposalState,
    RoundState,
    StudyKind,
    StudyState,
)
from marketplace.talent.models import Team

DECIDED = frozenset({BidState.WON, BidState.LOST})


@dataclass(frozen=True, slots=True)
class OrderOutcome:
    """``award`` is the approved match; else ``unmatched`` tells the reason of a closed round; else nothing is decided."""

    order: Order
    award: Proposal | None = None
    unmatched: Unmatched | None = None

    @property
    def noticed(self) -> bool:
        """Whether the result is public."""
        return self.award is not None and self.order.state is not OrderState.APPROVED


@dataclass(frozen=True, slots=True)
class BidOutcome:
    """A decided bid: its own score sheet and rank, the winner's rank and value, and why it lost. Undecided ones hold nothing.

    ``own_changes`` are the single changes of the bid itself that would have won, as far as computed (``asked`` says how far).
    """

    bid: Bid
    decided: bool = False
    won: bool = False
    rank: int | None = None
    value: int | None = None
    sheet: Mapping[str, Any] | None = None
    winner_rank: int | None = None
    winner_value: int | None = None
    reason: LossReason | None = None
    note: str = ""
    run: Run | None = None
    own_changes: tuple[Mapping[str, Any], ...] = ()
    asked: StudyState | None = None
    noticed: bool = False
    """Whether the result is public: then there is a notice on which to object."""
    opened: int = 0
    """How many bids of the order were opened: it gives the rank its scale."""


def of_order(call: Call, order_id: int) -> OrderOutcome:
    """Raises NotFound for orders that are not the reader's own to hear about."""
    order = db.session.scalar(
        select(Order)
        .where(Order.id == sound(order_id))
        .options(joinedload(Order.organisation), joinedload(Order.alliance))
    )
    if order is None or not policy.may_see_order_outcome(call.actor, order.organisation_id, order.alliance_id):
        raise NotFound("order")
    award = _award(order.id)
    return OrderOutcome(order, award, None if award else _left_out(order.id))


def of_bid(call: Call, bid_id: int) -> BidOutcome:
    """Raises NotFound for bids that are not the reader's own to hear about."""
    bid = db.session.scalar(
        select(Bid)
        .join(Bid.team)
        .where(Bid.id == sound(bid_id), or_(Bid.opened_at.is_not(None), owned_clause(call.actor)))
        .options(joinedload(Bid.order), contains_eager(Bid.team).joinedload(Team.organisation))
    )
    if bid is None or not policy.may_see_bid_outcome(
        call.actor, bid.team_id, bid.team.organisation_id, bid.order.alliance_id
    ):
        raise NotFound("bid")
    award = _award(bid.order_id) if bid.state in DECIDED else None
    return BidOutcome(bid) if award is None else _decided(bid, award)


def _decided(bid: Bid, award: Proposal) -> BidOutcome:
    scores: Mapping[str, Any] = award.run.scores or {}
    rivals = {key: each for key, each in scores.get("bids", {}).items() if each["order"] == bid.order_id}
    sheet = rivals.get(bid_key(bid.id))
    won = award.bid_id == bid.id
    kept_out = db.session.get(RoundBid, (award.run.round_id, bid.id))
    note = kept_out.reason if kept_out is not None and kept_out.forbidden else ""
    values = [each["value"] for each in rivals.values()]
    return BidOutcome(
        bid=bid,
        decided=True,
        won=won,
        rank=None if sheet is None else _rank(sheet["value"], values),
        value=None if sheet is None else sheet["value"],
        sheet=sheet,
        winner_rank=_rank(award.value, values),
        winner_value=award.value,
        reason=None if won else _why_lost(sheet, note, award),
        note=note,
        noticed=bid.order.state is not OrderState.APPROVED,
        opened=_opened(bid.order_id),
        run=award.run,
        **({} if won or sheet is None else _would_have_won(bid, award.run)),
    )


OWN_CHANGES = frozenset({ChangeKind.PRICE.value, ChangeKind.CAPACITY.value})


def _would_have_won(bid: Bid, run: Run) -> dict[str, Any]:
    """The changes of this bid alone: its price, and days of its own team. What others asked or have is never among them."""
    study = db.session.scalar(
        select(Study).filter_by(run_id=run.id, kind=StudyKind.WHY, subject=order_key(bid.order_id))
    )
    if study is None:
        return {}
    mine = next((row for row in (study.result or {}).get("offers", []) if row["offer"] == bid_key(bid.id)), None)
    told = [] if mine is None else [each for each in mine["changes"] if _is_own(each, bid)]
    return {"own_changes": tuple(told), "asked": study.state}


def _is_own(change: Mapping[str, Any], bid: Bid) -> bool:
    if change["kind"] not in OWN_CHANGES:
        return False
    return change["kind"] != ChangeKind.CAPACITY.value or row_of(change["of"]) == bid.team_id


def _opened(order_id: int) -> int:
    query = select(func.count(Bid.id)).where(Bid.order_id == order_id, Bid.opened_at.is_not(None))
    return db.session.scalar(query) or 0


def _rank(value: int, values: list[int]) -> int:
    return 1 + sum(1 for other in values if other > value)


def _why_lost(sheet: Mapping[str, Any] | None, note: str, award: Proposal) -> LossReason:
    if note:
        return LossReason.KEPT_OUT
    if sheet is None:
        return LossReason.NOT_SCORED
    return LossReason.OUTSCORED if sheet["value"] < award.value else LossReason.ROUND_AS_A_WHOLE


def _award(order_id: int) -> Proposal | None:
    return db.session.scalar(
        select(Proposal)
        .where(Proposal.order_id == order_id, Proposal.state == ProposalState.APPROVED)
        .options(
            joinedload(Proposal.run).undefer(Run.scores),
            joinedload(Proposal.team).joinedload(Team.organisation),
            selectinload(Proposal.options).selectinload(FundingOption.parts).joinedload(FundingPart.fund),
        )
    )


def _left_out(order_id: int) -> Unmatched | None:
    """The reason of the last answer that looked at the order, once its round is closed: until then nothing is decided."""
    matched_in = select(func.coalesce(func.max(Proposal.run_id), 0)).where(
        Proposal.order_id == order_id, Proposal.bid_id.is_not(None)
    )
    return db.session.scalar(
        select(Unmatched)
        .join(Run, Run.id == Unmatched.run_id)
        .where(
            Unmatched.order_id == order_id,
            Unmatched.run_id > matched_in.scalar_subquery(),
            Run.state.in_(HAS_RESULT),
            Run.round.has(state=RoundState.CLOSED),
        )
        .order_by(Unmatched.run_id.desc())
        .limit(1)
    )
