"""Pages of the contracts room."""

from marketplace.contracts import words
from marketplace.contracts.views import changing, delivering, documents, negotiating, paying, reading, remaining, ruling
from marketplace.contracts.views.blueprint import bp

__all__ = [
    "bp",
    "changing",
    "delivering",
    "documents",
    "negotiating",
    "paying",
    "reading",
    "remaining",
    "ruling",
    "words",
]
