"""Pages of the bids room: ``team``, ``readers`` after the opening, ``opening``, ``amending`` and ``changing`` of orders."""

from marketplace.bids.views import amending, changing, opening, readers, team
from marketplace.bids.views.blueprint import bp

__all__ = ["amending", "bp", "changing", "opening", "readers", "team"]
