"""Who pays how much of a defence: exact to the fen, and known before joining. Pure."""

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


def weight_of(rule: CostRule, weight: Weight) -> int:
    if rule is CostRule.EQUAL:
        return 1
    return weight.exposures if rule is CostRule.EXPOSURE else weight.revenue


def if_joining(budget: int, rule: CostRule, members: Mapping[int, Weight], newcomer: int, weight: Weight) -> int:
    """Return what ``newcomer`` would pay if it joined now with ``weight``."""
    return shares(budget, rule, {**members, newcomer: weight})[newcomer]


def tells_figures(rule: CostRule, others: int) -> bool:
    """Return whether a share would give away one other member's figures: beside a single one, it is a simple division."""
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
