"""Pages of the orders room: ``public`` reading, ``draft`` for the enterprise, ``staff`` for screeners, ``secrecy`` agreements."""

from marketplace.orders.views import draft, public, secrecy, staff
from marketplace.orders.views.blueprint import bp

__all__ = ["bp", "draft", "public", "secrecy", "staff"]
