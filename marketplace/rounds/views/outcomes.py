"""What the parties read of a decision."""

from __future__ import annotations

from flask import g, render_template

from marketplace.rounds import outcomes, sentences, told, workbench
from marketplace.rounds.names import Names
from marketplace.rounds.views.blueprint import bp
from marketplace.rounds.workflow import STUDY, Part, StudyState
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
        parts=_parts(award.scores) if award else [],
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
        parts=_parts(outcome.sheet or {}),
        ways=[told.would_win(each, names) for each in outcome.own_changes],
        asked=outcome.asked is not None and not STUDY.allows(outcome.asked, "repeat"),
        answered=outcome.asked is StudyState.DONE,
    )


def _parts(sheet: object) -> list[tuple[Part, int, str]]:
    """(part, score, what it rests on) of one's own score sheet; stability tells of earlier runs, which are not for parties."""
    if not isinstance(sheet, dict) or not sheet:
        return []
    told = [part for part in Part if part is not Part.STABILITY]
    return [(part, sheet["parts"].get(part.value, 0), sentences.why_part(part, sheet)) for part in told]
