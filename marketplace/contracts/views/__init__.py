"""Pages of the contracts room."""

from marketplace.contracts import words
from marketplace.contracts.views import delivering, documents, negotiating, paying, reading
from marketplace.contracts.views.blueprint import bp

__all__ = ["bp", "delivering", "documents", "negotiating", "paying", "reading", "words"]
