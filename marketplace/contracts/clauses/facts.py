"""What standard clauses are filled from, as plain values, and how amounts, days and targets are written in a contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marketplace.contracts.terms import PlanStep
from marketplace.kernel.lazy import LazyModule
from marketplace.kernel.money import BASIS, yuan
from marketplace.orders.workflow import Comparator, ContractType, IpWish

cn2an = LazyModule("cn2an")

COMPARATORS = {
    Comparator.AT_LEAST: "不低于 {value}{unit}",
    Comparator.AT_MOST: "不高于 {value}{unit}",
    Comparator.EQUAL: "等于 {value}{unit}",
    Comparator.BETWEEN: "在 {value} 至 {value_to}{unit}之间",
}


@dataclass(frozen=True, slots=True)
class TargetFact:
    """One acceptance target as the order and the bid state it; ``promised`` is the bid's own value, if it gave one."""

    name: str
    comparator: Comparator
    value: str
    value_to: str = ""
    unit: str = ""
    method: str = ""
    must_have: bool = True
    promised: str = ""

    @property
    def demand(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        return COMPARATORS[self.comparator].format(value=self.value, value_to=self.value_to, unit=unit)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a draft says that its standard texts do not. ``sources`` are (name, fen) and sum to ``price``."""

    title: str
    contract_type: ContractType
    party_a: str
    party_b: str
    team: str
    price: int
    problem: str
    solution: str
    schedule: str
    targets: tuple[TargetFact, ...]
    ip: IpWish
    starts_on: date
    ends_on: date
    sources: tuple[tuple[str, int], ...]
    plan: tuple[PlanStep, ...]
    retention: int
    place: str


def figures(fen: int) -> str:
    """Return ¥480,000.00 as contracts print it."""
    return f"¥{yuan(fen):,.2f}"


def in_words(fen: int) -> str:
    """Return 肆拾捌万元整: the amount that counts when it differs from the figures."""
    return str(cn2an.an2cn(str(yuan(fen)), "rmb"))


def percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points * 100, BASIS)
    return f"{whole}%" if not rest else f"{whole}.{rest * 100 // BASIS:02d}".rstrip("0") + "%"


def day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def numbered(lines: list[str]) -> str:
    """Return the lines as （1）…；（2）…。, each on a line of its own."""
    ends = ["；"] * (len(lines) - 1) + ["。"]
    return "\n".join(
        f"（{n}）{line.rstrip('。；')}{end}" for n, (line, end) in enumerate(zip(lines, ends, strict=True), 1)
    )
