"""Pages of the search room: ``public`` for readers, ``staff`` for those who judge."""

from marketplace.search.views import public, staff
from marketplace.search.views.blueprint import bp

__all__ = ["bp", "public", "staff"]
