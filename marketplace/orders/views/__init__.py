"""Pages of the orders room: ``public`` for readers, ``draft`` for the enterprise, ``staff`` for screeners."""

from marketplace.orders.views import draft, public, staff
from marketplace.orders.views.blueprint import bp

__all__ = ["bp", "draft", "public", "staff"]
