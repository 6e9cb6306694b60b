"""Pages of the orders room, by who comes and what for: ``public`` for readers, ``draft`` for the enterprise, and so on."""

from marketplace.orders.views import asking, draft, lots, public, reach, secrecy, staff
from marketplace.orders.views.blueprint import bp

__all__ = ["asking", "bp", "draft", "lots", "public", "reach", "secrecy", "staff"]
