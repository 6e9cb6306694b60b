"""The next alternative moves up by rule; two officers then propose and approve it as any other match."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.awards import policy, queries
from marketplace.awards.models import Award
from marketplace.awards.workflow import ENDED
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.orders.workflow import OrderState
from marketplace.rounds import alternatives
from marketplace.rounds.models import Proposal


@use_case
def move_up(call: Call, award_id: int) -> Proposal:
    """Put the order's next-best payable bid forward after its award was taken back: by rank in the same run.

    Never the same bid again; who is passed over because nothing pays for the bid is in the record.
    """
    award = queries.get_award(call, award_id, lock=True)
    run = award.proposal.run
    policy.may_start(call.actor, run.round.alliance_id).require()
    if award.state not in ENDED or award.order.state is not OrderState.EVALUATING:
        raise Conflict("awards.nobody_moves_up")
    unpayable: list[int] = []
    for bid in alternatives.next_bids(run, award.order_id, _passed_over(award.order_id)):
        proposal = alternatives.suggest(run, bid)
        if proposal is not None:
            detail = {"order": award.order_id, "bid": bid.id, "unpayable": unpayable}
            audit.record(call, "awards.move_up", "proposal", proposal.id, detail)
            return proposal
        unpayable.append(bid.id)
    raise Conflict("awards.no_alternative")


def _passed_over(order_id: int) -> list[int]:
    """Bids of the order whose award was taken back before."""
    query = select(Award.bid_id).where(Award.order_id == order_id, Award.state.in_(ENDED))
    return list(db.session.scalars(query))
