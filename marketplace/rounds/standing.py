"""A run's answer beside what two people have approved by now: where it agrees, and what is still to be decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.db.base import db
from marketplace.rounds import told
from marketplace.rounds.answers import answer_of
from marketplace.rounds.keys import bid_key, fund_key, order_key, row_of
from marketplace.rounds.models import FundingOption, Proposal, Run
from marketplace.rounds.sentences import OWN
from marketplace.rounds.whatif.figures import Answer, difference
from marketplace.rounds.workbench import option_of
from marketplace.rounds.workflow import ProposalState


@dataclass(frozen=True, slots=True)
class Approved:
    """``count`` matches of this run's orders are approved; ``delta`` leads from them to the run's answer.

    ``elsewhere`` approved matches of the round are of orders that this run had no more to decide.
    """

    count: int
    elsewhere: int
    delta: told.DeltaRows | None


def against_approved(run: Run) -> Approved | None:
    """None as long as nothing of the round is approved, or the approved matches were taken back."""
    rows = db.session.scalars(
        select(Proposal)
        .join(Proposal.run)
        .where(Run.round_id == run.round_id, Proposal.state == ProposalState.APPROVED)
        .options(selectinload(Proposal.options).selectinload(FundingOption.parts))
        .order_by(Proposal.order_id)
    ).all()
    if not rows:
        return None
    after = answer_of(run)
    asked = {order["id"] for order in after.problem.get("orders", [])}
    mine = [row for row in rows if order_key(row.order_id) in asked]
    if not mine:
        return Approved(0, len(rows), None)
    delta = difference(
        Answer(after.problem, after.scores, {"matches": [_match(row) for row in mine]}),
        Answer(after.problem, after.scores, {"matches": [_whole(each) for each in after.solution.get("matches", [])]}),
    )
    return Approved(len(mine), len(rows) - len(mine), told.rows_of(delta))


def _match(row: Proposal) -> dict[str, Any]:
    pay = {OWN if part.fund_id is None else fund_key(part.fund_id): part.amount for part in option_of(row).parts}
    return {"order": order_key(row.order_id), "offer": bid_key(row.bid_id or 0), "pay": pay}


def _whole(match: Mapping[str, Any]) -> dict[str, Any]:
    """A match with the parts of a fund that were set aside apart as one payment: approvals know whole funds."""
    pay: Counter[str] = Counter()
    for source, fen in match["pay"].items():
        pay[source if source == OWN else fund_key(row_of(source))] += fen
    return {"order": match["order"], "offer": match["offer"], "pay": dict(pay)}
