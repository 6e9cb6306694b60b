"""What the use cases of this room are given."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.pools.workflow import Essentiality, Relation, Validity


@dataclass(frozen=True, slots=True)
class EvaluationTerms:
    """What the expert found; ``chart`` are (claim element, where a product does it) pairs, ``weight`` 1 to 10 shares income."""

    validity: Validity
    essentiality: Essentiality
    relation: Relation
    weight: int
    chart: tuple[tuple[str, str], ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class RulesTerms:
    """A pool's conditions: fen and basis points (see ``models.PoolRules``)."""

    entry_fee: int
    patent_price: int
    bundle_cap: int
    rate: int
    pool_fee: int
    members_free: bool = False
