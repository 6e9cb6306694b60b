"""What the parties read of a decision."""

from __future__ import annotations

from flask import g, render_template

from marketplace.rounds import outcomes, reading, sentences, told, workbench
from marketplace.rounds.names import Names
from marketplace.rounds.views.blueprint import bp
from marketplace.rounds.workflow import STUDY, StudyState
from marketplace.web.guards import SIGNED_IN, access


@bp.get("/orders/<int:order_id>/outcome")
@access(SIGNED_IN)
def order_outcome(order_id: int) -> str:
    outcome = outcomes.of_order(g.call, order_id)
    award = outcome.award
    option = workbench.option_of(award) if award else None
    why, remedy = sentences.unmatched_for_enterprise(outcome.unmatched) if outcome.unmatched else ("", "")
    return render_template(
        "rounds/order_outcome.html",
        outcome=outcome,
        sentence=sentences.match(award, option) if award else "",
        paid=workbench.pieces(option) if option else [],
        parts=reading.own_rows(award.scores, award.run) if award else [],
        why=why,
        remedy=remedy,
    )


@bp.get("/bids/<int:bid_id>/outcome")
@access(SIGNED_IN)
def bid_outcome(bid_id: int) -> str:
    outcome = outcomes.of_bid(g.call, bid_id)
    names = Names.of(key for each in outcome.own_changes for key in (each["of"], *each.get("keys", ())))
    return render_template(
        "rounds/bid_outcome.html",
        outcome=outcome,
        parts=reading.own_rows(outcome.sheet, outcome.run),
        ways=[told.would_win(each, names) for each in outcome.own_changes],
        asked=outcome.asked is not None and not STUDY.allows(outcome.asked, "repeat"),
        answered=outcome.asked is StudyState.DONE,
    )
