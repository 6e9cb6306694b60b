"""Whether a committee is what the order's procedure asks: size, odd number, share of experts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from marketplace.orders.procedures import Rules

BASIS = 10_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What the committee lacks: a code with its sentence's values."""

    code: str
    values: Mapping[str, object]


def problems(rules: Rules, members: int, experts: int) -> list[Problem]:
    """Return what keeps a committee of ``members``, of whom ``experts`` are experts, from beginning."""
    return list(_problems(rules, members, experts))


def _problems(rules: Rules, members: int, experts: int) -> Iterator[Problem]:
    least = max(1, rules.committee_min)
    if members < least:
        yield Problem("evaluation.too_small", {"least": least, "present": members})
    if rules.committee_odd and members % 2 == 0 and members:
        yield Problem("evaluation.even", {"present": members})
    if experts * BASIS < rules.expert_share * members:
        wanted = -(-rules.expert_share * members // BASIS)
        yield Problem("evaluation.few_experts", {"wanted": wanted, "present": experts})
