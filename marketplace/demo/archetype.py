"""What a need and the capability that answers it look like; the texts themselves are in ``demo/needs``."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.fields import Field
from marketplace.orders.workflow import Comparator


@dataclass(frozen=True, slots=True)
class Wanted:
    """One acceptance target; ``values`` has one value per product, a shorter list starts again."""

    name: str
    comparator: Comparator
    values: tuple[str, ...]
    unit: str
    method: str
    must_have: bool = True

    def value(self, variant: int) -> str:
        return self.values[variant % len(self.values)]


@dataclass(frozen=True, slots=True)
class Archetype:
    """A kind of need. Texts may say ``{p}`` (the product, ``{e}`` in English) and ``{a}``, ``{b}``, ``{c}`` (target values).

    ``trl`` is (now, wanted), ``ceiling`` the range of price ceilings in 10,000 yuan, ``team`` what such a team is called.
    """

    field: Field
    alliance: str
    team: tuple[str, str]
    products: tuple[tuple[str, str], ...]
    title: str
    title_en: str
    problem: str
    background: str
    confidential: str
    targets: tuple[Wanted, ...]
    trl: tuple[int, int]
    ceiling: tuple[int, int]
    skill: str
    skill_en: str
    summary: str
    paper: str
    patent: str
    project: str
    plans: tuple[str, ...]

    def say(self, text: str, variant: int) -> str:
        """Return ``text`` for one of the products."""
        chinese, english = self.products[variant % len(self.products)]
        values = dict(zip("abc", (target.value(variant) for target in self.targets), strict=False))
        return text.format(p=chinese, e=english, **values)


AT_LEAST, AT_MOST = Comparator.AT_LEAST, Comparator.AT_MOST
