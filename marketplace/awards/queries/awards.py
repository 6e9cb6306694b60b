"""Awards: whole for the parties and the staff of their round, as a notice for everybody who may see the order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.awards.models import Award, Reversal
from marketplace.awards.policy import Sides
from marketplace.awards.workflow import LIVE, ReversalState
from marketplace.bids.models import Bid, OpenedBid, OpenedLoad
from marketplace.db.base import db
from marketplace.kernel.call import ENTERPRISE, Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders.models import Order
from marketplace.orders.queries import MAX_ID, served_alliances
from marketplace.orders.queries import visible_clause as order_visible
from marketplace.rounds.models import FundingOption, FundingPart, Proposal, Run
from marketplace.rounds.queries import interests_of
from marketplace.rounds.queries import parties_of as parties_of_proposal
from marketplace.talent.models import Team

__all__ = ["interests_of"]

_WHOLE = (
    contains_eager(Award.order).joinedload(Order.organisation),
    contains_eager(Award.order).joinedload(Order.alliance),
    contains_eager(Award.team).joinedload(Team.organisation),
    joinedload(Award.bid).joinedload(Bid.content).selectinload(OpenedBid.loads).joinedload(OpenedLoad.team),
    joinedload(Award.bid).joinedload(Bid.team),
    joinedload(Award.proposal).joinedload(Proposal.run).joinedload(Run.round),
    joinedload(Award.proposal)
    .selectinload(Proposal.options)
    .selectinload(FundingOption.parts)
    .joinedload(FundingPart.fund),
)
_ROW = (
    contains_eager(Award.order).joinedload(Order.organisation),
    contains_eager(Award.team).joinedload(Team.organisation),
)


def _rows() -> Select[Award]:
    return select(Award).join(Award.order).join(Award.team)


def visible_clause(actor: Actor) -> ColumnElement[bool]:
    """The same rule as ``policy.may_see``; the query must have joined Order and Team."""
    if actor.reads_everything:
        return true()
    own = sorted({g.organisation for g in actor.grants if g.organisation is not None and g.role in ENTERPRISE})
    wide = {Role.UNIVERSITY_MEMBER, Role.UNIVERSITY_OWNER}
    schools = sorted({g.organisation for g in actor.grants if g.organisation is not None and g.role in wide})
    return or_(
        Order.organisation_id.in_(own),
        Team.organisation_id.in_(schools),
        Team.id.in_(sorted(actor.teams)),
        Order.alliance_id.in_(served_alliances(actor)),
    )


def get_award(call: Call, award_id: int, *, lock: bool = False) -> Award:
    """Return an award to its parties and staff; ``lock`` holds its order's row and its own until the use case ends."""
    return _one(_rows().where(visible_clause(call.actor)), award_id, lock=lock)


def get_noticed(call: Call, award_id: int, *, lock: bool = False) -> Award:
    """Return an award as everybody may know it who sees the order: callers show nothing but the notice."""
    seen = or_(visible_clause(call.actor), order_visible(call.actor))
    return _one(_rows().where(seen), award_id, lock=lock)


def _one(query: Select[Award], award_id: int, *, lock: bool) -> Award:
    key = award_id if 0 < award_id <= MAX_ID else 0
    query = query.where(Award.id == key)
    if lock:
        order_id = db.session.scalar(query.with_only_columns(Award.order_id))
        # The order's row first, as every other decision about the order does: waiting instead of dead-locking.
        db.session.execute(select(Order.id).where(Order.id == order_id).with_for_update())
        db.session.execute(select(Award.id).where(Award.id == key).with_for_update())
    row = db.session.scalar(query.options(*_WHOLE).execution_options(populate_existing=True))
    if row is None:
        raise NotFound("award")
    return row


def list_awards(actor: Actor) -> Select[Award]:
    """The reader's awards: live ones first by the end of their standstill, then the newest."""
    ended = Award.state.not_in(LIVE)
    query = _rows().where(visible_clause(actor)).options(*_ROW)
    return query.order_by(ended, Award.id.desc())


def list_notices(actor: Actor) -> Select[Award]:
    """Every notice the reader may see, the newest first; also those of awards that were taken back."""
    return _rows().where(order_visible(actor)).options(*_ROW).order_by(Award.announced_at.desc(), Award.id.desc())


def live_awards_of(run_id: int) -> list[Award]:
    """The run's awards that were not taken back, with their parties."""
    query = _rows().join(Award.proposal).where(Proposal.run_id == run_id, Award.state.in_(LIVE))
    return list(db.session.scalars(query.options(*_WHOLE).order_by(Award.order_id)).unique())


def sides_of(award: Award) -> Sides:
    return Sides(award.order.organisation_id, award.team_id, award.team.organisation_id, award.order.alliance_id)


def parties_of(award: Award) -> frozenset[int]:
    """The organisations on both sides, those of a consortium's teams included."""
    return parties_of_proposal(award.proposal) | {award.order.organisation_id, award.team.organisation_id}


def get_reversal(call: Call, reversal_id: int) -> Reversal:
    """Raises NotFound for missing ones, and for readers who do not read everything."""
    row = db.session.get(Reversal, reversal_id) if 0 < reversal_id <= MAX_ID else None
    if row is None or not call.actor.reads_everything:
        raise NotFound("reversal")
    return row


def list_reversals() -> Select[Reversal]:
    """Every reversal, those that wait for the second person first."""
    people = (joinedload(Reversal.proposer), joinedload(Reversal.decider))
    return select(Reversal).options(*people).order_by(Reversal.state != ReversalState.PROPOSED, Reversal.id.desc())


def reversals_of(award: Award) -> Sequence[Reversal]:
    """What was proposed about taking an award, or its run's release, back."""
    run_id = award.proposal.run_id
    return db.session.scalars(
        select(Reversal)
        .where(or_(Reversal.award_id == award.id, Reversal.run_id == run_id))
        .options(joinedload(Reversal.proposer), joinedload(Reversal.decider))
        .order_by(Reversal.id)
    ).all()
