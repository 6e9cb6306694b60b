"""Lock the scores: the results are computed once and for all, and sealed prices may be opened."""

from __future__ import annotations

from marketplace.audit import service as audit
from marketplace.bids.models import OrderKey
from marketplace.bids.queries import correspondents
from marketplace.bids.workflow import Part
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.evaluation import composing, policy, queries, scoring
from marketplace.evaluation.models import Evaluation, Result
from marketplace.evaluation.workflow import ACTIVE, EVALUATION, MemberState
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.orders import queries as orders
from marketplace.orders.mail import tell, tell_enterprise
from marketplace.orders.procedures import rules_of


@use_case
def lock_scores(call: Call, order_id: int) -> Evaluation:
    """An officer locks once every member has handed in; the key of sealed prices is released by it, and by nothing else."""
    order = orders.get_order(call, order_id, lock=True)
    policy.may_lead(call.actor, order).require()
    row = queries.of_order(order, lock=True)
    if row is None:
        raise Conflict("evaluation.not_scoring")
    row.state, row.locked_at = EVALUATION.require(row.state, "lock"), call.now
    members = [member for member in row.members if member.state in ACTIVE]
    if lacking := composing.problems(rules_of(order), len(members), sum(member.expert for member in members)):
        raise Conflict(lacking[0].code, lacking[0].values)
    if any(member.state is not MemberState.DONE for member in members):
        raise Conflict("evaluation.not_all")
    sheets, bids = queries.sheets_of(members), queries.judged_bids(order)
    weights = {criterion.id: criterion.weight for criterion in row.criteria}
    try:
        judged = scoring.judge(weights, {bid.id: [sheets[bid.id][member.id] for member in members] for bid in bids})
    except ValueError as error:
        raise Conflict("evaluation.not_all") from error
    db.session.add_all(
        Result(bid_id=bid, evaluation_id=row.id, quality=each.quality, rank=each.rank) for bid, each in judged.items()
    )
    key = db.session.get(OrderKey, (order.id, Part.PRICE))
    if key is not None:
        key.released_at = call.now
    tell_enterprise(call, order, "evaluation_locked")
    for bid in bids:
        tell(call, correspondents(bid), order, "bid_judged", bid_id=bid.id)
    audit.record(
        call, "evaluation.lock", "order", order.id, {"results": {str(b): j.quality for b, j in judged.items()}}
    )
    return row
