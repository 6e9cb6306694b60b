"""Who pays how much of a defence: exact to the fen, and known before joining. Pure.

Members' figures are their secrets, and a share that followed them exactly would give them away: whoever reads a share before and
after somebody joins learns that member's figure by a subtraction. So a figure counts by its class alone, in what is simulated
and in what is paid: two figures of a class lead to the same shares whatever anybody asks, states, or does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.defence.workflow import CostRule
from marketplace.kernel.money import split


@dataclass(frozen=True, slots=True)
class Weight:
    """What a member states in confidence: pairs of product and asserted patent, and the products' yearly revenue in fen."""

    exposures: int
    revenue: int


def shares(budget: int, rule: CostRule, members: Mapping[int, Weight]) -> dict[int, int]:
    """Return the fen of each member, summing to ``budget``; without members nobody pays."""
    if not members:
        return {}
    keys = sorted(members)
    weights = [weight_of(rule, members[key]) for key in keys]
    if not any(weights):
        weights = [1] * len(keys)
    return dict(zip(keys, split(budget, weights), strict=True))


COUNTS = (20, 50, 100)
"""Upper ends of the classes of exposures between two powers of ten, in tenths: 2, 5, 10, 20, 50, 100, …"""
AMOUNTS = (15, 22, 33, 47, 68, 100)
"""Upper ends of the classes of revenue, in tenths: each about half as much again as the one before."""


def weight_of(rule: CostRule, weight: Weight) -> int:
    """Return what a member counts: 1, or the upper end of the class of its figure."""
    if rule is CostRule.EQUAL:
        return 1
    if rule is CostRule.EXPOSURE:
        return class_of(weight.exposures, COUNTS)
    return class_of(weight.revenue, AMOUNTS)


def class_of(figure: int, ends: Sequence[int]) -> int:
    """Return the upper end, in tenths, of the class that ``figure`` lies in; 0 stays 0."""
    if figure <= 0:
        return 0
    power = 1
    while ends[-1] * power < 10 * figure:
        power *= 10
    return next(end * power for end in ends if end * power >= 10 * figure)


def if_joining(budget: int, rule: CostRule, members: Mapping[int, Weight], newcomer: int, weight: Weight) -> int:
    """Return what ``newcomer`` would pay if it joined now with ``weight``."""
    return shares(budget, rule, {**members, newcomer: weight})[newcomer]


def tells_figures(rule: CostRule, others: int) -> bool:
    """Return whether a share would give away another member's class: beside a single one, it is a simple division."""
    return rule is not CostRule.EQUAL and others == 1


def prizes(bounty: int, elements: int, charts: Sequence[tuple[int, Sequence[str]]]) -> dict[int, int]:
    """Return the fen of each entry: every element of the claim carries an equal part of ``bounty``, which goes to the first
    of ``charts`` (entry id and passages, the earliest first) that shows it. What nobody shows stays in the fund.
    """
    parts = split(bounty, [1] * elements)
    won: dict[int, int] = {entry: 0 for entry, _ in charts}
    for place, part in enumerate(parts):
        first = next((entry for entry, passages in charts if passages[place]), None)
        if first is not None:
            won[first] += part
    return won
