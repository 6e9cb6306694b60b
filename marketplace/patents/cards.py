"""What later rooms add to a patent's card. They register when they are imported; this room never learns who they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marketplace.kernel.call import Call
from marketplace.patents.models import Patent


@dataclass(frozen=True, slots=True)
class Part:
    """A template that the card includes, with what it shows as ``shown``."""

    template: str
    shown: Any


Maker = Callable[[Call, Patent], Part | None]
_MAKERS: list[Maker] = []


def add_to_card(maker: Maker) -> Maker:
    """Register who makes a part of the card; None where it has nothing to say to this reader."""
    _MAKERS.append(maker)
    return maker


def parts_of(call: Call, patent: Patent) -> list[Part]:
    """Return the parts that have something to say."""
    return [part for maker in _MAKERS if (part := maker(call, patent)) is not None]
