"""Pages of the contracts room."""

from marketplace.contracts import words
from marketplace.contracts.views import documents, negotiating, reading
from marketplace.contracts.views.blueprint import bp

__all__ = ["bp", "documents", "negotiating", "reading", "words"]
