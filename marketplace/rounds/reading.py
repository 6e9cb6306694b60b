"""One proposal as a page reads it: the sentence, the parts of its score with their reasons, the options, the runners-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.accounts.models import Person
from marketplace.approvals.models import Step
from marketplace.approvals.service import endorsements_of
from marketplace.bids.models import Bid
from marketplace.db.base import db
from marketplace.rounds import queries, sentences
from marketplace.rounds.keys import bid_key
from marketplace.rounds.models import FundingOption, Proposal, Run
from marketplace.rounds.workbench import FundingPiece, option_of, pieces, score_of
from marketplace.rounds.workflow import Lapse, OptionLabel, Part
from marketplace.web.words import label


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the score: 0 to 1000, its weight in the round, the points it gives, and what it rests on."""

    part: Part
    score: int
    weight: int
    points: int
    why: str


@dataclass(frozen=True, slots=True)
class OptionRow:
    option: FundingOption
    label: str
    pieces: list[FundingPiece]
    chosen: bool


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """Another opened bid of the order; ``value`` None = it did not enter the run."""

    bid: Bid
    value: int | None


@dataclass(frozen=True, slots=True)
class Endorsed:
    """Who stood for the match; the timeline's shape."""

    title: str
    actor: str
    at: Any


@dataclass(frozen=True)
class Reading:
    sentence: str
    parts: list[PartRow]
    options: list[OptionRow]
    others: list[RunnerUp]
    endorsements: list[Endorsed]
    reason: str


def of(proposal: Proposal) -> Reading:
    """Read what the page of one proposal shows; candidates without a bid have no options and no rivals' table."""
    has_bid = proposal.bid_id is not None
    option = option_of(proposal) if proposal.options else None
    return Reading(
        sentence=sentences.match(proposal, option) if has_bid else "",
        parts=part_rows(proposal.scores, (proposal.run.scores or {}).get("weights", {})) if has_bid else [],
        options=[
            OptionRow(each, label(OptionLabel(each.label)), pieces(each), each.id == proposal.option_id)
            for each in proposal.options
        ],
        others=_others(proposal) if has_bid else [],
        endorsements=_endorsements(proposal),
        reason=label(Lapse(proposal.reason)) if proposal.reason in set(Lapse) else proposal.reason,
    )


def part_rows(sheet: Mapping[str, Any], weights: Mapping[str, int]) -> list[PartRow]:
    """Every part of a score sheet with its weight; the points add up to the sheet's value."""
    scores, points = sheet.get("parts", {}), sheet.get("points", {})
    return [
        PartRow(
            part,
            scores.get(part.value, 0),
            weights.get(part.value, 0),
            points.get(part.value, 0),
            sentences.why_part(part, sheet),
        )
        for part in Part
    ]


def own_rows(sheet: Mapping[str, Any] | None, run: Run | None) -> list[PartRow]:
    """The parts that count of a score sheet its own party reads; their points add up to the score."""
    if not sheet or run is None:
        return []
    rows = part_rows(sheet, (run.scores or {}).get("weights", {}))
    return [row for row in rows if row.weight or row.part is not Part.STABILITY]


def _others(proposal: Proposal) -> list[RunnerUp]:
    rows = []
    for bid in queries.other_offers(proposal):
        sheet = score_of(proposal.run, bid_key(bid.id))
        rows.append(RunnerUp(bid, sheet["value"] if sheet else None))
    return sorted(rows, key=lambda row: -(row.value or 0))


def _endorsements(proposal: Proposal) -> list[Endorsed]:
    """Those who stood for the present content; earlier contents are in the journal."""
    rows = [row for row in endorsements_of("proposal", proposal.id) if row.content_hash == proposal.content_hash]
    people = db.session.scalars(select(Person).where(Person.id.in_({row.person_id for row in rows})))
    names = {person.id: person.name for person in people}
    steps = {Step.PROPOSED: _("Proposed"), Step.APPROVED: _("Approved")}
    return [Endorsed(steps[row.step], names.get(row.person_id, ""), row.at) for row in rows]
