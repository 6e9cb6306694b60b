"""The parts of a match's value: pure functions, whole numbers from 0 (worst) to 1000 (best).

Each says in one sentence what it measures, because ``sentences.why`` tells the same to people.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from marketplace.bids.workflow import Meets
from marketplace.kernel.money import split
from marketplace.rounds.workflow import Part

BEST = 1000
FULL_SAVING = 5_000
"""Basis points below the ceiling that earn all points for price: half the ceiling; cheaper than that earns no more."""
LATEST = 180
"""Days after the wanted delivery at which no point for time is left."""
EVIDENCE_HALF = 5
"""Pieces of evidence that earn half of the points for evidence: few pieces count little, many count little more."""
NEWCOMER = 800
"""The standing of a team that has no contract behind it."""
PRIOR_WINS, PRIOR_BIDS = 1, 2
"""A team without a record stands where a team with one award out of two bids stands."""


@dataclass(frozen=True, slots=True)
class Value:
    """A match's value (0 to 1000) with its parts and the points each part contributes; the points sum to the value."""

    value: int
    parts: Mapping[Part, int]
    points: Mapping[Part, int]


def texts(plan: float, evidence: float) -> int:
    """How well the plan (two thirds) and the team's evidence (one third) answer the order's text; both from 0 to 1."""
    return _within(round(BEST * (2 * plan + evidence) / 3))


def fit(text: int, standing: int = NEWCOMER) -> int:
    """How well the team's capability fits: the texts, times how it kept its contracts (``standing``, see ``talent.records``).

    A team without a past counts once, the best tenth more, the worst two fifths less; whoever judges a bid's quality, what
    the team did before is said here.
    """
    return _within(text * (BEST + NEWCOMER // 4 + standing) // (BEST + NEWCOMER // 4 + NEWCOMER))


def targets(answers: Iterable[Meets]) -> int:
    """The share of the must-have targets the bid promises to meet; partly counts half, no target at all counts full."""
    worth = {Meets.MEETS: 2, Meets.EXCEEDS: 2, Meets.PARTLY: 1, Meets.NOT: 0}
    told = [worth[answer] for answer in answers]
    return BEST if not told else BEST * sum(told) // (2 * len(told))


def price(asked: int, ceiling: int) -> int:
    """How far the price stays below the ceiling (fen): nothing saved 0, half of it or more 1000."""
    saved = (ceiling - asked) * 10_000 // ceiling
    return _within(BEST * saved // FULL_SAVING)


def time(end: date, delivery: date) -> int:
    """On time 1000; each day after the wanted delivery costs, half a year late 0."""
    return _within(BEST - BEST * max(0, (end - delivery).days) // LATEST)


def quality(evidence: int, won: int, decided: int) -> int:
    """Pieces of evidence and the share of decided bids that won, each half, both drawn towards the middle when few."""
    shown = BEST * evidence // (evidence + EVIDENCE_HALF)
    record = BEST * (won + PRIOR_WINS) // (decided + PRIOR_BIDS)
    return (shown + record) // 2


def judged(committee: int | None, evidence: int, won: int, decided: int) -> int:
    """The locked quality of the committee where one judged the bid, else what the team has shown (see ``quality``)."""
    return quality(evidence, won, decided) if committee is None else _within(committee)


def stability(proposed_before: bool) -> int:
    """1000 when the round's last run proposed the same match, so that small changes do not overturn everything."""
    return BEST if proposed_before else 0


def weigh(parts: Mapping[Part, int], weights: Mapping[Part, int]) -> Value:
    """Return the weighted mean of ``parts`` in whole units, and how many units each part gives."""
    weighted = [parts[part] * weights.get(part, 0) for part in Part]
    whole = sum(weights.get(part, 0) for part in Part)
    value = sum(weighted) // whole if whole else 0
    points = split(value, weighted) if sum(weighted) else [0] * len(weighted)
    return Value(value, dict(parts), dict(zip(Part, points, strict=True)))


def add_months(start: date, months: int) -> date:
    """Return the same day ``months`` later, or the month's last day where the month is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _within(score: int) -> int:
    return max(0, min(BEST, score))
