"""Where prices stand on the scale that pages draw, in per mille of its width."""

from __future__ import annotations

import math
from dataclasses import dataclass

from marketplace.talent.models import Capability

LOWEST_PRICE = 1_000_000
DECADES = 4
"""The scale is logarithmic and runs from ¥10,000 (here in fen) over four powers of ten to ¥100,000,000."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the scale."""

    start: int
    width: int


def price_span(capability: Capability) -> Span:
    """Return where the usual prices lie; a single price is still wide enough to see."""
    start, end = _place(capability.price_from), _place(capability.price_to)
    return Span(min(start, 985), max(end - start, 15))


def _place(fen: int) -> int:
    if fen <= LOWEST_PRICE:
        return 0
    return min(1000, round(1000 * math.log10(fen / LOWEST_PRICE) / DECADES))
