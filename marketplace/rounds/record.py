"""From a verified solution to rows: proposals with funding options, invitations worth making, reasons for the unmatched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from marketplace.approvals.service import content_hash
from marketplace.bids.models import Bid
from marketplace.db.base import db
from marketplace.kernel.lazy import LazyModule
from marketplace.matching.problem import OWN, Problem
from marketplace.matching.solution import Match, Solution, Status
from marketplace.rounds.keys import row_of
from marketplace.rounds.models import FundingOption, FundingPart, Proposal, Run, Unmatched
from marketplace.rounds.workflow import OptionLabel, Part, WhyNot

verifying = LazyModule("marketplace.matching.verify")

MOST_OPTIONS = 3


class Unverified(Exception):
    """The solution breaks a rule of its problem; the message names the first few."""


def checked(problem: Mapping[str, Any], solution: Mapping[str, Any]) -> Solution:
    """Return the solution after exact integers confirmed every rule; raises Unverified or matching's BadProblem."""
    answer = Solution.from_json(solution)
    report = verifying.verify(Problem.from_json(problem), answer)
    if not report.ok:
        raise Unverified("; ".join(report.broken[:3]))
    return answer


def answer_hash(solution: Mapping[str, Any]) -> str:
    """The fingerprint of what was decided and proved. How long it took, and the proof's own notes, are not part of it."""
    return content_hash({key: value for key, value in solution.items() if key not in {"seconds", "certificate"}})


def ending(answer: Solution, cancel_asked: bool) -> str:
    """Return the run's event an answer leads to. An optimum found before a cancel was heard is an optimum all the same."""
    if answer.status is Status.INFEASIBLE:
        return "find_infeasible"
    if cancel_asked and answer.status is not Status.OPTIMAL:
        return "cancel"
    return "solve" if answer.found else "fail"


def store(run: Run, answer: Solution) -> None:
    """Add the rows of a checked answer to the session; they are committed with the run's new state."""
    scores = run.scores or {}
    bids = {row_of(match.offer) for match in answer.matches}
    teams = {row.id: row.team_id for row in db.session.execute(select(Bid.id, Bid.team_id).where(Bid.id.in_(bids)))}
    for match in answer.matches:
        db.session.add(_proposal(run, match, scores["bids"][match.offer], teams[row_of(match.offer)]))
    for order_key, listed in scores.get("candidates", {}).items():
        db.session.add_all(_candidate(run, row_of(order_key), each) for each in listed)
    for order in answer.unmatched:
        db.session.add(
            Unmatched(
                run_id=run.id,
                order_id=row_of(order.order),
                reason=WhyNot(order.reason.value),
                by=list(order.by),
                needs=dict(order.needs),
            )
        )


def _proposal(run: Run, match: Match, sheet: Mapping[str, Any], team_id: int) -> Proposal:
    payments = [(OptionLabel.CHOSEN, match.pay)]
    payments += [(OptionLabel(option.label), option.pay) for option in match.options]
    return Proposal(
        run_id=run.id,
        order_id=row_of(match.order),
        bid_id=row_of(match.offer),
        team_id=team_id,
        price=sum(match.pay.values()),
        value=sheet["value"],
        scores=dict(sheet),
        options=[
            FundingOption(position=position, label=label, parts=_parts(pay))
            for position, (label, pay) in enumerate(payments[:MOST_OPTIONS])
        ],
    )


def _parts(pay: Mapping[str, int]) -> list[FundingPart]:
    """The enterprise's own money first, then funds by number; sources that pay nothing are left out."""
    sources = sorted(pay, key=lambda source: (source != OWN, 0 if source == OWN else row_of(source)))
    paying = [(None if source == OWN else row_of(source), pay[source]) for source in sources if pay[source]]
    return [
        FundingPart(position=position, fund_id=fund_id, amount=amount)
        for position, (fund_id, amount) in enumerate(paying)
    ]


def _candidate(run: Run, order_id: int, told: Mapping[str, Any]) -> Proposal:
    """An invitation worth making: its price is the middle of the capability's usual range, its value only the fit."""
    return Proposal(
        run_id=run.id,
        order_id=order_id,
        capability_id=told["capability"],
        team_id=told["team"],
        price=(told["price_from"] + told["price_to"]) // 2,
        value=told["fit"],
        scores={**told, "parts": {str(Part.FIT): told["fit"]}},
    )
