"""Pages of the search room: ``public`` for readers, ``staff`` for those who judge."""

from marketplace.search import words as _words  # noqa: F401 - registers what sources are called
from marketplace.search.views import public, staff
from marketplace.search.views.blueprint import bp

__all__ = ["bp", "public", "staff"]
