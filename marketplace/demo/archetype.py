"""What a need and the capability that answers it look like; the texts themselves are in ``demo/needs``."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.fields import Field
from marketplace.orders.workflow import Comparator

_SYMBOLS = {
    Field.NEW_MATERIALS: "C08L 63/00；C08K 3/04", Field.CHEMISTRY: "C09D 5/08；C09D 133/00",
    Field.TEXTILES: "D06M 15/263；D06M 13/13", Field.FOOTWEAR: "A43B 13/18；C08J 9/12",
    Field.MACHINERY: "B23Q 17/09；B24B 49/00", Field.ROBOTICS: "B25J 9/16；B25J 19/02",
    Field.INSTRUMENTS: "G01N 21/25；G01B 11/24", Field.ELECTRONICS: "H05K 3/34；H01L 21/66",
    Field.OPTICS: "G02B 27/09；B23K 26/06", Field.SOFTWARE: "G06F 16/22；G06Q 10/06",
    Field.ARTIFICIAL_INTELLIGENCE: "G06V 10/82；G06N 3/08", Field.ENERGY: "H01M 10/0525；H02J 7/00",
    Field.ENVIRONMENT: "C02F 9/00；B01D 53/78", Field.BIOMEDICINE: "A61L 27/18；G01N 33/543",
    Field.FOOD: "A23L 3/3463；A23L 33/10", Field.CONSTRUCTION: "C04B 28/04；E04B 1/76",
}  # fmt: skip


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

    @property
    def ipc(self) -> str:
        return _SYMBOLS[self.field]

    def say(self, text: str, variant: int) -> str:
        """Return ``text`` for one of the products."""
        chinese, english = self.products[variant % len(self.products)]
        values = dict(zip("abc", (target.value(variant) for target in self.targets), strict=False))
        return text.format(p=chinese, e=english, **values)


AT_LEAST, AT_MOST = Comparator.AT_LEAST, Comparator.AT_MOST
