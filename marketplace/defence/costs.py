"""Who pays how much of a defence: exact to the fen, and known before joining. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.defence.workflow import CostRule
from marketplace.kernel.money import split


@dataclass(frozen=True, slots=True)
class Weight:
    """What a member states in confidence: products exposed to the asserted patents, and their yearly revenue in fen."""

    products: int
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
    return weight.products if rule is CostRule.EXPOSURE else weight.revenue


def if_joining(budget: int, rule: CostRule, members: Mapping[int, Weight], newcomer: int, weight: Weight) -> int:
    """Return what ``newcomer`` would pay if it joined now with ``weight``."""
    return shares(budget, rule, {**members, newcomer: weight})[newcomer]
