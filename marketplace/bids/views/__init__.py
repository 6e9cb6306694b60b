"""Pages of the bids room: ``team`` for bidders, ``readers`` after the opening, ``opening`` for the centre, ``amending``."""

from marketplace.bids.views import amending, opening, readers, team
from marketplace.bids.views.blueprint import bp

__all__ = ["amending", "bp", "opening", "readers", "team"]
