"""Pages of the orders room: ``public`` reading, ``draft`` for the enterprise, ``staff``, ``secrecy`` agreements, ``asking``."""

from marketplace.orders.views import asking, draft, public, secrecy, staff
from marketplace.orders.views.blueprint import bp

__all__ = ["asking", "bp", "draft", "public", "secrecy", "staff"]
