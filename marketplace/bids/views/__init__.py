"""Pages of the bids room: ``team``, ``files``, ``parts`` and ``receipts`` for bidders, ``readers`` and ``repairs`` after the
opening, ``opening`` and ``concepts`` for the centre, ``records`` for everybody, ``amending`` and ``changing`` where an order
changes."""

from marketplace.bids.views import (
    amending,
    changing,
    concepts,
    files,
    opening,
    parts,
    readers,
    receipts,
    records,
    repairs,
    team,
)
from marketplace.bids.views.blueprint import bp

__all__ = [
    "amending",
    "bp",
    "changing",
    "concepts",
    "files",
    "opening",
    "parts",
    "readers",
    "receipts",
    "records",
    "repairs",
    "team",
]
