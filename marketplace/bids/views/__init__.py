"""Pages of the bids room: ``team``, ``files``, ``parts`` and ``receipts`` for bidders, ``readers`` and ``repairs`` after the
opening, ``opening`` for the centre, ``records`` for everybody, ``amending`` for the enterprise."""

from marketplace.bids.views import amending, files, opening, parts, readers, receipts, records, repairs, team
from marketplace.bids.views.blueprint import bp

__all__ = ["amending", "bp", "files", "opening", "parts", "readers", "receipts", "records", "repairs", "team"]
