"""What happens to the index of site search as a whole, to judgements and to the weights learned from them."""

from __future__ import annotations

from typing import Any

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.orders.queries import get_order
from marketplace.search import indexing, judging, policy
from marketplace.search.models import Judgement
from marketplace.search.workflow import FITS, FITS_NOT, LEVELS, Source
from marketplace.talent.queries import get_team
from marketplace.vectors.models import RankingWeights


@use_case
def rebuild(call: Call) -> dict[str, int]:
    """Make every entry anew, in one transaction: readers see the old index until the new one is whole."""
    counted = indexing.rebuild()
    audit.record(call, "search.rebuild", "system", None, counted)
    return counted


@use_case
def judge(call: Call, order_id: int, team_id: int, *, fits: bool) -> Judgement:
    """Say in person that a team fits an order, or that it does not; saying it again replaces what was said."""
    order = get_order(call, order_id)
    policy.may_judge(call.actor, order).require()
    team = get_team(call, team_id)
    row = judging.of_order(order.id).get(team.id)
    if row is None:
        row = Judgement(order_id=order.id, team_id=team.id, source=Source.STAFF)
        db.session.add(row)
    row.level, row.at, row.account_id = FITS if fits else FITS_NOT, call.now, call.actor.account
    audit.record(call, "search.judge", "order", order.id, {"team": team.id, "fits": fits})
    return row


@use_case
def collect_judgements(call: Call) -> int:
    """Store what approvals, rejections, invitations and decided bids say, and take back what they no longer say."""
    facts, known = set(judging.facts()), judging.known()
    new = sorted(facts - set(known))
    gone = [row for key, row in known.items() if key not in facts and row.source is not Source.STAFF]
    for order, team, source in new:
        db.session.add(Judgement(order_id=order, team_id=team, source=source, level=LEVELS[source], at=call.now))
    for row in gone:
        db.session.delete(row)
    audit.record(call, "search.collect_judgements", "system", None, {"new": len(new), "gone": len(gone)})
    return len(new)


@use_case
def ship_weights(call: Call, weights: dict[str, Any], figures: dict[str, Any]) -> RankingWeights:
    """Let rounds rank with learned weights from now on; only ``learning.train`` calls this, after they proved better."""
    row = RankingWeights(weights=weights, figures=figures, made_at=call.now)
    db.session.add(row)
    db.session.flush()
    audit.record(call, "search.ship_weights", "system", row.id, figures)
    return row
