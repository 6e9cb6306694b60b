"""The locked results: for the ordering enterprise and the centre all of them, for a bidder the own one."""

from __future__ import annotations

from flask import g, render_template

from marketplace.bids import policy as bids_policy
from marketplace.bids import queries as bids
from marketplace.evaluation import flags, policy, queries
from marketplace.evaluation.models import Evaluation
from marketplace.evaluation.scoring import Judged, judge
from marketplace.evaluation.views.blueprint import bp
from marketplace.evaluation.views.leading import LEADERS
from marketplace.evaluation.words import rank_sentence
from marketplace.evaluation.workflow import ACTIVE, EvaluationState
from marketplace.kernel.call import ENTERPRISE, UNIVERSITY, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.web.guards import access


@bp.get("/orders/<int:order_id>/evaluation/result")
@access(*sorted(ENTERPRISE), *LEADERS, Role.AUDITOR)
def result(order_id: int) -> str:
    """Every bid's quality by criterion, without the members' names."""
    order = orders.get_order(g.call, order_id)
    row = _locked(order)
    if not policy.may_read_result(g.call.actor, order, row.state):
        raise NotFound("evaluation")
    entries = queries.entries_of(bids.list_opened(order))
    return render_template(
        "evaluation/result.html",
        order=order,
        row=row,
        results=queries.results_of(row),
        judged=_judged(row),
        low=flags.abnormally_low(entries),
    )


@bp.get("/bids/<int:bid_id>/evaluation")
@access(*UNIVERSITY)
def own_result(bid_id: int) -> str:
    """A bidder's own rank, points by criterion and the committee's remarks, without names and without the others' points."""
    bid = bids.get_bid(g.call, bid_id)
    if not bids_policy.acts_for(g.call.actor, bid.team):
        raise NotFound("bid")
    row = _locked(bid.order)
    judged = _judged(row)
    if bid.id not in judged:
        raise NotFound("evaluation")
    members = [member for member in row.members if member.state in ACTIVE]
    remarks = queries.remarks_of(members)
    return render_template(
        "evaluation/own_result.html",
        order=bid.order,
        bid=bid,
        row=row,
        own=judged[bid.id],
        rank=rank_sentence(judged[bid.id].rank, len(judged)),
        remarks=[text for (key, _member), text in sorted(remarks.items()) if key == bid.id],
    )


def _locked(order: Order) -> Evaluation:
    row = queries.of_order(order)
    if row is None or row.state is not EvaluationState.LOCKED:
        raise NotFound("evaluation")
    return row


def _judged(row: Evaluation) -> dict[int, Judged]:
    """Compute the means again from the locked scores; quality and rank are those stored."""
    members = [member for member in row.members if member.state in ACTIVE]
    stored = {result.bid_id: result for result in queries.results_of(row)}
    sheets = {bid: list(given.values()) for bid, given in queries.sheets_of(members).items() if bid in stored}
    return judge({criterion.id: criterion.weight for criterion in row.criteria}, sheets)
